import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { startPgBouncer } from "#test/servers/pgbouncer";
import { type Replication, startReplication } from "#test/servers/replication";
import { until } from "#test/until";
import { sql } from "kysely";
import { silentLog } from "../../log/port.ts";
import { createPrometheusMetrics } from "../../telemetry/prometheus.ts";
import { Gather } from "../batches/gather.ts";
import { Group } from "../batches/group.ts";
import { createDb, openPool } from "../pool.ts";
import type { Db } from "../port.ts";
import { Commits, recordCommits, type Reading } from "../positions.ts";
import { type Positions } from "../../call.ts";
import { stalenessMsMax } from "./choice.ts";
import { reportOf } from "./watch.ts";
import { Replicas } from "./replicas.ts";

describe("a database with a replica", { timeout: 240_000 }, () => {
  before(async () => {
    replication = await startReplication();
    await replication.primary.ask("CREATE TABLE notes (id BIGINT PRIMARY KEY, text TEXT NOT NULL)");
    ({ server } = await reportOf({ url: replication.primary.url() }));
    opened = await open();
    ({ db, replicas } = opened);
  });
  beforeEach(async () => {
    await replication.primary.ask("TRUNCATE notes");
    await isCurrent();
  });
  after(async () => {
    await opened.close();
    await replication[Symbol.asyncDispose]();
  });

  it("records the log position after a commit, and none for reads and failures", async () => {
    const { commits } = await insert(1);
    const position = commits.positions[server] ?? 0;
    assert.ok(position > 0 && !commits.isUnknown);
    const others = new Commits();
    await recordCommits(others, () => db.moment((reader) => texts(reader)));
    await assert.rejects(
      recordCommits(others, () => db.tx((tx) => sql`SELECT 1 / 0`.execute(tx))),
      /division/,
    );
    assert.ok(others.isEmpty);
    const second = await insert(2);
    assert.ok((second.commits.positions[server] ?? 0) > position);
  });

  it("reads a commit only from a replica that has replayed it, while other reads use the replica", async () => {
    await insert(1);
    await isCurrent();
    await replication.pause();
    try {
      const { commits } = await insert(2);
      assert.deepEqual(await read({ readAfter: commits.positions }), [1, 2]);
      assert.deepEqual(await read({ readAfter: {} }), [1]);
      assert.deepEqual(await read({}), [1, 2]);
    } finally {
      await replication.resume();
    }
    const { commits } = await insert(3);
    await until(() => isFromReplica({ readAfter: commits.positions }));
    assert.deepEqual(await read({ readAfter: commits.positions }), [1, 2, 3]);
  });

  it("records a group commit's position for each of its callers", async () => {
    const group = new Group<Tables, number, number>(db, async (tx, ids) => {
      await tx
        .insertInto("notes")
        .values(ids.map((id) => ({ id, text: "" })))
        .execute();
      return ids;
    });
    await replication.pause();
    try {
      const all = Array.from({ length: 20 }, () => new Commits());
      await Promise.all(all.map((commits, id) => recordCommits(commits, () => group.add(id))));
      for (const commits of all) assert.equal((await read({ readAfter: commits.positions })).length, 20);
    } finally {
      await replication.resume();
    }
  });

  it("reads a batch from a replica only if each of its callers may", async () => {
    const gather = new Gather<Tables, number, number>(db, async (reader, ids) => {
      const rows = (await reader.selectFrom("notes").select("id").execute()).map(({ id }) => id);
      return ids.map((id) => rows.find((one) => one === id));
    });
    await replication.pause();
    try {
      const { commits } = await insert(7);
      const own = { readAfter: commits.positions };
      const others = { readAfter: {} };
      assert.deepEqual(await Promise.all([gather.get(7, others), gather.get(7, own)]), [7, 7]);
      assert.deepEqual(await Promise.all([gather.get(7, others), gather.get(7)]), [7, 7]);
      assert.equal(await gather.get(7, others), undefined);
    } finally {
      await replication.resume();
    }
  });

  it("does not read from a replica beyond the staleness limit", async () => {
    await replication.pause();
    try {
      await insert(1);
      assert.deepEqual(await read({ readAfter: {} }), []);
      await until(async () => (await read({ readAfter: {} })).length === 1);
      await until(() => replicas.unusedReason()?.includes("too far behind"));
    } finally {
      await replication.resume();
    }
    await isCurrent();
    await until(() => replicas.unusedReason() === undefined);
  });

  it("refuses to write through a replica", async () => {
    await assert.rejects(
      db.read({ readAfter: {} }).insertInto("notes").values({ id: 1, text: "" }).execute(),
      /read-only/,
    );
    await assert.rejects(
      db
        .read({ readAfter: {} })
        .transaction()
        .execute(async () => undefined),
      /primary/,
    );
  });

  it("answers from the primary when a replica dies during a read, and uses the replica again later", async () => {
    await insert(1);
    await isCurrent();
    const begun = sql<{ n: number }>`SELECT count(*)::bigint AS n, pg_sleep(0.3) FROM notes`;
    const reads = Array.from({ length: 4 }, () => begun.execute(db.read({ readAfter: {} })));
    await until(async () => (await backends()) >= 4);
    await replication.standby.kill();
    for (const { rows } of await Promise.all(reads)) assert.equal(rows[0]?.n, 1);
    await until(() => replicas.unusedReason() !== undefined);
    assert.deepEqual(await read({ readAfter: {} }), [1]);
    await replication.standby.start();
    await isCurrent();
  });

  it("reads from a replica through PgBouncer", async () => {
    const at = (port: number) => ({ host: "127.0.0.1", port, user: "kinora", database: "postgres" });
    await using primary = await startPgBouncer(at(replication.primary.port));
    await using standby = await startPgBouncer(at(replication.standby.port));
    const pooled = await open({ primary: primary.url, standby: standby.url, isPooled: true });
    try {
      const commits = new Commits();
      await recordCommits(commits, () =>
        pooled.db.tx((tx) => tx.insertInto("notes").values({ id: 1, text: "" }).execute()),
      );
      await until(() => isFromReplica({ readAfter: commits.positions }, pooled.db));
      assert.deepEqual(await read({ readAfter: commits.positions }, pooled.db), [1]);
    } finally {
      await pooled.close();
    }
  });

  it("does not read from a primary or a promoted replica as if it were a standby", async () => {
    const strange = await open({ standby: replication.primary.url() });
    try {
      assert.equal(strange.db.read({ readAfter: {} }), strange.db);
      assert.match(strange.replicas.unusedReason() ?? "", /not a standby/);
    } finally {
      await strange.close();
    }
    await replication.standby.ask("SELECT pg_promote()");
    await until(() => replicas.unusedReason()?.includes("not a standby"));
    assert.equal(db.read({ readAfter: {} }), db);
    const other = await open({ primary: replication.standby.url() });
    try {
      assert.match(other.replicas.unusedReason() ?? "", /not a standby|timeline/);
    } finally {
      await other.close();
    }
  });
});

