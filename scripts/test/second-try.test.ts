import assert from "node:assert/strict";
import { it } from "node:test";
import { afterBoth, isAnswer, worthAnother } from "./second-try.ts";
import type { Line } from "./tally.ts";

const page = "test/e2e/page.test.ts";
const other = "test/e2e/other.test.ts";
const third = "test/e2e/third.test.ts";
const data = "src/kernel/data.test.ts";
const files = [page, other, third, data];
const passed = (file: string): Line => ({ kind: "passed", file });
const failed = (file: string): Line => ({ kind: "failed", file, how: `${file} fails` });

it("tries again what drives a browser, when that alone failed and few of it", () => {
  assert.deepEqual(worthAnother([passed(data), failed(page), failed(page)], files), [page]);
  assert.deepEqual(worthAnother([failed(page), failed(other)], files), [page, other]);
  assert.deepEqual(worthAnother([passed(page)], files), []);
  assert.deepEqual(worthAnother([failed(page), failed(data)], files), []);
  assert.deepEqual(worthAnother([failed(page), failed(other), failed(third)], files), []);
  assert.deepEqual(worthAnother([failed("test/e2e/elsewhere.ts")], files), []);
  assert.deepEqual(worthAnother([failed(page), { kind: "began", name: "another" }], files), [], "cut off");
});

it("believes a second try that says something of every file alone", () => {
  assert.ok(isAnswer([passed(page), passed(other)], [page, other]));
  assert.ok(!isAnswer([passed(page)], [page, other]));
});

it("counts the second try of a file in place of the first, and names what failed", () => {
  const first = [passed(data), passed(page), failed(page), failed(page), passed(other)];
  const second = [passed(page), passed(page), passed(page)];
  assert.deepEqual(afterBoth(first, second, [page]), {
    passed: 5,
    failed: 0,
    skipped: [],
    failures: [],
    flaky: [`${page} fails`, `${page} fails`],
  });
});
