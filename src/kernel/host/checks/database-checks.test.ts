import assert from "node:assert/strict";
import { it } from "node:test";
import { testDatabase } from "../testing.ts";
import { createDb, openPool } from "../../db/pool.ts";
import type { KernelTables } from "../../db/tables.ts";
import { DatabaseChecks } from "./database-checks.ts";

it("a database is asked once for all services on its pool, and again by the next check", async () => {
  const pool = openPool(await testDatabase("checks", []));
  const services = ["one", "two"].map((service) => createDb<KernelTables>(pool, { service }));
  let asked = 0;
  pool.on("acquire", () => (asked += 1));
  const checks = new DatabaseChecks();
  const all = () => Promise.all([...services, ...services].map((db) => checks.lackOf(db)));
  assert.deepEqual([await all(), asked], [Array.from({ length: 4 }, () => undefined), 1]);
  await all();
  assert.equal(asked, 2);
  await pool.end();
  assert.deepEqual(
    await all(),
    Array.from({ length: 4 }, () => "the database cannot be reached"),
  );
});
