import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { after, afterEach, before, describe, it } from "node:test";
import { join } from "node:path";
import { digestsOf } from "#kernel/blob/testing";
import { callOf } from "#kernel/host/testing";
import { type StoredFile, upload } from "#services/upload/contract";
import { isDue } from "./scrub.ts";
import { insertScrub, type Tables } from "./store.ts";
import { admin, House } from "./testing.ts";

const count = 100;
const damaged = { code: "kernel.object_damaged", http: 503 };

describe("R5: the regular reading of a store", () => {
  before(async () => {
    house = await House.open({
      settings: { scrubEveryMs: everyMs, scrubAfterStartMs: 0, scrubBytesPerSecond: 2 ** 40 },
    });
  });
  afterEach(() => house.clear());
  after(() => house[Symbol.asyncDispose]());

  it("finds every one of 100 objects with a flipped bit, and none of them can be read afterwards", async () => {
    const files = await stored(count);
    const good = await house.put("whole");
    for (const { file } of files) await flip(file);
    const near = await scrubbed("near");
    assert.deepEqual(
      [near.status, near.objectsTotal, near.objectsDamaged, near.objectsRepaired, near.objectsFailed],
      ["done", count + 1, count, 0, count],
    );
    assert.deepEqual([near.kind, near.isScrub, near.isAutomatic], ["repair", true, true]);
    for (const { file } of files) {
      await assert.rejects(house.stores.open(file.key), damaged);
      await assert.rejects(house.stores.local(file.key), damaged);
    }
    assert.deepEqual(await house.placesOf(good.key), ["near"]);
    const { failures } = await house.client.get({ id: near.id }, admin());
    assert.deepEqual(
      [failures.length, new Set(failures.map(({ error }) => error))],
      [count, new Set(["no_good_copy"])],
    );
    const { items } = await house.client.damaged({}, admin());
    assert.deepEqual(items.map(({ object }) => object).toSorted(), files.map(({ file }) => file.key).toSorted());
    assert.ok(items.every(({ store, userIds }) => store === "near" && userIds.join() === "11"));
  });

  it("repairs every one of 100 objects from the other store, and they are read as they were written", async () => {
    const files = await stored(count);
    await house.run({ kind: "copy", from: "near", to: "far" });
    for (const { file } of files) await flip(file);
    const near = await scrubbed("near");
    assert.deepEqual([near.objectsDamaged, near.objectsRepaired, near.objectsFailed], [count, count, 0]);
    for (const { file, bytes } of files) {
      assert.deepEqual(await house.placesOf(file.key), ["near", "far"]);
      assert.deepEqual(await whole(file.key), bytes);
    }
    assert.deepEqual((await house.client.damaged({}, admin())).items, []);
  });

  it("finds what is too short, what is too long and what is gone, and leaves what nobody needs", async () => {
    const [short, long, gone] = [await house.put("short"), await house.put("long"), await house.put("gone")];
    await truncate(pathOf(short), 2);
    await writeFile(pathOf(long), "longer");
    await rm(pathOf(gone));
    const writer = await house.near.store.create("upload");
    await writer.write(Buffer.from("orphan"));
    const orphan = await writer.commit();
    await flip(orphan);
    const near = await scrubbed("near");
    assert.deepEqual([near.objectsDamaged, near.objectsSkipped], [3, 1]);
    const { failures } = await house.client.get({ id: near.id }, admin());
    const reasons = new Map(failures.map(({ object, error }) => [object, error]));
    assert.deepEqual(
      [short, long, gone].map(({ key }) => reasons.get(key)),
      ["no_good_copy", "no_good_copy", "missing"],
    );
    for (const { key } of [short, long, gone]) await assert.rejects(house.stores.open(key), damaged);
  });

  it("takes nothing for lost that is in the other store, nor what is deleted", async () => {
    const [there, deleted] = [await house.put("there"), await house.put("deleted")];
    await house.run({ kind: "move", from: "near", to: "far" });
    await house.drop(deleted);
    const near = await scrubbed("near");
    assert.deepEqual([near.objectsTotal, near.objectsDamaged, await house.placesOf(there.key)], [0, 0, ["far"]]);
  });

  it("ends when the same content is uploaded again, which is not spared as content that is there", async () => {
    const file = await house.put("film");
    await flip(file);
    await scrubbed("near");
    const files = house.host.client(upload);
    const hash = { kind: "sha256" as const, hex: digestsOf("film").sha256 };
    const given = { hash, sizeBytes: 4, name: "b.bin", purpose: "drive" as const };
    assert.deepEqual(await files.instant(given, callOf(12)), { file: null });
    await house.put("film", 12);
    assert.equal((await whole(file.key)).toString(), "film");
    assert.notEqual((await files.instant(given, callOf(13))).file, null);
    assert.deepEqual((await house.client.damaged({}, admin())).items, []);
  });

  it("ends when the bytes are made whole where they were set aside, or another store has them, by a repair", async () => {
    const [first, second] = [await house.put("first"), await house.put("second")];
    for (const file of [first, second]) await flip(file);
    const { id } = await scrubbed("near");
    await writeFile(join(house.nearFolder, "quarantine", first.key), "first");
    const writer = await house.far.store.create("upload");
    await writer.write(Buffer.from("second"));
    await writer.commit();
    assert.equal((await whole(second.key)).toString(), "second");
    const repaired = await house.run({ kind: "repair", from: "near" });
    assert.deepEqual([repaired.objectsRepaired, repaired.objectsFailed], [2, 0]);
    assert.deepEqual(await house.placesOf(first.key), ["near"]);
    assert.deepEqual(await house.placesOf(second.key), ["near", "far"]);
    await house.client.resume({ id }, admin());
    assert.equal((await house.over(id)).objectsFailed, 0);
  });

  it("gives back at once what is whole at the second look", async () => {
    const { key } = await house.put("film");
    const { store } = house.near;
    const open = store.open.bind(store);
    // Whether it is there is asked first, and its bytes are read then.
    let lies = 2;
    store.open = async (asked) => {
      const reader = await open(asked);
      return reader && lies-- > 0
        ? { ...reader, read: async (_, length) => Buffer.alloc(Math.min(length, 4)) }
        : reader;
    };
    const { objectsDamaged, objectsDone } = await house.run({ kind: "repair", from: "near" });
    store.open = open;
    assert.deepEqual([objectsDamaged, objectsDone, (await whole(key)).toString()], [0, 1, "film"]);
  });

  it("does not set aside what is stored again while it is read", async () => {
    const file = await house.put("film");
    await flip(file);
    const { quarantine } = house.near.store;
    const put = quarantine.put.bind(quarantine);
    // At the last moment: the good bytes are set aside, seen to be good, and given back.
    quarantine.put = async (key) => {
      await writeFile(pathOf(file), "film");
      await put(key);
    };
    const { objectsDamaged } = await scrubbed("near");
    quarantine.put = put;
    assert.deepEqual([objectsDamaged, (await whole(file.key)).toString()], [0, "film"]);
  });

  it("is begun once per period and store, however many processes look", async () => {
    await house.put("film");
    await house.tick(schedule, 8);
    const begun = await scrubs();
    assert.deepEqual(new Set(begun.map(({ from }) => from)), new Set(["far", "near"]));
    assert.equal(begun.length, 2);
    for (const { id } of begun) await house.over(id);
    await house.tick(schedule, 8);
    assert.equal((await scrubs()).length, 2);
    await passPeriod();
    await house.tick(schedule, 8);
    assert.equal((await scrubs()).length, 4);
  });

  it("is begun once where two processes have looked before either began", async () => {
    const db = house.host.database<Tables>("transfer");
    const of = { store: "near", no: 1, bytesPerSecond: 1, nowMs: 0 };
    const begun = await Promise.all([1, 2].map((id) => db.tx((tx) => insertScrub(tx, { ...of, id }))));
    assert.deepEqual(begun.filter(Boolean), [true]);
  });

  it("waits for the one before it, however long that takes", async () => {
    await house.tick(schedule);
    const [one] = await scrubs();
    assert.ok(one);
    for (const { id } of await scrubs()) await house.over(id);
    const db = house.host.database<{ "transfer.transfers": { status: string; id: number } }>("transfer");
    await db.tx(async (tx) => void (await tx.updateTable("transfer.transfers").set({ status: "paused" }).execute()));
    await passPeriod();
    await house.tick(schedule);
    assert.equal((await scrubs()).length, 2);
  });
});

