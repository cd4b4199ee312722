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
import { admin, TransferFixture } from "./testing.ts";

const count = 100;
const damaged = { code: "kernel.object_damaged", http: 503 };

describe("R5: the regular scrub of a store", () => {
  before(async () => {
    fixture = await TransferFixture.open({
      settings: { scrubEveryMs: everyMs, scrubAfterStartMs: 0, scrubBytesPerSecond: 2 ** 40 },
    });
  });
  afterEach(() => fixture.clear());
  after(() => fixture[Symbol.asyncDispose]());

  it("finds 100 objects with a flipped bit, and none of them can be read afterwards", async () => {
    const files = await stored(count);
    const good = await fixture.put("whole");
    for (const { file } of files) await flip(file);
    const near = await scrubbed("near");
    assert.deepEqual(
      [near.status, near.objectsTotal, near.objectsDamaged, near.objectsRepaired, near.objectsFailed],
      ["done", count + 1, count, 0, count],
    );
    assert.deepEqual([near.kind, near.isScrub, near.isAutomatic], ["repair", true, true]);
    for (const { file } of files) {
      await assert.rejects(fixture.stores.open(file.key), damaged);
      await assert.rejects(fixture.stores.local(file.key), damaged);
    }
    assert.deepEqual(await fixture.placesOf(good.key), ["near"]);
    const { failures } = await fixture.client.get({ id: near.id }, admin());
    assert.deepEqual(
      [failures.length, new Set(failures.map(({ error }) => error))],
      [count, new Set(["no_good_copy"])],
    );
    const { items } = await fixture.client.damaged({}, admin());
    assert.deepEqual(items.map(({ object }) => object).toSorted(), files.map(({ file }) => file.key).toSorted());
    assert.ok(items.every(({ store, userIds }) => store === "near" && userIds.join() === "11"));
  });

  it("repairs 100 objects from the other store byte for byte", async () => {
    const files = await stored(count);
    await fixture.run({ kind: "copy", from: "near", to: "far" });
    for (const { file } of files) await flip(file);
    const near = await scrubbed("near");
    assert.deepEqual([near.objectsDamaged, near.objectsRepaired, near.objectsFailed], [count, count, 0]);
    for (const { file, bytes } of files) {
      assert.deepEqual(await fixture.placesOf(file.key), ["near", "far"]);
      assert.deepEqual(await whole(file.key), bytes);
    }
    assert.deepEqual((await fixture.client.damaged({}, admin())).items, []);
  });

  it("finds truncated, extended and missing objects, and leaves those without an owner", async () => {
    const [short, long, missing] = [
      await fixture.put("short"),
      await fixture.put("long"),
      await fixture.put("missing"),
    ];
    await truncate(pathOf(short), 2);
    await writeFile(pathOf(long), "longer");
    await rm(pathOf(missing));
    const writer = await fixture.near.store.create("upload");
    await writer.write(Buffer.from("orphan"));
    const orphan = await writer.commit();
    await flip(orphan);
    const near = await scrubbed("near");
    assert.deepEqual([near.objectsDamaged, near.objectsSkipped], [3, 1]);
    const { failures } = await fixture.client.get({ id: near.id }, admin());
    const reasons = new Map(failures.map(({ object, error }) => [object, error]));
    assert.deepEqual(
      [short, long, missing].map(({ key }) => reasons.get(key)),
      ["no_good_copy", "no_good_copy", "missing"],
    );
    for (const { key } of [short, long, missing]) await assert.rejects(fixture.stores.open(key), damaged);
  });

  it("reports neither objects of the other store nor deleted ones as missing", async () => {
    const [there, deleted] = [await fixture.put("there"), await fixture.put("deleted")];
    await fixture.run({ kind: "move", from: "near", to: "far" });
    await fixture.deleteFile(deleted);
    const near = await scrubbed("near");
    assert.deepEqual([near.objectsTotal, near.objectsDamaged, await fixture.placesOf(there.key)], [0, 0, ["far"]]);
  });

  it("lets the same content be uploaded again, but not instantly, which ends the damage", async () => {
    const file = await fixture.put("film");
    await flip(file);
    await scrubbed("near");
    const files = fixture.host.client(upload);
    const hash = { kind: "sha256" as const, hex: digestsOf("film").sha256 };
    const input = { hash, sizeBytes: 4, name: "b.bin", purpose: "drive" as const };
    assert.deepEqual(await files.instant(input, callOf(12)), { file: null });
    await fixture.put("film", 12);
    assert.equal((await whole(file.key)).toString(), "film");
    assert.notEqual((await files.instant(input, callOf(13))).file, null);
    assert.deepEqual((await fixture.client.damaged({}, admin())).items, []);
  });

  it("lets a repair restore bytes from quarantine or another store", async () => {
    const [first, second] = [await fixture.put("first"), await fixture.put("second")];
    for (const file of [first, second]) await flip(file);
    const { id } = await scrubbed("near");
    await writeFile(join(fixture.nearFolder, "quarantine", first.key), "first");
    const writer = await fixture.far.store.create("upload");
    await writer.write(Buffer.from("second"));
    await writer.commit();
    assert.equal((await whole(second.key)).toString(), "second");
    const repaired = await fixture.run({ kind: "repair", from: "near" });
    assert.deepEqual([repaired.objectsRepaired, repaired.objectsFailed], [2, 0]);
    assert.deepEqual(await fixture.placesOf(first.key), ["near"]);
    assert.deepEqual(await fixture.placesOf(second.key), ["near", "far"]);
    await fixture.client.resume({ id }, admin());
    assert.equal((await fixture.over(id)).objectsFailed, 0);
  });

  it("restores an object that is intact at the second check", async () => {
    const { key } = await fixture.put("film");
    const { store } = fixture.near;
    const open = store.open.bind(store);
    // The first read asks whether it is there, the second one reads its bytes.
    let lies = 2;
    store.open = async (key) => {
      const reader = await open(key);
      return reader && lies-- > 0
        ? { ...reader, read: async (_, length) => Buffer.alloc(Math.min(length, 4)) }
        : reader;
    };
    const { objectsDamaged, objectsDone } = await fixture.run({ kind: "repair", from: "near" });
    store.open = open;
    assert.deepEqual([objectsDamaged, objectsDone, (await whole(key)).toString()], [0, 1, "film"]);
  });

  it("does not quarantine an object that is stored again while it is read", async () => {
    const file = await fixture.put("film");
    await flip(file);
    const { quarantine } = fixture.near.store;
    const put = quarantine.put.bind(quarantine);
    // Just before it is set aside: the good bytes are set aside, found to be good, and restored.
    quarantine.put = async (key) => {
      await writeFile(pathOf(file), "film");
      await put(key);
    };
    const { objectsDamaged } = await scrubbed("near");
    quarantine.put = put;
    assert.deepEqual([objectsDamaged, (await whole(file.key)).toString()], [0, "film"]);
  });

  it("is begun once per period and store by several processes", async () => {
    await fixture.put("film");
    await fixture.tick(schedule, 8);
    const begun = await scrubs();
    assert.deepEqual(new Set(begun.map(({ from }) => from)), new Set(["far", "near"]));
    assert.equal(begun.length, 2);
    for (const { id } of begun) await fixture.over(id);
    await fixture.tick(schedule, 8);
    assert.equal((await scrubs()).length, 2);
    await passPeriod();
    await fixture.tick(schedule, 8);
    assert.equal((await scrubs()).length, 4);
  });

  it("is begun once when two processes find it due at the same time", async () => {
    const db = fixture.host.database<Tables>("transfer");
    const scrub = { store: "near", no: 1, bytesPerSecond: 1, nowMs: 0 };
    const begun = await Promise.all([1, 2].map((id) => db.tx((tx) => insertScrub(tx, { ...scrub, id }))));
    assert.deepEqual(begun.filter(Boolean), [true]);
  });

  it("waits for the previous scrub", async () => {
    await fixture.tick(schedule);
    const [one] = await scrubs();
    assert.ok(one);
    for (const { id } of await scrubs()) await fixture.over(id);
    const db = fixture.host.database<{ "transfer.transfers": { status: string; id: number } }>("transfer");
    await db.tx(async (tx) => void (await tx.updateTable("transfer.transfers").set({ status: "paused" }).execute()));
    await passPeriod();
    await fixture.tick(schedule);
    assert.equal((await scrubs()).length, 2);
  });
});