interface Tables {
  notes: { id: number; text: string };
}
interface Opened {
  readonly db: Db<Tables>;
  readonly replicas: Replicas;
  close(): Promise<void>;
}
let replication: Replication;
let server = "";
let opened: Opened;
let db: Db<Tables>;
let replicas: Replicas;

async function open({
  primary = replication.primary.url(),
  standby = replication.standby.url(),
  isPooled = false,
} = {}): Promise<Opened> {
  const replicas = new Replicas({
    server,
    primary: { url: primary },
    replicas: [{ url: standby }],
    connectionsMax: 8,
    isPooled,
    log: silentLog,
    metrics: createPrometheusMetrics(),
  });
  await replicas.start();
  const pool = openPool({ url: primary }, { recordedServer: server, isPooled });
  return {
    db: createDb<Tables>(pool, { service: "notes", replication: replicas }),
    replicas: replicas,
    async close() {
      await replicas.close();
      await pool.end();
    },
  };
}

async function insert(id: number): Promise<{ commits: Commits }> {
  const commits = new Commits();
  await recordCommits(commits, () => db.tx((tx) => tx.insertInto("notes").values({ id, text: "" }).execute()));
  return { commits };
}

const texts = (reader: Pick<Db<Tables>, "selectFrom">) =>
  reader.selectFrom("notes").select("id").orderBy("id").execute();
const read = async (reading: Reading, from = db) => (await texts(from.read(reading))).map(({ id }) => id);

async function isFromReplica(reading: Reading, from = db): Promise<boolean> {
  const { rows } = await sql<{ is: boolean }>`SELECT pg_is_in_recovery() AS is`.execute(from.read(reading));
  return rows[0]?.is === true;
}

/** Settles when the replica has replayed all there is. */
async function isCurrent(): Promise<void> {
  const { position } = await reportOf({ url: replication.primary.url() });
  const readAfter: Positions = { [server]: position };
  await until(() => isFromReplica({ readAfter }), {
    waitMs: stalenessMsMax + 30_000,
    said: () => replicas.unusedReason() ?? "",
  });
}

async function backends(): Promise<number> {
  const rows = await replication.standby.ask("SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(0.3)%'");
  return rows.length - 1;
}
