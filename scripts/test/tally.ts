import { relative } from "node:path";
import type { EventData } from "node:test";
import type { TestEvent } from "node:test/reporters";

/** What a run of node:test came to. */
export interface Tally {
  passed: number;
  failed: number;
  /** Names of tests that were skipped. */
  skipped: string[];
  /** What failed and how, one text each: a long run ends with them, for nobody finds them in its middle. */
  failures: string[];
}

const lengthMax = 1_500;

/** A reporter for node:test that writes one JSON object at the end. Suites are not counted, only tests. */
export default async function* tally(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const sum: Tally = { passed: 0, failed: 0, skipped: [], failures: [] };
  for await (const event of source) {
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, skip, todo, details } = event.data;
    const isOff = (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
    // A suite that fails by itself (its `before` or `after`) counts; one that fails for its tests does not count again.
    const isSuite = details.type === "suite";
    if (isOff) sum.skipped.push(name);
    else if (event.type === "test:fail") {
      if (isSuite && isForItsTests(event.data.details.error)) continue;
      sum.failed += 1;
      sum.failures.push(failureOf(event.data));
    } else if (!isSuite) sum.passed += 1;
  }
  yield JSON.stringify(sum);
}

function failureOf({ name, file, details }: EventData.TestFail): string {
  const place = file === undefined ? "" : ` (${relative(process.cwd(), file)})`;
  const { cause, message } = details.error;
  // What node:test wraps is worth more than its own words.
  const said = cause instanceof Error ? (cause.stack ?? cause.message) : message;
  return `${name}${place}\n${said}`.slice(0, lengthMax);
}

const isForItsTests = (error: Error): boolean => "failureType" in error && error.failureType === "subtestsFailed";
