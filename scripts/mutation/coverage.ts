import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

interface CountedRange {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}
interface Script {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly CountedRange[] }[];
}

/** The code that ran in the processes of a test, by the address of its file. */
export type Coverage = ReadonlyMap<string, readonly (readonly CountedRange[])[]>;

/** The coverage in a folder of `NODE_V8_COVERAGE`; each process has written a file there. */
export async function coverageIn(folder: string): Promise<Coverage> {
  const coverage = new Map<string, CountedRange[][]>();
  for (const name of await readdir(folder).catch(() => [])) {
    const { result } = JSON.parse(await readFile(join(folder, name), "utf8")) as { result: Script[] }; // Written by Node.
    for (const { url, functions } of result)
      coverage.set(url, [...(coverage.get(url) ?? []), functions.flatMap(({ ranges }) => ranges)]);
  }
  return coverage;
}

/** True if the code at the offset ran in a process: the innermost range around it was counted. Pure. */
export const isCovered = (coverage: Coverage, url: string, offset: number): boolean =>
  (coverage.get(url) ?? []).some((ranges) => {
    const around = ranges.filter(({ startOffset, endOffset }) => startOffset <= offset && offset < endOffset);
    const innermost = around.toSorted((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset))[0];
    return innermost !== undefined && innermost.count > 0;
  });
