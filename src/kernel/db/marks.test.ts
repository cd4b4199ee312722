import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { testDatabase } from "../host/testing.ts";
import { idTimeMs } from "../ids/id.ts";
import { keepIds } from "./marks.ts";
import { openDb } from "./pool.ts";
import type { Db } from "./port.ts";
import type { KernelTables } from "./tables.ts";

describe("ids after restarts", () => {
  before(async () => {
    db = openDb<KernelTables>(await testDatabase("marks", []), { service: "marks" });
  });
  after(() => db.close());

  it("never repeat, however quickly restarts follow and whatever the clock does (D7)", async () => {
    const start = Date.UTC(2026, 10, 20);
    const seen = new Set<number>();
    for (const atMs of [0, 0, 10, 2_000, 2_500, -3_600_000, -3_600_000, 3_000, 60_000, 60_010]) {
      const next = await keepIds(db, () => start + atMs, 0);
      for (let i = 0; i < 50; i++) {
        const id = next();
        assert.ok(!seen.has(id), `${id} was given before`);
        seen.add(id);
      }
    }
    assert.equal(seen.size, 500);
  });

  it("stay within ten milliseconds of the clock", async () => {
    const start = Date.UTC(2027, 0, 1);
    let id = 0;
    for (let i = 0; i < 100; i++) id = (await keepIds(db, () => start + i * 5_000, 0))();
    assert.ok(Math.abs(idTimeMs(id) - (start + 99 * 5_000)) <= 10, `${idTimeMs(id) - start}`);
  });
});

let db: Db<KernelTables>;
