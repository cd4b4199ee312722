import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startPgBouncer } from "#test/servers/pgbouncer";
import { sql } from "kysely";
import { createLeasedLocks } from "../lock/leased.ts";
import { testDatabase } from "../host/testing.ts";
import { databaseConformance } from "./conformance.ts";
import { runOnce } from "./idempotency/idempotency.ts";
import { openDb } from "./pool.ts";
import type { Db } from "./port.ts";
import type { KernelTables } from "./tables.ts";

const poolers: AsyncDisposable[] = [];
after(() => Promise.all(poolers.map((pooler) => pooler[Symbol.asyncDispose]())));

databaseConformance("behind PgBouncer in transaction mode", {
  isPooled: true,
  async addressed(address) {
    const pooler = await startPgBouncer(address);
    poolers.push(pooler);
    return { url: pooler.url };
  },
});

describe("the kernel's ports behind PgBouncer in transaction mode", () => {
  before(async () => {
    const pooler = await startPgBouncer(await testDatabase("pooled", []));
    poolers.push(pooler);
    for (let n = 0; n < 2; n++) dbs.push(openDb({ url: pooler.url }, { service: "pooled", isPooled: true }));
    [db, other] = dbs as [Db<KernelTables>, Db<KernelTables>]; // Two were opened.
  });
  after(() => Promise.all(dbs.map((each) => each.close())));

  it("give a lock to one holder at a time", async () => {
    const locks = [db, other].map((each, n) => createLeasedLocks(each, { owner: `process ${n}` }));
    for (let round = 0; round < 10; round++) {
      let holders = 0;
      let most = 0;
      const work = async () => {
        most = Math.max(most, ++holders);
        await sql`SELECT pg_sleep(0.01)`.execute(db);
        holders -= 1;
      };
      await Promise.all(locks.map((each) => each.try("only one", work)));
      assert.equal(most, 1);
    }
  });

  it("run a command once under its idempotency key (R3)", async () => {
    let runs = 0;
    const runFrom = (from: Db<KernelTables>) =>
      runOnce(
        {
          db: from,
          key: { userId: 1, method: "pooled.count", key: "k" },
          bodyHash: "body",
          owner: "test",
          signal: AbortSignal.timeout(30_000),
          isRepeatable: false,
          done: async () => {},
        },
        () => from.answer(async () => ({ runs: (runs += 1) })),
      );
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => runFrom(n % 2 === 0 ? db : other)));
    for (const answer of answers) assert.deepEqual(answer, { runs: 1 });
  });
});

const dbs: Db<KernelTables>[] = [];
let db: Db<KernelTables>;
let other: Db<KernelTables>;
