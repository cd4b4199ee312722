import type { TestEvent } from "node:test/reporters";

/** What a run of node:test came to. */
export interface Tally {
  passed: number;
  failed: number;
  /** Names of tests that were skipped. */
  skipped: string[];
}

/** A reporter for node:test that writes one JSON object at the end. Suites are not counted, only tests. */
export default async function* tally(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const sum: Tally = { passed: 0, failed: 0, skipped: [] };
  for await (const event of source) {
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, skip, todo, details } = event.data;
    const isOff = (skip !== undefined && skip !== false) || (todo !== undefined && todo !== false);
    // A suite that fails by itself (its `before` or `after`) counts; one that fails for its tests does not count again.
    const isSuite = details.type === "suite";
    if (isOff) sum.skipped.push(name);
    else if (event.type === "test:fail") sum.failed += isSuite && isForItsTests(event.data.details.error) ? 0 : 1;
    else if (!isSuite) sum.passed += 1;
  }
  yield JSON.stringify(sum);
}

const isForItsTests = (error: Error): boolean => "failureType" in error && error.failureType === "subtestsFailed";
