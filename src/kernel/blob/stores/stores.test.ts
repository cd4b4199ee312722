import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, it } from "node:test";
import { until } from "#test/until";
import { StorageUnavailable } from "../../errors.ts";
import type { FoundDamage } from "./damage-reports.ts";
import { removeOld } from "../orphans.ts";
import type { BlobStore } from "../port.ts";
import { BlobStores, type MemberStore } from "./stores.ts";
import { all, changedAt, digestsOf, keep, onDisk, pieceNames, put, text } from "../testing.ts";

describe("several stores", () => {
  it("store new content by their placement rules, and read each object from where it is", async () => {
    const { store, near, far } = fixture({ places: { media: "far", "user:42": "far" } });
    const here = await put(store, "here");
    const there = await putTo(store, "there", store.storeFor({ space: "test", userId: 42 }));
    assert.deepEqual([await all(near), await all(far)], [[here], [there]]);
    assert.deepEqual([await text(store, here), await text(store, there)], ["here", "there"]);
    assert.equal(store.storeFor({ space: "media" }), "far");
    assert.deepEqual((await all(store)).toSorted(), [here, there].toSorted());
    await using file = await store.local(there);
    assert.ok(file);
    await assert.rejects(store.create("test", { store: "nowhere" }), TypeError);
  });

  it("find an object after each of several moves between stores", async () => {
    const { store } = fixture();
    const key = await put(store, "film");
    for (const [from, to] of [
      ["near", "far"],
      ["far", "near"],
      ["near", "far"],
    ] as const) {
      assert.equal(await store.copyTo(to, key, from), true);
      await store.only(from).remove(key);
      assert.equal(await text(store, key), "film");
    }
    await store.only("far").remove(key);
    assert.equal(await store.open(key), undefined);
  });

  it("continue reading an object that is moved in the middle", async () => {
    const { store, breakable } = fixture();
    const whole = randomBytes(3_000);
    const key = await putBytes(store, whole);
    const reader = await store.open(key);
    const first = await reader?.read(0, 1_000);
    await store.copyTo("far", key, "near");
    breakable.isBroken = true;
    const rest = await reader?.read(1_000, 2_000);
    assert.deepEqual(Buffer.concat([first ?? "", rest ?? ""].map((part) => Buffer.from(part))), whole);
    await reader?.close();
  });

  it("R5: read a damaged object on from another store, and report the damage once", async () => {
    const { store } = fixture();
    const whole = randomBytes(3 * 2 ** 16);
    const key = await putBytes(store, whole);
    await store.copyTo("far", key, "near");
    const reader = await store.open(key);
    assert.ok(reader);
    assert.deepEqual(await reader.read(0, 100), whole.subarray(0, 100));
    const reported: FoundDamage[] = [];
    store.damage.passTo(
      async (found) => void reported.push(...found),
      () => {},
    );
    await flip(nearDisk(), key, 2 ** 16);
    assert.deepEqual(await reader.read(2 ** 16, 2 ** 16), whole.subarray(2 ** 16, 2 ** 17));
    await reader.close();
    const again = await store.open(key);
    assert.deepEqual(await again?.read(0, whole.byteLength), whole);
    await again?.close();
    await until(async () => reported.length > 0);
    assert.deepEqual(reported, [{ key, store: "near" }]);
  });

  it("R5: fail to read what is damaged in all of them, and report each", async () => {
    const { store } = fixture();
    const key = await put(store, "film");
    await store.copyTo("far", key, "near");
    for (const disk of disks) await flip(disk, key, 0);
    const reported: FoundDamage[] = [];
    store.damage.passTo(
      async (found) => void reported.push(...found),
      () => {},
    );
    await assert.rejects(text(store, key), { code: "kernel.object_damaged" });
    store.reportMissing(`test/${"0".repeat(64)}`);
    await until(async () => reported.length === 3);
    assert.deepEqual(reported.map(({ store: name }) => name).toSorted(), ["far", "near", "near"]);
  });

  it("R5: refuse an object from the first read that found damage on, its intact ranges too, until it is whole again", async () => {
    const { store } = fixture();
    const whole = randomBytes(3 * 2 ** 16);
    const key = await putBytes(store, whole);
    await flip(nearDisk(), key, 2 ** 17);
    const first = await store.open(key);
    assert.deepEqual(await first?.read(0, 100), whole.subarray(0, 100));
    await assert.rejects(async () => first?.read(2 ** 17, 100), { code: "kernel.object_damaged" });
    await first?.close();
    await assert.rejects(store.open(key), { code: "kernel.object_damaged" });
    await putBytes(store.only("far"), whole);
    const elsewhere = await store.open(key);
    assert.deepEqual(await elsewhere?.read(0, whole.byteLength), whole);
    await elsewhere?.close();
    await store.only("far").remove(key);
    await flip(nearDisk(), key, 2 ** 17);
    const again = await store.open(key);
    assert.deepEqual(await again?.read(0, whole.byteLength), whole);
    await again?.close();
  });

  it("remove an object from every store", async () => {
    const { store, near, far } = fixture();
    const key = await put(store, "film");
    await store.copyTo("far", key, "near");
    await store.remove(key);
    assert.deepEqual([await all(near), await all(far), await store.open(key)], [[], [], undefined]);
  });

  it("do not sweep an object that was stored again in another store", async () => {
    const { store, near, far } = fixture();
    const key = await put(near, "film");
    const between = (await changedAt(near, key)) + 1;
    await until(async () => {
      await put(far, "film");
      return (await changedAt(far, key)) >= between;
    });
    await removeOld(store, key, between);
    assert.equal(await text(store, key), "film");
    await removeOld(store, key, Date.now() + 1_000);
    assert.equal(await store.open(key), undefined);
  });

  it("continue a piece in its store, and assemble pieces from several stores", async () => {
    const { store, near, far } = fixture();
    const one = await keep(store, undefined, "on");
    const writer = await store.piece(undefined, { store: "far" });
    await writer.write(Buffer.from("two"));
    const two = await writer.keep();
    await writer.close();
    assert.deepEqual([(await pieceNames(near)).length, (await pieceNames(far)).length], [1, 1]);
    const again = new BlobStores({
      stores: new Map([
        ["near", near],
        ["far", far],
      ]),
      places: {},
    });
    const more = await keep(again, one.at(-1), "e ");
    const pieces = [...more, ...(await keep(again, two.at(-1), "!"))];
    assert.deepEqual([(await pieceNames(near)).length, (await pieceNames(far)).length], [1, 1]);
    const { key } = await again.assemble("test", pieces, { knownDigests: digestsOf("one two!"), store: "far" });
    assert.deepEqual([await all(far), await text(again, key)], [[key], "one two!"]);
    await assert.rejects(again.assemble("test", pieces, { knownDigests: digestsOf("other") }), { http: 503 });
    await store.drop(pieces.map(({ name }) => name));
    assert.deepEqual([await pieceNames(again), (await all(near)).length], [[], 0]);
  });

  it("keep working when one is down, and answer 503 for objects that may be on it", async () => {
    const { store, near, far, breakable } = fixture({ breaks: "far" });
    const here = await put(near, "here");
    const there = await putTo(store, "there", "far");
    const pieces = await keep(store, undefined, "film");
    breakable.isBroken = true;
    assert.equal(await text(store, here), "here");
    assert.equal(await text(store, await put(store, "more")), "more");
    assert.equal((await store.assemble("test", pieces)).sizeBytes, 4);
    assert.equal(await store.ready(), undefined);
    await assert.rejects(store.open(there), { http: 503 });
    await assert.rejects(store.open(`test/${"0".repeat(64)}`), { http: 503 });
    await assert.rejects(putTo(store, "x", "far"), { http: 503 });
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const { key } of store.list("test")) seen.push(key);
      },
      { http: 503 },
    );
    assert.equal(seen.length, 3);
    await assert.rejects(store.remove(here), { http: 503 });
    assert.equal(await near.open(here), undefined);
    breakable.isBroken = false;
    assert.equal(await text(store, there), "there");
    assert.deepEqual(await all(far), [there]);
  });

  it("list the objects of all reachable stores before failing for an unreachable one", async () => {
    const { store, far, breakable } = fixture();
    await put(store, "near");
    const key = await put(far, "far");
    breakable.isBroken = true;
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const one of store.list("test")) seen.push(one.key);
      },
      { http: 503 },
    );
    assert.deepEqual(seen, [key]);
  });

  it("never remove the last copy of an object, and refuse to copy a damaged one", async () => {
    const { store, near, far } = fixture();
    const key = await put(store, "film");
    assert.equal(await store.removeFrom("near", key), false);
    assert.equal(await store.removeFrom("far", key), true);
    await store.copyTo("far", key, "near");
    assert.equal(await store.removeFrom("near", key), true);
    assert.deepEqual([await near.open(key), await text(store, key)], [undefined, "film"]);
    assert.equal(await store.copyTo("near", key, "near"), false);

    const damaged = damaging(far);
    const set = new BlobStores({
      stores: new Map<string, MemberStore>([
        ["near", near],
        ["far", damaged],
      ]),
      places: {},
    });
    await assert.rejects(set.copyTo("near", key, "far"), { http: 503 });
    assert.deepEqual(await all(near), []);
  });

  it("refuse a placement rule that names an unknown store", () => {
    assert.throws(() => fixture({ places: { media: "nowhere" } }), TypeError);
  });
});

