import { relative } from "node:path";
import type { EventData } from "node:test";
import type { TestEvent } from "node:test/reporters";

/** The result of a run of node:test. */
export interface Tally {
  passed: number;
  failed: number;
  /** Names of tests that were skipped. */
  skipped: string[];
  /** The failures, one text each: a long run ends with them, for they are hard to find in its middle. */
  failures: string[];
}

/** One line of the file a work item leaves behind. Suites are not counted, only tests; `file` is the test file that was run. */
export type Line =
  | { readonly kind: "passed"; readonly file: string }
  | { readonly kind: "skipped"; readonly name: string; readonly file: string }
  | { readonly kind: "failed"; readonly how: string; readonly file: string }
  /** A file or a test, by its name; a test that is over has ended, however. */
  | { readonly kind: "began"; readonly name: string }
  | { readonly kind: "ended"; readonly name: string }
  /** A file has come to its end; `cpuSeconds` are those of its process, without child processes. */
  | { readonly kind: "file"; readonly file: string; readonly seconds: number; readonly cpuSeconds: number };

const lengthMax = 1_500;

/** A reporter for entry.ts that writes a line as soon as there is something to say: a run may be ended at any moment. */
export default async function* tally(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files = new Map<number, string>();
  let cpuSeconds = 0;
  for await (const event of source) {
    const file = fileOf(event, files);
    if (file === undefined) continue;
    const lines = [lineOf(event, file)];
    if (event.type === "test:complete" && event.data.nesting === 0) {
      const { user, system } = process.cpuUsage();
      const sum = (user + system) / 1e6;
      lines.push({ kind: "file", file, seconds: event.data.details.duration_ms / 1_000, cpuSeconds: sum - cpuSeconds });
      cpuSeconds = sum;
    }
    for (const line of lines) if (line) yield `${JSON.stringify(line)}\n`;
  }
}

/** A failure of the work item itself, beside those of its tests. */
export function failing(tally: Tally, why: string): Tally {
  return { ...tally, failed: tally.failed + 1, failures: [...tally.failures, why] };
}

/** The lines of a file that may have been cut off in the middle of one. */
export const linesOf = (text: string): Line[] =>
  text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line); // Written above.

/** The tally of the lines, and the tests that had begun and not ended where they stop. */
export function tallyOf(lines: readonly Line[]): { tally: Tally; unended: string[] } {
  const sum: Tally = { passed: 0, failed: 0, skipped: [], failures: [] };
  const unended = new Set<string>();
  for (const line of lines) {
    if (line.kind === "began") unended.add(line.name);
    else if (line.kind === "ended") unended.delete(line.name);
    else if (line.kind === "skipped") sum.skipped.push(line.name);
    else if (line.kind === "failed") sum.failures.push(line.how);
    else if (line.kind === "passed") sum.passed += 1;
  }
  return { tally: { ...sum, failed: sum.failures.length }, unended: [...unended] };
}

/** The test file of an event: the suite at the root bears its path. Other events at the root are Node's own. */
function fileOf(event: TestEvent, files: Map<number, string>): string | undefined {
  const isOfTest =
    event.type === "test:dequeue" ||
    event.type === "test:complete" ||
    event.type === "test:pass" ||
    event.type === "test:fail";
  if (!isOfTest) return undefined;
  const { testId, parentId = 0 } = event.data;
  const file = event.data.nesting === 0 ? event.data.name : (files.get(parentId) ?? "");
  files.set(testId, file);
  return file;
}

function lineOf(event: TestEvent, file: string): Line | undefined {
  if (event.type === "test:dequeue") return { kind: "began", name: placeOf(event.data) };
  if (event.type === "test:complete") return { kind: "ended", name: placeOf(event.data) };
  if (event.type !== "test:pass" && event.type !== "test:fail") return undefined;
  const { name, skip, todo, details } = event.data;
  const isOff = (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
  if (isOff) return { kind: "skipped", name, file };
  // A suite that fails by itself (its `before` or `after`) counts; one that fails for its tests does not count again.
  const isSuite = details.type === "suite";
  if (event.type === "test:pass") return isSuite ? undefined : { kind: "passed", file };
  if (isSuite && isForItsTests(event.data.details.error)) return undefined;
  return { kind: "failed", how: failureOf(event.data, file), file };
}

const pathOf = (file: string | undefined): string => (file === undefined ? "" : relative(process.cwd(), file));

/** By line, for tests may share a name. */
const placeOf = ({ name, file, line, nesting }: EventData.LocationInfo & { name: string; nesting: number }): string =>
  nesting === 0 || file === undefined || line === undefined ? name : `${pathOf(file)}:${line} ${name}`;

function failureOf(failed: EventData.TestFail, file: string): string {
  const place = failed.nesting === 0 ? "" : ` (${file})`;
  const { cause, message } = failed.details.error;
  // The wrapped error is worth more than node:test's own text.
  const said = cause instanceof Error ? `${cause.stack ?? cause.message}${causesOf(cause)}` : message;
  return `${failed.name}${place}\n${said}`.slice(0, lengthMax);
}

/** An error for clients says little; what it was caused by says what to mend. */
const causesOf = ({ cause }: Error): string =>
  cause instanceof Error ? `\n[cause] ${cause.name}: ${cause.message}${causesOf(cause)}` : "";

const isForItsTests = (error: Error): boolean => "failureType" in error && error.failureType === "subtestsFailed";
