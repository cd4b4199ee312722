import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Host, Log } from "#kernel";
import { sql } from "kysely";
import type { Tables } from "../store.ts";
import { Stand } from "../testing.ts";
import { documentKind } from "./documents.ts";
import { SearchMemory } from "./memory.ts";
import { restoredFrom, createSnapshots } from "./snapshots.ts";

const stand = new Stand();
const db = () => stand.host.database<Tables>("search");
const warnings: string[] = [];
const log = { warn: (message: string) => void warnings.push(message) } as unknown as Log; // Nothing else is logged.
let host: Host;
let nextId = 1;

describe("snapshots of the search index", () => {
  before(async () => {
    await stand.start();
    host = await stand.host.addNeighbour();
  });
  beforeEach(async () => {
    await stand.clear();
    for await (const { key } of host.blob.list("search")) await host.blob.remove(key);
    warnings.length = 0;
  });
  after(() => stand.host[Symbol.asyncDispose]());

  it("give a new process the index with the rows that changed since", async () => {
    for (let id = 1; id <= 40; id++) await stand.film(id, { title: `film take${id % 3}`, userId: id === 9 ? 2 : 1 });
    const old = memoryOf();
    await write(old);
    await stand.change(3, { title: "harbour" });
    await stand.drop(6);
    await stand.film(41, { title: "film take0" });
    await stand.join(1, "mira");
    const young = memoryOf();
    for (const q of ["film", "take0", "harbour", "mira"])
      assert.deepEqual(await scored(young, q), await scored(old, q), q);
    assert.deepEqual([(await scored(young, "film")).total, (await scored(young, "mira")).total], [39, 39]);
    // It read the snapshot: a row that changed without a mark is as it was.
    await sql`UPDATE search.documents SET title = 'unmarked' WHERE kind = 1 AND id = 9`.execute(db());
    assert.equal((await scored(memoryOf(), "unmarked")).total, 0);
    assert.deepEqual(warnings, []);
  });

  it("are not read where the table was rewritten since", async () => {
    await stand.film(1, { title: "film" });
    await write(memoryOf());
    await sql`TRUNCATE search.documents`.execute(db());
    assert.equal((await scored(memoryOf(), "film")).total, 0);
  });

  it("that are damaged, cut short or missing are logged, and the index is built of all rows", async () => {
    await stand.film(1, { title: "film" });
    await write(memoryOf());
    const [row] = await db().selectFrom("search.snapshots").selectAll().execute();
    const bytes = await bytesOf(row?.key ?? "");
    const damaged = bytes.slice();
    damaged[bytes.length - 3] = (damaged[bytes.length - 3] ?? 0) ^ 1;
    const nonsense = Uint8Array.from({ length: 100 }, (_, n) => n);
    for (const other of [damaged, bytes.slice(0, -5), bytes.slice(0, 30), nonsense]) {
      await point(await store(other));
      assert.equal((await scored(memoryOf(), "film")).total, 1);
    }
    await point(`search/${"0".repeat(64)}`);
    assert.equal((await scored(memoryOf(), "film")).total, 1);
    assert.deepEqual(
      warnings,
      Array.from({ length: 5 }, () => "the snapshot of the search index cannot be read; the index is built anew"),
    );
  });

  it("are written by a schedule when a thousand rows changed; two stay", async () => {
    await stand.host.tick("search.snapshot");
    await stand.host.drain();
    assert.deepEqual(await keys(), []);
    for (const n of [1, 2, 3, 4]) {
      await sql`INSERT INTO search.documents (kind, id, version, owner_id, title, is_visible, changed_tx)
        SELECT ${documentKind.hashtag}, ${n * 1_000} + id, 1, 0, 'tag' || id, true, pg_current_xact_id()::text::bigint
        FROM generate_series(0, 999) AS id`.execute(db());
      await stand.settled();
      stand.clockMs += 10_000;
      await stand.host.tick("search.snapshot");
      await stand.host.drain();
      // Nothing changed since.
      await stand.host.tick("search.snapshot");
      await stand.host.drain();
      assert.equal((await keys()).length, Math.min(n, 2));
    }
    // A day later one change is enough: a name that was deleted is in no snapshot for long.
    const before = await keys();
    stand.clockMs += 86_400_001;
    for (const changes of [0, 1]) {
      if (changes > 0) await stand.tag(9_999, "late");
      await stand.settled();
      await stand.host.tick("search.snapshot");
      await stand.host.drain();
      assert.equal((await keys()).filter((key) => !before.includes(key)).length, changes);
    }
    const objects = (await Array.fromAsync(host.blob.list("search"))).map(({ key }) => key);
    assert.deepEqual(objects.toSorted(), (await keys()).toSorted());
    assert.equal((await scored(memoryOf(), "tag77", documentKind.hashtag)).total, 44);
  });
});

const memoryOf = () =>
  new SearchMemory({
    db: db(),
    log,
    now: () => stand.clockMs,
    restore: (horizon) => restoredFrom({ db: db(), blob: host.blob, log }, horizon),
  });

async function write(memory: SearchMemory): Promise<void> {
  await stand.settled();
  stand.clockMs += 10_000;
  const parts = { db: db(), blob: host.blob, now: () => stand.clockMs, log, jobs: host.jobs, nextId: () => nextId++ };
  await createSnapshots(parts, memory).write(new AbortController().signal);
}

async function scored(memory: SearchMemory, text: string, kind: number = documentKind.video) {
  await stand.settled();
  stand.clockMs += 10_000;
  await memory.refresh();
  return memory.index.search({
    text,
    kinds: [kind],
    isName: kind === documentKind.hashtag,
    limit: 100,
    toleratesTypos: false,
  });
}

const keys = async () => (await db().selectFrom("search.snapshots").select("key").execute()).map(({ key }) => key);
const point = (key: string) => db().updateTable("search.snapshots").set({ key }).execute();

async function bytesOf(key: string): Promise<Buffer> {
  const reader = await host.blob.open(key);
  assert.ok(reader);
  const bytes = await reader.read(0, reader.sizeBytes);
  await reader.close();
  return bytes;
}
async function store(bytes: Uint8Array): Promise<string> {
  const writer = await host.blob.create("search");
  await writer.write(bytes);
  return (await writer.commit()).key;
}