const nearDisk = () => {
  const [near] = disks;
  assert.ok(near);
  return near;
};

/** Flips a bit of a stored object. */
async function flip(disk: (typeof disks)[number], key: string, position: number): Promise<void> {
  const object = disk.at("object", key);
  const bytes = await object.read();
  assert.ok(bytes);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  await object.write(bytes);
}

let disks: Awaited<ReturnType<typeof onDisk>>[];
beforeEach(async () => {
  disks = [await onDisk(), await onDisk()];
});
afterEach(async () => {
  for (const disk of disks) await disk[Symbol.asyncDispose]();
});

/** Stores `near` and `far`, of which one can be broken. */
async function putBytes(store: Pick<BlobStore, "create">, bytes: Buffer): Promise<string> {
  const writer = await store.create("test");
  await writer.write(bytes);
  return (await writer.commit()).key;
}

function fixture({ places = {}, breaks = "near" }: { places?: Record<string, string>; breaks?: "near" | "far" } = {}) {
  const breakable = { isBroken: false };
  const [near, far] = disks.map(({ store }) => store);
  assert.ok(near && far);
  const stores = new Map<string, MemberStore>([
    ["near", breaks === "near" ? breaking(near, breakable) : near],
    ["far", breaks === "far" ? breaking(far, breakable) : far],
  ]);
  return { store: new BlobStores({ stores, places }), near, far, breakable };
}

/** The same store, that fails in everything while it is broken, also in what is open. */
function breaking(store: MemberStore, state: { isBroken: boolean }): MemberStore {
  const assertWhole = () => {
    if (state.isBroken) throw StorageUnavailable({});
  };
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        assertWhole();
        const answer: unknown = Reflect.apply(member, target, given);
        if (name !== "open") return answer;
        // The method of this name yields a reader.
        return (answer as ReturnType<BlobStore["open"]>).then(
          (reader) =>
            reader && {
              ...reader,
              read: async (position: number, length: number) => {
                assertWhole();
                return reader.read(position, length);
              },
            },
        );
      };
    },
  });
}

/** The same store, whose objects have other bytes. */
function damaging(store: MemberStore): MemberStore {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== "open") return typeof member === "function" ? member.bind(target) : member;
      return async (key: string) => {
        const reader = await target.open(key);
        return reader && { ...reader, read: async (_: number, length: number) => Buffer.alloc(length) };
      };
    },
  });
}

async function putTo(store: BlobStore, content: string, name: string): Promise<string> {
  const writer = await store.create("test", { store: name });
  await writer.write(Buffer.from(content));
  return (await writer.commit()).key;
}
