import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { sql } from "kysely";
import pg from "pg";
import { createFailpoints, type Failpoint, type Failpoints, noFailpoints } from "../../environment/failpoint.ts";
import { testDatabase } from "../../host/testing.ts";
import { FollowingPool } from "../following-pool.ts";
import { assertNotMoved, readMove } from "../moved.ts";
import { partitionTable } from "../partitions/partition.ts";
import { createDb, type DbAddress, openPool } from "../pool.ts";
import type { Db } from "../port.ts";
import { assertMovable, assertServers } from "./preflight.ts";
import { beginMove, cancelMove, finishMove, type Move, type Moved, runMove } from "./move.ts";
import { RowsDiffer } from "./rows.ts";
import { openSession } from "./session.ts";

/** All that makes a row hard to move: unique values, a cascade, a refused update, an identity, a generated column. */
const migrations = [
  `CREATE TABLE films.films (
     id       BIGINT PRIMARY KEY,
     name     TEXT   NOT NULL UNIQUE,
     poster   BYTEA,
     rating   DOUBLE PRECISION,
     headline TEXT GENERATED ALWAYS AS (upper(name)) STORED
   );
   CREATE TABLE films.scenes (
     film_id BIGINT NOT NULL REFERENCES films.films (id) ON DELETE CASCADE,
     number  INTEGER NOT NULL,
     text    TEXT,
     PRIMARY KEY (film_id, number)
   );
   CREATE TABLE films.views (
     seq     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     film_id BIGINT NOT NULL
   );
   CREATE TABLE films.awards (id BIGINT PRIMARY KEY, film_id BIGINT NOT NULL);
   CREATE FUNCTION films.refuse() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'awards stay as they are'; END $$;
   CREATE TRIGGER awards_stay BEFORE UPDATE OR DELETE ON films.awards
     FOR EACH ROW EXECUTE FUNCTION films.refuse();
   INSERT INTO films.films (id, name) VALUES (1, 'made by the migration')`,
];
const schema = { service: "films", migrations };

