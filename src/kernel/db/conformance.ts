import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { testDatabase } from "../host/testing.ts";
import { sql } from "kysely";
import { anyOf } from "./any-of.ts";
import { type DbAddress, openDb } from "./pool.ts";
import { type Db, type Left, leaves } from "./port.ts";

type Address = Awaited<ReturnType<typeof testDatabase>>;
interface Way {
  /** The address by which the database is reached this way. */
  readonly addressed: (address: Address) => DbAddress | Promise<DbAddress>;
  readonly isPooled?: boolean;
}

/** The conformance suite of databases, whichever way they are reached. */
export const databaseConformance = (name: string, { addressed, isPooled = false }: Way): void =>
  void describe(`a database ${name}`, () => {
    before(async () => {
      const address = await testDatabase("db", [tables]);
      db = openDb<Tables>(await addressed(address), {
        service: "db",
        isPooled,
        committed: (what) => void committed.push(what),
      });
    });
    beforeEach(async () => {
      await sql`TRUNCATE notes`.execute(db);
      committed = [];
    });
    after(() => db.close());

    transactions();
    takenIds();
    values();
    if (!isPooled) preparedStatements();
    connections();
  });

function transactions(): void {
  it("commits a transaction entirely or not at all, and announces its events and jobs only after the commit", async () => {
    await db.tx(async (tx) => {
      for (const what of ["job mend", "events", "job mend", "job tear"] as const) leaves(tx, what);
      for (const id of [1, 2]) await tx.insertInto("notes").values({ id, text: "a" }).execute();
      assert.deepEqual([await ids(), committed], [[], []]);
    });
    assert.deepEqual(
      [await ids(), committed],
      [
        [1, 2],
        ["job mend", "events", "job tear"],
      ],
    );
    const failing = db.tx(async (tx) => {
      leaves(tx, "events");
      await tx.insertInto("notes").values({ id: 3, text: "a" }).execute();
      throw new Error("no");
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(
      [await ids(), committed],
      [
        [1, 2],
        ["job mend", "events", "job tear"],
      ],
    );
  });

  it("retries a transaction that was ended to resolve a deadlock", async () => {
    await db.tx((tx) =>
      tx
        .insertInto("notes")
        .values([1, 2].map((id) => ({ id, text: "" })))
        .execute(),
    );
    let runs = 0;
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    const inOrder = (order: readonly number[]) =>
      db.tx(async (tx) => {
        runs += 1;
        for (const [n, id] of order.entries()) {
          await tx.updateTable("notes").set({ text: sql<string>`text || 'x'` }).where("id", "=", id).execute();
          // Each holds its first row before either asks for its second.
          if (n === 0 && ++waiting === 2) both.resolve();
          await both.promise;
        }
      });
    await Promise.all([inOrder([1, 2]), inOrder([2, 1])]);
    assert.ok(runs > 2, "one of them was ended and ran again");
    const rows = await db.selectFrom("notes").select("text").execute();
    assert.deepEqual(rows, [{ text: "xx" }, { text: "xx" }]);
  });

  it("reads one snapshot, whatever is committed meanwhile", async () => {
    const counted = await db.moment(async (reader) => {
      const read = async () => (await reader.selectFrom("notes").select("id").execute()).length;
      const before = await read();
      await db.tx((tx) => tx.insertInto("notes").values({ id: 1, text: "a" }).execute());
      return [before, await read(), (await ids()).length];
    });
    assert.deepEqual(counted, [0, 0, 1]);
    await assert.rejects(
      db.moment((reader) => reader.deleteFrom("notes").execute()),
      /read-only/,
    );
  });

  it("announces nothing for a transaction without events or jobs, and a retried one once", async () => {
    await db.tx((tx) => tx.insertInto("notes").values({ id: 1, text: "a" }).execute());
    assert.deepEqual(committed, []);
    let runs = 0;
    await db.tx(async (tx) => {
      leaves(tx, "events");
      if (++runs === 1) await sql`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`.execute(tx);
    });
    assert.deepEqual([runs, committed], [2, ["events"]]);
  });
}

function takenIds(): void {
  it("runs a transaction again with another id, once, when its id is there already", async () => {
    const insert = (id: number) => db.tx((tx) => tx.insertInto("notes").values({ id, text: "" }).execute());
    await insert(1);
    let next = 0;
    await db.tx((tx) => tx.insertInto("notes").values({ id: ++next, text: "" }).execute());
    assert.deepEqual([next, await ids()], [2, [1, 2]]);
    await assert.rejects(insert(1), { code: "23505" });
  });
}

function values(): void {
  it("reads a BIGINT as a number, and refuses one beyond 2^53", async () => {
    const most = await sql<{ n: number }>`SELECT ${Number.MAX_SAFE_INTEGER}::bigint AS n`.execute(db);
    assert.equal(most.rows[0]?.n, Number.MAX_SAFE_INTEGER);
    await assert.rejects(sql`SELECT 9007199254740993::bigint AS n`.execute(db), /beyond 2\^53/);
    assert.deepEqual(await ids(), []);
  });

  it("takes lists of all types and lengths as parameters", async () => {
    const back = async (list: readonly unknown[], type: string) => {
      const { rows } = await sql<{ list: unknown[] }>`SELECT to_json(${list}::${sql.raw(type)}[]) AS list`.execute(db);
      return rows[0]?.list;
    };
    const lists = [
      ["bigint", []],
      ["bigint", [1, -2, Number.MAX_SAFE_INTEGER]],
      ["bigint", [1, null]],
      ["float8", [0.5, 1e300, -0.25]],
      ["boolean", [true, false]],
      ["text", ['{"a"}', "b,c", "\\", "", "日"]],
    ] as const;
    for (const [type, list] of lists) assert.deepEqual(await back(list, type), [...list], type);
  });
}

function preparedStatements(): void {
  it("reuses a generic plan for a query by a list of ids", async () => {
    await db.insertInto("notes").values({ id: 1, text: "a" }).execute();
    const plans = await db.tx(async (tx) => {
      for (let n = 1; n <= 9; n++)
        await tx
          .selectFrom("notes")
          .select("text as looked")
          .where("id", "=", anyOf(Array.from({ length: n % 3 }, (_, id) => id)))
          .execute();
      const { rows } = await sql<{ generic: number; custom: number }>`
      SELECT generic_plans AS generic, custom_plans AS custom FROM pg_prepared_statements
      WHERE statement LIKE '%looked%' AND statement NOT LIKE '%pg_prepared%'`.execute(tx);
      return rows;
    });
    assert.deepEqual(plans, [{ generic: 4, custom: 5 }]);
  });
}

function connections(): void {
  it("continues with new connections when one is terminated", async () => {
    const killed = db.tx(async (tx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
      await sql`SELECT pg_terminate_backend(${rows[0]?.pid})`.execute(db);
      await tx.insertInto("notes").values({ id: 1, text: "a" }).execute();
    });
    await assert.rejects(killed, /terminat|ECONNRESET|crashed/i);
    await db.tx((tx) => tx.insertInto("notes").values({ id: 2, text: "a" }).execute());
    assert.deepEqual(await ids(), [2]);
  });

  it("runs more concurrent transactions than it has connections", async () => {
    const all = Array.from({ length: 50 }, (_, id) =>
      db.tx((tx) => tx.insertInto("notes").values({ id, text: "a" }).execute()),
    );
    await Promise.all(all);
    assert.equal((await ids()).length, 50);
  });
}

interface Tables {
  notes: { id: number; text: string };
}
const tables = "CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL)";
let db: Db<Tables>;
let committed: Left[] = [];

async function ids(): Promise<number[]> {
  return (await db.selectFrom("notes").select("id").orderBy("id").execute()).map(({ id }) => id);
}
