import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import { entriesChanged, type EntryState } from "#events/drive";
import { contract, type Id, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { sql } from "kysely";
import { drive, type Entry } from "./contract.ts";
import { drivePlugin } from "./plugin.ts";
import { fakeMedia, FakeUpload } from "./testing.ts";

describe("a drive's entries for other services", () => {
  before(async () => {
    await host.add(uploads.plugin);
    await host.add(fakeMedia(uploads));
    await host.add(listener);
    await host.add(drivePlugin);
  });
  beforeEach(async () => {
    await host.clear();
    uploads.files.clear();
    states.length = 0;
    owners.length = 0;
  });
  after(() => host[Symbol.asyncDispose]());

  it("have events that say what each change left, whatever order they are read in", async () => {
    const folder = await make("folder");
    const inside = await client.makePath({ path: "a/b", folderId: folder.id }, own());
    const file = await put({ name: "a.txt", folderId: inside.id, bytes: "one" });
    await agree("insertions");
    await client.rename({ id: folder.id, name: "renamed", conflict: "fail" }, own());
    await client.renameByHash(
      { hash: { kind: "sha256", hex: createHash("sha256").update("one").digest("hex") }, name: "b.txt" },
      own(),
    );
    await client.move({ ids: [file.id] }, own());
    await agree("a rename and a move");
    await put({ name: "b.txt", conflict: "replace" });
    await put({ name: "b.txt", conflict: "skip" });
    await agree("an upload that replaces a file, and one that is skipped");
    await client.keep({ fileId: uploads.put(mira, { bytes: "two" }), name: "two.txt" }, own());
    await client.keep({ fileId: uploads.put(mira, { bytes: "two" }), name: "second.txt" }, own());
    await client.keep({ fileId: (await arrived({ bytes: "two" })) ?? 0, name: "third.txt" }, own());
    await agree("files that are stored by their content");
    await client.copy({ ids: [folder.id] }, own());
    await agree("a copy");
    await client.trash({ ids: [folder.id, file.id] }, own());
    await agree("a trashed folder");
    await make("renamed");
    await client.restore({ ids: [folder.id] }, own());
    await agree("a folder that was restored under another name");
    await client.remove({ ids: [folder.id] }, own());
    await client.emptyTrash({}, own());
    await agree("permanent deletions");
    assert.ok(latest().size > (await rows()).size, "something was deleted");
    await publishUserDeleted(mira);
    await agree("the deletion of the account");
    assert.equal((await rows()).size, 0);
  });

  it("have events that follow a large tree into the trash and back, with no name of what is in there", async () => {
    const folder = await make("folder");
    await many(folder.id, 2_500);
    await client.trash({ ids: [folder.id] }, own());
    await agree("a trashed tree");
    assert.equal(states.filter(({ state, name }) => state === "trashed" && name === "").length, 2_501);
    await client.restore({ ids: [folder.id] }, own());
    await agree("a restored tree");
    assert.equal(states.filter(({ state, name }) => state === "live" && name !== "").length, 2_502);
  });

  it("fit into events where each name is as long as one may be", async () => {
    const folder = await make("folder");
    for (let n = 0; n < 100; n++) await make(`${String(n).padStart(3, "0")}${"海".repeat(252)}`, folder.id);
    await client.trash({ ids: [folder.id] }, own());
    await client.restore({ ids: [folder.id] }, own());
    await agree("a folder of long names");
  });

  it("have events of one user each", async () => {
    await make("one");
    await make("two", undefined, callOf(noor));
    await host.drain();
    assert.deepEqual(owners, [mira, noor]);
  });

  it("are placed with the folders above them, save others', trashed ones and those below something trashed", async () => {
    const [outer, top] = [await make("outer"), await make("top")];
    const inner = await make("inner", outer.id);
    const deep = await make("deep", inner.id);
    const placed = async (userId = mira) =>
      (await client.placed({ ids: [deep.id, top.id, 4_444] }, callOf(userId))).items.map(({ id, folders }) => [
        id,
        folders.map(({ name }) => name),
      ]);
    assert.deepEqual(await placed(), [
      [top.id, []],
      [deep.id, ["outer", "inner"]],
    ]);
    assert.deepEqual(await placed(noor), []);
    // As if the job had not come to what is below yet.
    await sql`UPDATE drive.user_files SET trash_id = id, trashed_at_ms = 1 WHERE id = ${outer.id}`.execute(
      host.database("drive"),
    );
    assert.deepEqual(await placed(), [[top.id, []]]);
    await client.trash({ ids: [top.id] }, own());
    assert.deepEqual(await placed(), []);
  });
});

const [mira, noor] = [7, 8];
const host = new TestHost();
const uploads = new FakeUpload();
const client = host.client(drive);
const states: EntryState[] = [];
const owners: Id[] = [];
let publishUserDeleted: (userId: Id) => Promise<void>;
const listener = plugin({
  contract: contract("auth", 1, {}),
  needs: [],
  migrations: [],
  start: ({ db, emit }) => {
    publishUserDeleted = (userId) => db.tx((tx) => emit(tx, userDeleted, userId, { userId }));
    return {
      handlers: {},
      subscriptions: [
        on(entriesChanged, async (_, { userId, entries }) => {
          states.push(...entries);
          owners.push(userId);
        }),
      ],
    };
  },
});

const own = () => callOf(mira);
const make = (name: string, folderId?: Id, call = own()): Promise<Entry> =>
  client.createFolder({ name, ...(folderId !== undefined && { folderId }) }, call);
const put = (file: Parameters<FakeUpload["put"]>[1]): Promise<Entry> =>
  client.place({ fileId: uploads.put(mira, file) }, own());
/** A file that its event has placed already. */
async function arrived(file: Parameters<FakeUpload["put"]>[1]): Promise<Id> {
  const id = uploads.put(mira, file);
  await uploads.publishUploaded(id);
  await host.drain();
  return id;
}

/** The highest version of each entry, or its deletion. */
function latest(inOrder: readonly EntryState[] = states): Map<Id, EntryState> {
  const byId = new Map<Id, EntryState>();
  for (const one of inOrder) {
    const known = byId.get(one.id);
    const isLater = known === undefined || (known.state !== "deleted" && one.version > known.version);
    if (isLater || one.state === "deleted") byId.set(one.id, one);
  }
  return byId;
}

/** All entries as the service describes them to others. */
async function rows(): Promise<Map<Id, EntryState>> {
  const all = new Map<Id, EntryState>();
  for (let after = 0; ; ) {
    const { items } = await client.batch({ after, limit: 500 }, callOf(undefined, { caller: "test" }));
    for (const { userId, ...one } of items) all.set(one.id, one);
    const last = items.at(-1);
    if (!last) return all;
    after = last.id;
  }
}

/** The events describe the present entries. */
async function agree(step: string): Promise<void> {
  await host.drain();
  const sorted = (of: ReadonlyMap<Id, EntryState>) => [...of.values()].toSorted((a, b) => a.id - b.id);
  const there = sorted(await rows());
  for (const inOrder of [states, states.toReversed()]) {
    const followed = sorted(latest(inOrder)).filter(({ state }) => state !== "deleted");
    assert.deepEqual(followed, there, step);
  }
}

/** Files in a folder, as rows alone. */
async function many(folderId: Id, total: number): Promise<void> {
  const db = host.database("drive");
  await sql`
    INSERT INTO drive.user_files (user_id, id, parent_id, rank, name, name_key, grams, file_id, key, sha256, kind, created_at_ms, changed_at_ms, uploaded_at_ms)
    SELECT ${mira}, n, ${folderId}, 1, 'f' || n, 'f' || n, '{}', n, 'k', 's', 'other', 1, 1, 1
    FROM generate_series(100001, 100000 + ${total}::integer) AS n`.execute(db);
  await sql`UPDATE drive.drives SET entry_count = entry_count + ${total}::integer WHERE user_id = ${mira}`.execute(db);
}