describe("a move of a schema to another database", () => {
  it("carries rows, changes and deletions over, and writers go on in the new database", async () => {
    await using ends = await openEnds();
    await fill(ends.db);
    const writers = new Writers(ends.db);
    await writers.advance(50);
    const moved = await ends.move();
    await writers.advance(50);
    await writers.finish();
    assert.ok(moved.copied > 300 && moved.changed > 0, JSON.stringify(moved));
    assert.ok(moved.pauseMs < 10_000, `${moved.pauseMs} ms`);
    assert.equal(moved.isComparedWhole, true);
    const { rows: films } = await ends.ask("SELECT name FROM films.films WHERE id IN (2, 3) ORDER BY id");
    assert.equal(films.length, 2);
    assert.deepEqual(await writers.missing(), []);
    const { rows: views } = await ends.ask("SELECT count(*) AS n, count(DISTINCT seq) AS seqs FROM films.views");
    assert.equal(views[0]?.["n"], views[0]?.["seqs"]);
  });

  it("keeps values as they are, to the byte", async () => {
    await using ends = await openEnds();
    const poster = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    const name = `quotes " and ' and \\ and {a,b} and (c,"d")\n\tand 影片`;
    await ends.ask("INSERT INTO films.films (id, name, poster, rating) VALUES (9, $1, $2, 0.1::float8 + 0.2::float8)", [
      name,
      poster,
    ]);
    await ends.move();
    const { rows } = await ends.ask("SELECT name, poster, rating FROM films.films WHERE id = 9");
    assert.deepEqual(rows, [{ name, poster, rating: 0.1 + 0.2 }]);
  });

  it("leaves constraints, triggers, identities and partitions as they were", async () => {
    await using ends = await openEnds();
    await fill(ends.db);
    await partitionTable(ends.source, { schema: "films", table: "awards", key: "id" }, 4);
    const before = await definitions(ends.source);
    await ends.move();
    assert.deepEqual(await definitions(ends.target), before);
    await assert.rejects(ends.ask("UPDATE films.awards SET film_id = 2"), /awards stay as they are/);
    await assert.rejects(ends.ask("INSERT INTO films.scenes (film_id, number) VALUES (0, 1)"), /foreign key/);
    const { rows } = await ends.ask("INSERT INTO films.views (film_id) VALUES (1) RETURNING seq");
    assert.deepEqual(rows, [{ seq: 301 }]);
  });

  it("fails before the switch where a change was not recorded, and the old database stays valid", async () => {
    await using ends = await openEnds();
    await fill(ends.db);
    const failpoints = at("move.copied", async () => {
      await ends.ask("ALTER TABLE films.films DISABLE TRIGGER kinora_move");
      await ends.ask("UPDATE films.films SET rating = 4 WHERE id = 2");
    });
    await assert.rejects(ends.move(failpoints), RowsDiffer);
    await ends.ask("UPDATE films.films SET rating = 5 WHERE id = 2");
    await ends.move();
    assert.deepEqual((await ends.ask("SELECT rating FROM films.films WHERE id = 2")).rows, [{ rating: 5 }]);
  });

  for (const point of ["move.begun", "move.captured", "move.copied", "move.prepared"] as const)
    it(`changes nothing when it is interrupted at ${point}, and completes when it runs again`, async () => {
      await using ends = await openEnds();
      await fill(ends.db);
      await assert.rejects(ends.move(createFailpoints(`${point}:error`)), /failpoint/);
      await assertNotMoved(ends.source, ["films"]);
      await assert.rejects(assertNotMoved(ends.target, ["films"]), /names a database to which the tables of films/);
      await ends.ask("INSERT INTO films.films (id, name) VALUES (700, 'written between')");
      await ends.move();
      assert.equal((await ends.ask("SELECT FROM films.films WHERE id = 700")).rows.length, 1);
    });

  it("is over at the switch, and an interrupted end is done when it runs again", async () => {
    await using ends = await openEnds();
    await fill(ends.db);
    await assert.rejects(ends.move(createFailpoints("move.switched:error")), /failpoint/);
    await ends.ask("INSERT INTO films.films (id, name) VALUES (700, 'written after')");
    await assert.rejects(
      assertNotMoved(ends.source, ["films"]),
      /KINORA_FILMS_DB_URL: needed, because the tables of films/,
    );
    await finishMove(ends.parts);
    await finishMove(ends.parts);
    await assertNotMoved(ends.target, ["films"]);
    const { rows } = await ends.target.query("SELECT FROM pg_constraint WHERE NOT convalidated");
    assert.equal(rows.length, 0);
  });

  it("is cancelled without a trace", async () => {
    await using ends = await openEnds();
    const before = await definitions(ends.source);
    await assert.rejects(ends.move(createFailpoints("move.copied:error")), /failpoint/);
    await cancelMove(ends.parts);
    assert.deepEqual(await definitions(ends.source), before);
    assert.equal(await readMove(ends.source, "films"), undefined);
    assert.equal((await ends.target.query("SELECT FROM pg_namespace WHERE nspname LIKE 'films%'")).rows.length, 0);
  });

  it("waits for a long transaction without holding up others for long", async () => {
    await using ends = await openEnds();
    await fill(ends.db);
    let slowestMs = 0;
    const failpoints = at("move.copied", async () => {
      const open = ends.db.tx(async (tx) => {
        await sql`UPDATE films.films SET rating = 1 WHERE id = 2`.execute(tx);
        for (let n = 0; n < 30; n++) {
          const beganMs = performance.now();
          await ends.ask("INSERT INTO films.films (id, name) VALUES ($1, $2)", [800 + n, `beside ${n}`]);
          slowestMs = Math.max(slowestMs, performance.now() - beganMs);
          await sql`SELECT pg_sleep(0.1)`.execute(tx);
        }
      });
      open.catch(() => undefined);
      running.push(open);
    });
    const running: Promise<unknown>[] = [];
    await ends.move(failpoints);
    await Promise.all(running);
    assert.ok(slowestMs < 5_000, `${slowestMs} ms`);
    const { rows } = await ends.ask("SELECT count(*) AS n FROM films.films WHERE id >= 800");
    assert.deepEqual(rows, [{ n: 30 }]);
  });

  it("lets writers go on where its process stands still during the pause, and the old database stays valid", async () => {
    await using ends = await openEnds();
    await fill(ends.db);
    await using frozen = await openSession(ends.from);
    const writes: Promise<number>[] = [];
    const stopped = at("move.prepared", async () => {
      writes.push(timed(ends.ask("UPDATE films.films SET rating = 6 WHERE id = 2")));
      await Promise.all(writes);
    });
    await assert.rejects(ends.move(stopped, frozen), /connection/i);
    const [waitedMs = Number.POSITIVE_INFINITY] = await Promise.all(writes);
    assert.ok(waitedMs < 15_000, `${waitedMs} ms`);
    await ends.move();
    assert.deepEqual((await ends.ask("SELECT rating FROM films.films WHERE id = 2")).rows, [{ rating: 6 }]);
  });

  it("is refused to the same database, and to one that has the schema or the remains of an earlier move", async () => {
    await using ends = await openEnds();
    await assert.rejects(assertServers(ends.source, ends.source), /in that database already/);
    await ends.target.query("CREATE SCHEMA films");
    await assert.rejects(assertMovable(ends.source, ends.target, schema, undefined), /has a schema films already/);
    await ends.target.query("DROP SCHEMA films; CREATE SCHEMA films_before_move");
    await assert.rejects(assertMovable(ends.source, ends.target, schema, undefined), /from before an earlier move/);
  });
});