describe("whether a store is due", () => {
  it("depends on its last reading alone", () => {
    const last = { no: 1, status: "done" as const, createdAtMs: 1_000 };
    assert.equal(isDue(undefined, 0, 10), true);
    assert.equal(isDue(undefined, 0, 0), false);
    assert.equal(isDue(last, 1_009, 10), false);
    assert.equal(isDue(last, 1_010, 10), true);
    assert.equal(isDue({ ...last, status: "running" }, 9_999, 10), false);
    assert.equal(isDue({ ...last, status: "paused" }, 9_999, 10), false);
    assert.equal(isDue(last, 995, 10), false);
    assert.equal(isDue(last, 0, 10), true);
  });
});

const schedule = "transfer.scrub";
const everyMs = 3_600_000;
let house: House;

async function stored(many: number): Promise<{ file: StoredFile; bytes: Buffer }[]> {
  return Promise.all(
    Array.from({ length: many }, async (_, n) => {
      const bytes = randomBytes(1_000 + n);
      return { file: await house.put(bytes), bytes };
    }),
  );
}

const pathOf = ({ key }: { key: string }): string => house.pathInNear(key);

/** One bit of a stored object, in `near`. */
async function flip(of: { key: string }): Promise<void> {
  const bytes = await readFile(pathOf(of));
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(pathOf(of), bytes);
}

async function whole(key: string): Promise<Buffer> {
  const reader = await house.stores.open(key);
  assert.ok(reader);
  try {
    return await reader.read(0, reader.sizeBytes);
  } finally {
    await reader.close();
  }
}

async function scrubs() {
  const { items } = await house.client.list({ limit: 100 }, admin());
  return items.filter(({ isScrub }) => isScrub);
}

/** The next regular reading of this store, once it is over. */
async function scrubbed(store: string) {
  await house.tick(schedule);
  const one = (await scrubs()).find(({ from }) => from === store);
  assert.ok(one);
  return house.over(one.id);
}

/** Everything that was begun was begun a period ago. */
async function passPeriod(): Promise<void> {
  const db = house.host.database<{ "transfer.transfers": { created_at_ms: number } }>("transfer");
  await db.tx(async (tx) => {
    await tx
      .updateTable("transfer.transfers")
      .set((e) => ({ created_at_ms: e("created_at_ms", "-", everyMs) }))
      .execute();
  });
}
