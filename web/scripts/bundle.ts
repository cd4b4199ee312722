import type { Rolldown } from "vite";

export type Bundle = Rolldown.OutputBundle;

/** The files of some chunks with all that they import, each after what it imports: the order in which they run. */
export function withImports(bundle: Bundle, isRoot: (chunk: Rolldown.OutputChunk) => boolean): Set<string> {
  const seen = new Set<string>();
  const names = new Set<string>();
  const visit = (name: string): void => {
    const chunk = bundle[name];
    if (seen.has(name) || chunk?.type !== "chunk") return;
    seen.add(name);
    for (const imported of chunk.imports) visit(imported);
    names.add(name);
  };
  for (const each of Object.values(bundle)) if (each.type === "chunk" && isRoot(each)) visit(each.fileName);
  return names;
}