describe("the pool of a service whose tables moved", () => {
  it("repeats transactions, snapshots and single statements in the new database, and no other failure", async () => {
    await using ends = await openEnds();
    await fill(ends.db);
    await ends.db.tx((tx) => sql`SELECT FROM films.films`.execute(tx));
    await ends.move();
    let runs = 0;
    const insert = ends.db.tx(async (tx) => {
      runs += 1;
      await sql`INSERT INTO films.films (id, name) VALUES (600, 'moved')`.execute(tx);
    });
    const count = () => sql<{ n: number }>`SELECT count(*) AS n FROM films.films WHERE id = 600`.execute(ends.db);
    const snapshot = ends.db.moment((reader) => sql`SELECT FROM films.films WHERE id = 2`.execute(reader));
    const [, one] = await Promise.all([insert, sql`SELECT FROM films.films WHERE id = 2`.execute(ends.db)]);
    assert.equal((await snapshot).rows.length, 1);
    assert.equal(one.rows.length, 1);
    assert.deepEqual([(await count()).rows, runs], [[{ n: 1 }], 2]);
    await assert.rejects(sql`SELECT FROM films.absent`.execute(ends.db), /does not exist/);
    await assert.rejects(
      ends.db.tx((tx) => sql`INSERT INTO films.films (id, name) VALUES (600, 'again')`.execute(tx)),
      /duplicate key/,
    );
  });
});

