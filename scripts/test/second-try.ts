import { type Line, type Tally, tallied } from "./tally.ts";

/** Where the tests are that drive a browser: docs/adr/018. */
const browserFolder = "test/e2e/";
/** More files than this do not fail by chance. */
const filesMax = 2;

const filesOf = (lines: readonly Line[], kind: "passed" | "failed"): Set<string> =>
  new Set(lines.flatMap((line) => (line.kind === kind ? [line.file] : [])));

/** Which files are worth a second try: those of a browser, when nothing else failed and all came to their end. Pure. */
export function worthAnother(lines: readonly Line[], files: readonly string[]): string[] {
  const failed = [...filesOf(lines, "failed")];
  const isWorth = (file: string) => file.startsWith(browserFolder) && files.includes(file);
  const isWhole = tallied(lines).unended.length === 0;
  return isWhole && failed.length <= filesMax && failed.every(isWorth) ? failed : [];
}

/** Whether a second try came to something in every file it was about. Pure. */
export const isAnswer = (second: readonly Line[], again: readonly string[]): boolean =>
  again.every((file) => filesOf(second, "passed").has(file));

/** What a run comes to whose files of a browser passed when they were tried again; what failed at first stays named. Pure. */
export function afterBoth(first: readonly Line[], second: readonly Line[], again: readonly string[]): Tally {
  const others = first.filter((line) => !("file" in line && again.includes(line.file)));
  const flaky = first.flatMap((line) => (line.kind === "failed" ? [line.how] : []));
  return { ...tallied([...others, ...second]).tally, flaky };
}
