import assert from "node:assert/strict";
import { it } from "node:test";
import type { Item } from "./plan/plan.ts";
import { budgetLine, costTable, describeItem } from "./report.ts";
import { suites } from "./plan/suites.ts";
import { Sum } from "./sum.ts";
import type { Tally } from "./tally.ts";

const [suite] = suites.filter(({ name }) => name === "unit");
const item = { suite, name: "a.test.ts", files: ["a.test.ts"] } as Item; // The suite is there.
const cost = (file: string, cpuSeconds: number) => ({ file, seconds: 2, cpuSeconds, tests: 3 });
const result = (tally: Partial<Tally> = {}) => ({
  tally: { passed: 3, failed: 0, skipped: [], failures: [], ...tally },
  seconds: 2,
  cpuSeconds: 1,
  files: [cost("a.test.ts", 1)],
  output: "what it printed",
});

it("prints a line for a passing file and the output of a failing one", () => {
  assert.equal(describeItem(item, result()), "✔ a.test.ts (3 tests, 2.0 s)");
  const text = describeItem(item, result({ failed: 1, failures: ["breaks"] }));
  assert.deepEqual(text.split("\n"), ["· a.test.ts (3 tests, 2.0 s)", "✖ a.test.ts", "what it printed", "✖ breaks"]);
});

it("the budget line says when a run is over its CPU budget", () => {
  assert.equal(budgetLine(90.4, 100, 50), "90 of 100 CPU seconds, 50 s");
  assert.equal(budgetLine(101, 100, 50), "101 of 100 CPU seconds, 50 s: over budget, make tests cheaper");
});

it("the cost table lists the forty most expensive files, most expensive first", () => {
  const rows = costTable(Array.from({ length: 50 }, (_, n) => cost(`file-${n}`, n))).split("\n");
  assert.equal(rows.length, 41);
  assert.equal(rows[1], "   49.0     2.0      3  file-49");
});

it("a run fails on a failure, without any test, and in CI also on a skip", () => {
  const conclude = (isCi: boolean, tally: Partial<Tally>) => {
    const sum = new Sum();
    const said: string[] = [];
    sum.add(item, result(tally));
    const code = sum.conclude({ isCi, say: (line) => said.push(line) });
    return [code, said.at(-1)];
  };
  assert.deepEqual(conclude(true, {}), [0, "3 passed, 0 failed"]);
  assert.deepEqual(conclude(false, { skipped: ["later"] }), [0, "3 passed, 0 failed"]);
  assert.deepEqual(conclude(true, { skipped: ["later"] }), [1, "3 passed, 1 failed"]);
  assert.deepEqual(conclude(false, { failed: 1, failures: ["breaks"] }), [1, "3 passed, 1 failed"]);
  assert.deepEqual(conclude(false, { passed: 0 }), [1, "0 passed, 0 failed"]);
});

it("a run without any test says why", () => {
  const concluded = (tally: Partial<Tally>, grep?: string) => {
    const sum = new Sum();
    const said: string[] = [];
    sum.add(item, result({ passed: 0, ...tally }));
    assert.equal(sum.conclude({ isCi: false, grep, say: (line) => said.push(line) }), 1);
    return said;
  };
  assert.deepEqual(concluded({}, "private"), ["no test ran: no title contains “private”", "0 passed, 0 failed"]);
  assert.deepEqual(concluded({}), ["no test ran", "0 passed, 0 failed"]);
  assert.equal(concluded({ skipped: ["private, later"] }, "private").at(-2), "no test ran");
  assert.doesNotMatch(concluded({ failed: 1, failures: ["breaks"] }, "private").join(), /no test ran/);
});
