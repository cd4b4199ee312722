import { dirname, join, normalize } from "node:path";

/** The beginnings of import addresses, and the paths they stand for, as package.json has them. */
export type Aliases = Readonly<Record<string, string>>;

/** The files of this repository that a source file imports, as paths from its root. Pure. */
export const importedBy = (file: string, text: string, aliases: Aliases): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([.#][^"]*)"/g)].map(([, specifier = ""]) =>
    targetOf(specifier, file, aliases),
  );

/** The file an import names: a path from here, or one of the aliases in package.json. */
function targetOf(specifier: string, file: string, aliases: Aliases): string {
  if (specifier.startsWith(".")) return normalize(join(dirname(file), specifier));
  for (const [alias, path] of Object.entries(aliases)) {
    if (alias === specifier) return normalize(path);
    if (alias.endsWith("*") && specifier.startsWith(alias.slice(0, -1)))
      return normalize(path.replace("*", specifier.slice(alias.length - 1)));
  }
  return specifier;
}
