import type { Rolldown } from "vite";

export type Bundle = Rolldown.OutputBundle;

/** The files of some chunks with all that they import before they run. */
export function withImports(bundle: Bundle, isRoot: (chunk: Rolldown.OutputChunk) => boolean): Set<string> {
  const names = new Set<string>();
  const waiting = Object.values(bundle).flatMap((each) =>
    each.type === "chunk" && isRoot(each) ? [each.fileName] : [],
  );
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const chunk = bundle[next];
    if (names.has(next) || chunk?.type !== "chunk") continue;
    names.add(next);
    waiting.push(...chunk.imports);
  }
  return names;
}
