import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "kysely";
import { newCall } from "../call.ts";
import { invoke } from "../host/chain.ts";
import { command } from "../contract.ts";
import { noFailpoints } from "../environment/failpoint.ts";
import { testDatabase } from "../host/testing.ts";
import { openDb } from "./pool.ts";
import type { KernelTables } from "./tables.ts";
import { z } from "zod";

describe("F4: a cut database connection", () => {
  it("fails the call of its transaction with 503, but neither the process nor the next call", async () => {
    const db = openDb<KernelTables>(await testDatabase("cut", []), { service: "cut" });
    try {
      const cut = () =>
        db.tx(async (tx) => {
          const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
          await sql`SELECT pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(db);
          // The client notices it before the next statement, or by it.
          await new Promise((resolve) => setImmediate(resolve));
          await sql`SELECT 1`.execute(tx);
          return {};
        });
      const method = command({ auth: "service", input: z.object({}), output: z.object({}) });
      const chain = {
        service: "cut",
        name: "cut",
        method,
        handler: cut,
        db,
        ids: { isReady: () => true, renew: async () => undefined },
        failpoints: noFailpoints,
        instance: "test",
      };
      for (let n = 0; n < 20; n++)
        await assert.rejects(invoke(chain, {}, newCall({ caller: "test" })), { code: "kernel.database_unavailable" });
      assert.equal((await sql<{ one: number }>`SELECT 1 AS one`.execute(db)).rows[0]?.one, 1);
    } finally {
      await db.close();
    }
  });
});
