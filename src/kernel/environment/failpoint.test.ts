import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ConfigError } from "../config-error.ts";
import { createFailpoints, type Failpoint, failpoints, noFailpoints } from "./failpoint.ts";

const root = join(import.meta.dirname, "../../..");

describe("failpoints", () => {
  it("are each used in the code, and the code uses no others", async () => {
    const passed = new Set<string>();
    for await (const path of glob("{src,cmd}/**/*.ts", { cwd: root, exclude: ["**/*.test.ts"] }))
      for (const [, name = ""] of (await readFile(join(root, path), "utf8")).matchAll(/\bhit\("([^"]+)"\)/g))
        passed.add(name);
    assert.deepEqual([...passed].toSorted(), Object.keys(failpoints).toSorted());
  });

  it("do nothing unless they are armed, and act from the configured hit on", async () => {
    const points = createFailpoints("job.claimed:error@3, relay.delivered:error");
    await points.hit("job.before_step");
    await points.hit("job.claimed");
    await points.hit("job.claimed");
    for (let n = 0; n < 2; n++) await assert.rejects(points.hit("job.claimed"), /failpoint job.claimed/);
    await assert.rejects(points.hit("relay.delivered"), /failpoint relay.delivered/);
  });

  it("refuse unknown names and actions", async () => {
    for (const text of ["job.clamed:crash", "job.claimed:explode", "job.claimed", "job.claimed:error@0", "x"])
      assert.throws(() => createFailpoints(text), ConfigError, text);
    for (const points of [noFailpoints, createFailpoints("job.claimed:error")])
      await assert.rejects(points.hit("job.clamed" as Failpoint), /not in the list/); // As code that is not type-checked could.
  });
});
