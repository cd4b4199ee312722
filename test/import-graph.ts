import { dirname, join } from "node:path";

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** One file imports another; types and dynamic imports count. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** Addresses of the modules that a file imports. Pure. */
export const importsIn = (text: string): string[] =>
  [...text.matchAll(/(?:^|\n)(?:import|export)\b[^;]*?from "([^"]+)"|import\("([^"]+)"\)/g)].map(
    ([, fixed, dynamic]) => fixed ?? dynamic ?? "",
  );

/**
 * The imports between these files. `aliases` are beginnings of addresses and the folders they stand for; an address without
 * an ending is that of a `.ts` file. Pure.
 */
export function importsBetween(files: readonly SourceFile[], aliases: ReadonlyMap<string, string>): Import[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, text }) =>
    importsIn(text)
      .map((address) => targetOf(path, address, aliases))
      .filter((target) => target !== undefined && target !== path && paths.has(target))
      .map((to) => ({ from: path, to: to ?? "" })),
  );
}

function targetOf(path: string, address: string, aliases: ReadonlyMap<string, string>): string | undefined {
  if (address.startsWith(".")) return join(dirname(path), address);
  for (const [begin, folder] of aliases)
    if (address.startsWith(begin)) {
      const path = `${folder}${address.slice(begin.length)}`;
      return /\.tsx?$/.test(path) ? path : `${path}.ts`;
    }
  return undefined;
}

/** The folders below one, down to `depth` levels, that hold source files; itself first. Pure. */
export function foldersBelow(files: readonly SourceFile[], root: string, depth: number): string[] {
  const folders = new Set([root]);
  for (const { path } of files.filter((file) => file.path.startsWith(`${root}/`)))
    for (let folder = dirname(path); folder !== root; folder = dirname(folder))
      if (folder.slice(root.length + 1).split("/").length < depth) folders.add(folder);
  return [...folders];
}

/** The entry of a folder that holds a path: a folder below it, or the file itself; undefined elsewhere. Pure. */
export function partOf(folder: string, path: string): string | undefined {
  if (!path.startsWith(`${folder}/`)) return undefined;
  return `${folder}/${path.slice(folder.length + 1).split("/")[0]}`;
}

/**
 * Imports that lead from one part back to itself, in order, one between each two parts; undefined where there are none.
 * `partFor` names the part that a file belongs to, undefined for files that do not count. Pure.
 */
export function circleIn(
  imports: readonly Import[],
  partFor: (path: string) => string | undefined,
): Import[] | undefined {
  const arrows = new Map<string, Map<string, Import>>();
  for (const step of imports) {
    const [from, to] = [partFor(step.from), partFor(step.to)];
    if (from === undefined || to === undefined || from === to) continue;
    const leaving = arrows.get(from) ?? new Map<string, Import>();
    if (!leaving.has(to)) leaving.set(to, step);
    arrows.set(from, leaving);
  }
  const finished = new Set<string>();
  const search = (part: string, way: readonly string[], steps: readonly Import[]): Import[] | undefined => {
    const start = way.indexOf(part);
    if (start >= 0) return steps.slice(start);
    if (finished.has(part)) return undefined;
    for (const [next, step] of arrows.get(part) ?? []) {
      const circle = search(next, [...way, part], [...steps, step]);
      if (circle) return circle;
    }
    finished.add(part);
    return undefined;
  };
  for (const part of arrows.keys()) {
    const circle = search(part, [], []);
    if (circle) return circle;
  }
  return undefined;
}