interface Ends extends AsyncDisposable {
  readonly db: Db<unknown>;
  readonly from: DbAddress;
  readonly source: pg.Client;
  readonly target: pg.Client;
  readonly parts: Move;
  move(failpoints?: Failpoints, session?: pg.Client): Promise<Moved>;
  /** Asks as a process of the service does. */
  ask(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

async function openEnds(): Promise<Ends> {
  const { options: _, ...from } = await testDatabase("films", migrations);
  const { options: __, ...to } = await testDatabase("other", []);
  const [source, target] = [await openSession(from), await openSession(to)];
  const pools = [from, to].map((address: DbAddress) => openPool(address));
  const [first, second] = pools;
  assert.ok(first && second);
  const find = async () => ((await readMove(source, "films"))?.movedAtMs == null ? undefined : second);
  const pool = new FollowingPool(first, find);
  const parts = { source, target, schema, failpoints: noFailpoints };
  return {
    db: createDb<unknown>(pool, { service: "films" }),
    from,
    source,
    target,
    parts,
    async move(failpoints = noFailpoints, session = source) {
      const before = await readMove(source, "films");
      const id = before?.id ?? randomUUID();
      await assertMovable(source, target, schema, before?.id);
      const state = { id, place: "host/other", sealed: "", setting: "KINORA_FILMS_DB_URL" };
      await beginMove(parts, state, before !== undefined);
      return runMove({ ...parts, source: session, failpoints });
    },
    async ask(text, values = []) {
      const client = await pool.connect();
      try {
        return await client.query<Record<string, unknown>>(text, values);
      } finally {
        client.release();
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([source.end(), target.end(), ...pools.map((one) => one.end())]);
    },
  };
}

async function timed(work: Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work;
  return performance.now() - beganMs;
}

/** Does something once when a point is reached. */
function at(point: Failpoint, act: () => Promise<void>): Failpoints {
  return { hit: async (name) => (name === point ? act() : undefined) };
}

const fill = (db: Db<unknown>) =>
  db.tx(async (tx) => {
    await sql`INSERT INTO films.films (id, name, rating) SELECT n, 'film ' || n, n / 7.0
      FROM generate_series(2, 300) AS n`.execute(tx);
    await sql`INSERT INTO films.scenes SELECT n, 1, 'scene' FROM generate_series(2, 300) AS n`.execute(tx);
    await sql`INSERT INTO films.views (film_id) SELECT n FROM generate_series(1, 300) AS n`.execute(tx);
    await sql`INSERT INTO films.awards SELECT n, n FROM generate_series(1, 20) AS n`.execute(tx);
  });

/** Constraints, indexes, triggers and columns of the schema. */
async function definitions(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(
    `SELECT conrelid::regclass::text AS of, pg_get_constraintdef(oid) AS text FROM pg_constraint
     WHERE connamespace = 'films'::regnamespace
     UNION ALL SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger
     WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'films.%'
     UNION ALL SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'films'
     UNION ALL SELECT attrelid::regclass::text, attname || attidentity::text FROM pg_attribute
     WHERE attrelid::regclass::text LIKE 'films.%' AND attnum > 0 ORDER BY 1, 2`,
  );
  return rows;
}

/** Transactions that swap unique names, replace rows with children, and add some, until they are stopped. */
class Writers {
  readonly #db: Db<unknown>;
  readonly #acknowledged: number[] = [];
  readonly #running: Promise<unknown>;
  #next = 1_000;
  #isOver = false;

  constructor(db: Db<unknown>) {
    this.#db = db;
    this.#running = Promise.all([this.#repeat(), this.#repeat(), this.#repeat()]);
    this.#running.catch(() => undefined);
  }

  async advance(count: number): Promise<void> {
    const end = this.#acknowledged.length + count;
    while (this.#acknowledged.length < end) await Promise.race([this.#running, new Promise(setImmediate)]);
  }

  async finish(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  /** Acknowledged films and views that are not there once. */
  async missing(): Promise<number[]> {
    const { rows } = await sql<{ id: number }>`
      SELECT f.id FROM films.films f JOIN films.views v ON v.film_id = f.id AND f.id >= 1000
      GROUP BY f.id HAVING count(*) = 1`.execute(this.#db);
    const present = new Set(rows.map(({ id }) => id));
    return this.#acknowledged.filter((id) => !present.has(id));
  }

  async #repeat(): Promise<void> {
    while (!this.#isOver) {
      const id = this.#next++;
      await this.#db.tx(async (tx) => {
        await sql`INSERT INTO films.films (id, name) VALUES (${id}, ${`new ${id}`})`.execute(tx);
        await sql`INSERT INTO films.views (film_id) VALUES (${id})`.execute(tx);
        await sql`SELECT FROM films.films WHERE id IN (2, 3) ORDER BY id FOR UPDATE`.execute(tx);
        await sql`UPDATE films.films SET name = name || '*' WHERE id = 2`.execute(tx);
        await sql`UPDATE films.films SET name = (SELECT left(name, -1) FROM films.films WHERE id = 2) WHERE id = 3`.execute(
          tx,
        );
        await sql`UPDATE films.films SET name = ${`swapped ${id}`} WHERE id = 2`.execute(tx);
        await sql`DELETE FROM films.films WHERE id = ${4 + (id % 200)}`.execute(tx);
        await sql`INSERT INTO films.films (id, name) VALUES (${4 + (id % 200)}, ${`film ${id}`})`.execute(tx);
        await sql`INSERT INTO films.scenes VALUES (${4 + (id % 200)}, 2, 'another')`.execute(tx);
      });
      this.#acknowledged.push(id);
    }
  }
}
