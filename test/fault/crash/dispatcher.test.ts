import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, it } from "node:test";
import { emit } from "#kernel/bus/outbox";
import { openDb } from "#kernel/db/pool";
import type { KernelTables } from "#kernel/db/tables";
import type { Db } from "#kernel/db/port";
import { testDatabase } from "#kernel/host/testing";
import { sql } from "kysely";
import { dispatcher, type Ground, plugins, stepped } from "./dispatcher.ts";
import { Random } from "../../random.ts";

const kills = 8;
const keys = 16;
/** How long two of them deliver before the older one is killed. */
const livesMsMax = 250;

/* F6, D2, D3: processes that deliver events are killed at random moments, two of them at a time, while others write. */
describe("F6: a dispatcher killed at random moments during concurrent writes", () => {
  const seed = Number(process.env["KINORA_TEST_SEED"] ?? Date.now() % 2 ** 32);

  it(`loses no event, delivers none twice and keeps the order of each key (seed ${seed})`, {
    timeout: 600_000,
  }, async (t) => {
    const random = new Random(seed);
    const ground: Record<string, Ground[string]> = {};
    for (const { contract, migrations } of plugins)
      ground[contract.name] = await testDatabase(contract.name, migrations);
    const db = openDb<KernelTables>(of(ground, "stepper"), { service: "stepper" });
    const over = new AbortController();
    const writing = Promise.all(Array.from({ length: 2 }, (_, place) => stepping(db, place, over.signal)));
    // Awaited at the end; until then a rejection has no listener.
    writing.catch(() => undefined);
    let midway = 0;
    let [current, next] = [await started(ground), await started(ground)];
    try {
      for (let round = 0; round < kills; round++) {
        await new Promise((resolve) => setTimeout(resolve, random.whole(0, livesMsMax)));
        current.kill("SIGKILL");
        const { rows } = await sql<{ seq: number }>`SELECT seq FROM outbox LIMIT 1`.execute(db);
        if (rows.length > 0) midway += 1;
        // Beside another from its first moment to its last.
        [current, next] = [next, await started(ground)];
      }
    } finally {
      over.abort();
      await writing;
      for (const child of [current, next]) child.kill("SIGKILL");
    }
    assert.ok(midway > kills / 2, `only ${midway} had something left to deliver`);
    const last = await dispatcher(ground);
    await last.drain();
    await last.stop();

    const { rows: steps } = await sql<Step>`SELECT key, n FROM steps ORDER BY key`.execute(db);
    const { rows: left } =
      await sql`SELECT FROM outbox UNION ALL SELECT FROM pending_events UNION ALL SELECT FROM dead_letters`.execute(db);
    assert.deepEqual(left, []);
    assert.ok(steps.length === keys && steps.every(({ n }) => n > 10), JSON.stringify(steps));
    for (const consumer of ["left", "right"]) {
      const db = openDb<unknown>(of(ground, consumer), { service: consumer });
      const { rows } = await sql<Step>`SELECT key, n FROM consumed ORDER BY seq`.execute(db);
      await db.close();
      for (const { key, n } of steps)
        assert.deepEqual(
          rows.filter((row) => row.key === key).map((row) => row.n),
          Array.from({ length: n }, (_, place) => place + 1),
          `${consumer} ${key}`,
        );
    }
    t.diagnostic(`${steps.reduce((sum, { n }) => sum + n, 0)} events, ${midway} of ${kills} killed with some left`);
    await db.close();
  });
});

interface Step {
  readonly key: number;
  readonly n: number;
}

function of(ground: Ground, service: string): Ground[string] {
  const address = ground[service];
  assert.ok(address);
  return address;
}

/** Commits one step after the other, each with its event. */
async function stepping(db: Db<KernelTables>, place: number, over: AbortSignal): Promise<void> {
  const stamp = { traceId: "0".repeat(32), nowMs: Date.now() };
  for (let key = place; !over.aborted; key += 3) {
    const own = (key % keys) + 1;
    await db.tx(async (tx) => {
      const { rows } = await sql<{ n: number }>`
        INSERT INTO steps (key, n) VALUES (${own}, 1)
        ON CONFLICT (key) DO UPDATE SET n = steps.n + 1 RETURNING n`.execute(tx);
      await emit(tx, stepped, [{ key: own, payload: { key: own, n: rows[0]?.n ?? 0 } }], stamp);
    });
  }
}

/** Settles when it is about to deliver. */
async function started(ground: Ground): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "dispatcher.ts");
  const child = spawn(process.execPath, [script, JSON.stringify(ground)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}