describe("the schedule of a scrub", () => {
  it("depends on its last scrub alone", () => {
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
let fixture: TransferFixture;

async function stored(many: number): Promise<{ file: StoredFile; bytes: Buffer }[]> {
  return Promise.all(
    Array.from({ length: many }, async (_, n) => {
      const bytes = randomBytes(1_000 + n);
      return { file: await fixture.put(bytes), bytes };
    }),
  );
}

const pathOf = ({ key }: { key: string }): string => fixture.pathInNear(key);

/** Flips one bit of a stored object in `near`. */
async function flip(file: { key: string }): Promise<void> {
  const bytes = await readFile(pathOf(file));
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(pathOf(file), bytes);
}

async function whole(key: string): Promise<Buffer> {
  const reader = await fixture.stores.open(key);
  assert.ok(reader);
  try {
    return await reader.read(0, reader.sizeBytes);
  } finally {
    await reader.close();
  }
}

async function scrubs() {
  const { items } = await fixture.client.list({ limit: 100 }, admin());
  return items.filter(({ isScrub }) => isScrub);
}

/** Begins the regular scrub of a store; yields it once it is over. */
async function scrubbed(store: string) {
  await fixture.tick(schedule);
  const one = (await scrubs()).find(({ from }) => from === store);
  assert.ok(one);
  return fixture.over(one.id);
}

/** As if a period had passed since all transfers were begun. */
async function passPeriod(): Promise<void> {
  const db = fixture.host.database<{ "transfer.transfers": { created_at_ms: number } }>("transfer");
  await db.tx(async (tx) => {
    await tx
      .updateTable("transfer.transfers")
      .set((e) => ({ created_at_ms: e("created_at_ms", "-", everyMs) }))
      .execute();
  });
}
