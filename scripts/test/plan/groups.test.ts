import assert from "node:assert/strict";
import { it } from "node:test";
import { groupsOf, sharingGroupsOf } from "./groups.ts";

const files = (count: number, folder: string, text: string) =>
  Array.from({ length: count }, (_, n): [string, string] => [`${folder}/${n}.test.ts`, text]);

it("test files are grouped by kind into processes, each file into exactly one", () => {
  const texts = new Map([
    ...files(90, "src/pure", `import { it } from "node:test";`),
    ...files(17, "src/hosts", `import { TestHost } from "#kernel/host/testing";`),
    ...files(6, "test/security", `import { Platform } from "./platform.ts";`),
  ]);
  const groups = groupsOf(texts);
  assert.deepEqual(
    groups.map(({ length }) => length),
    [3, 3, 6, 5, 6, 30, 30, 30],
  );
  assert.deepEqual(groups.flat().toSorted(), [...texts.keys()].toSorted());
  for (const group of groups) assert.equal(new Set(group.map((file) => file.split("/")[1])).size, 1);
});

it("test files that change process-wide state or start a server run in their own process", () => {
  const texts = new Map([
    ["src/child.test.ts", `import { spawn } from "node:child_process";`],
    ["src/clock.test.ts", `mock.timers.enable();`],
    ["src/variable.test.ts", `process.env["PATH"] = "";`],
    ["test/security/child.test.ts", `import { spawn } from "node:child_process";`],
    ["test/deployment/readiness.test.ts", ""],
  ]);
  assert.deepEqual(
    groupsOf(texts),
    [...texts.keys()].map((file) => [file]),
  );
  assert.deepEqual(groupsOf(new Map()), []);
});

it("test files that share a server and a browser of the same kinds run in one process", () => {
  const page = (kind: string) => `await sharedInstance(${kind}); await sharedBrowser();`;
  const texts = new Map([
    ...files(5, "test/e2e/empty", page("")),
    ...files(2, "test/e2e/demo", page(`"demo"`)),
    ["test/e2e/whole.test.ts", `await sharedBrowser("whole"); await sharedInstance();`],
    ...files(2, "test/e2e/own", "await startOnTemplate(); await openBrowser();"),
  ]);
  const groups = sharingGroupsOf(texts);
  assert.deepEqual(
    groups.map(({ length }) => length),
    [3, 2, 2, 1, 1, 1],
  );
  assert.deepEqual(groups.flat().toSorted(), [...texts.keys()].toSorted());
});
