import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { KinoraError } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { until } from "#test/until";
import { admin, hashOf, House } from "./testing.ts";

describe("a transfer between two stores", () => {
  before(async () => {
    house = await House.open();
  });
  afterEach(() => house.clear());
  after(() => house[Symbol.asyncDispose]());

  it("moves objects there and back, every byte the same, and tells it once each time", async () => {
    const contents = [randomBytes(3 * 2 ** 20 + 7), Buffer.from("small"), Buffer.alloc(0)];
    const files = await Promise.all(contents.map((bytes) => house.put(bytes)));
    const there = await house.run({ kind: "move", from: "near", to: "far" });
    const bytesTotal = contents.reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.deepEqual(
      [there.status, there.objectsTotal, there.objectsDone, there.bytesTotal, there.bytesDone, there.objectsFailed],
      ["done", 3, 3, bytesTotal, bytesTotal, 0],
    );
    for (const { key } of files) assert.deepEqual(await house.placesOf(key), ["far"]);
    await house.run({ kind: "move", from: "far", to: "near" });
    for (const { key } of files) assert.deepEqual(await house.placesOf(key), ["near"]);
    await house.host.drain();
    const told = contents.flatMap((bytes) => [`near>far:${hashOf(bytes)}`, `far>near:${hashOf(bytes)}`]);
    assert.deepEqual(house.told.toSorted(), told.toSorted());
  });

  it("reads the copy back before the old one goes, which stays for its grace", async () => {
    const { key } = await house.put("film");
    const seen: string[][] = [];
    house.at = async (name) => {
      if (name.startsWith("transfer.")) seen.push([name, ...(await house.placesOf(key))]);
    };
    await house.run({ kind: "move", from: "near", to: "far" });
    assert.deepEqual(seen, [
      ["transfer.copied", "near", "far"],
      ["transfer.verified", "near", "far"],
      ["transfer.released", "far"],
    ]);
  });

  it("copies and leaves what it copied", async () => {
    const { key } = await house.put("film");
    const { objectsDone } = await house.run({ kind: "copy", from: "near", to: "far" });
    assert.deepEqual([objectsDone, await house.placesOf(key)], [1, ["near", "far"]]);
    const again = await house.run({ kind: "copy", from: "near", to: "far" });
    assert.deepEqual([again.objectsDone, again.bytesDone], [1, 4]);
  });

  it("takes those objects alone that were asked for", async () => {
    const [small, large, theirs] = [await house.put("1"), await house.put("22222"), await house.put("333", 12)];
    assert.equal((await house.run({ kind: "move", from: "near", to: "far", space: "media" })).objectsTotal, 0);
    assert.equal((await house.run({ kind: "move", from: "near", to: "far", olderThanMs: 60_000 })).objectsTotal, 0);
    await house.run({ kind: "copy", from: "near", to: "far", largerThanBytes: 3 });
    assert.deepEqual(await Promise.all([small, large, theirs].map(({ key }) => house.placesOf(key))), [
      ["near"],
      ["near", "far"],
      ["near"],
    ]);
    await house.run({ kind: "move", from: "near", to: "far", userId: 12 });
    assert.deepEqual(await house.placesOf(theirs.key), ["far"]);
    assert.deepEqual(await house.placesOf(small.key), ["near"]);
  });

  it("leaves what nobody refers to where it is", async () => {
    const writer = await house.near.store.create("upload");
    await writer.write(Buffer.from("orphan"));
    const { key } = await writer.commit();
    const { objectsSkipped, status } = await house.run({ kind: "move", from: "near", to: "far" });
    assert.deepEqual([status, objectsSkipped, await house.placesOf(key)], ["done", 1, ["near"]]);
  });

  for (const point of ["transfer.copied", "transfer.verified"] as const)
    it(`leaves nothing anywhere of what is deleted at ${point}`, async () => {
      const file = await house.put("film");
      let isDropped = false;
      house.at = async (name) => {
        if (name !== point || isDropped) return;
        isDropped = true;
        await house.drop(file);
      };
      const { status, objectsFailed } = await house.run({ kind: "move", from: "near", to: "far" });
      assert.deepEqual([status, objectsFailed, await house.placesOf(file.key)], ["done", 0, []]);
    });

  it("leaves nothing of a copy whose object was deleted meanwhile", async () => {
    const file = await house.put("film");
    house.at = async (name) => void (name === "transfer.copied" && (await house.drop(file)));
    const { objectsSkipped } = await house.run({ kind: "copy", from: "near", to: "far" });
    assert.deepEqual([objectsSkipped, await house.placesOf(file.key)], [1, []]);
  });

  it("copies again what the other store has lost before the old one was let go", async () => {
    const { key } = await house.put("film");
    let losses = 0;
    house.at = async (name) => {
      if (name === "transfer.verified" && losses++ === 0) await house.far.store.remove(key);
    };
    const { objectsDone, bytesDone } = await house.run({ kind: "move", from: "near", to: "far" });
    assert.deepEqual([objectsDone, bytesDone, losses, await house.placesOf(key)], [1, 4, 2, ["far"]]);
  });

  for (const kind of ["move", "copy"] as const)
    it(`leaves nothing of what is deleted before its ${kind} has a name`, async () => {
      const bytes = randomBytes(5 * 2 ** 20);
      const file = await house.put(bytes);
      let drop: Promise<void> | undefined;
      // The copy is under way when its first bytes were read: the deletion wins, and the copy comes after it.
      const far = house.far.store;
      const create = far.create.bind(far);
      far.create = async (...given) => {
        const writer = await create(...given);
        return {
          ...writer,
          commit: async () => {
            await (drop ??= house.drop(file));
            return writer.commit();
          },
        };
      };
      const { objectsSkipped } = await house.run({ kind, from: "near", to: "far" });
      far.create = create;
      assert.deepEqual([objectsSkipped, await house.placesOf(file.key)], [1, []]);
    });

  it("loses nothing where two transfers move the same objects against each other", async () => {
    const files = await Promise.all(Array.from({ length: 12 }, (_, i) => house.put(`film ${i}`)));
    for (const [n, { key }] of files.entries()) if (n % 2 === 0) await house.stores.copyTo("far", key, "near");
    const [one, two] = await Promise.all([
      house.begin({ kind: "move", from: "near", to: "far" }),
      house.begin({ kind: "move", from: "far", to: "near" }),
    ]);
    for (const { id } of [one, two]) assert.equal((await house.over(id)).objectsFailed, 0);
    for (const { key } of files)
      assert.ok(
        (await house.placesOf(key)).some((name) => !name.endsWith("!")),
        key,
      );
  });

  it("rests, goes on and ends when it is told to", async () => {
    const files = await Promise.all(Array.from({ length: 30 }, (_, i) => house.put(`film ${i}`)));
    const gate = Promise.withResolvers<void>();
    let passed = 0;
    house.at = async (name) => {
      if (name === "transfer.verified" && ++passed > 3) await gate.promise;
    };
    const { id } = await house.begin({ kind: "move", from: "near", to: "far" });
    await until(() => passed > 3);
    assert.equal((await house.client.pause({ id }, admin())).status, "paused");
    gate.resolve();
    await house.host.drain();
    const rested = await house.client.get({ id }, admin());
    assert.ok(rested.status === "paused" && rested.objectsDone < 30, JSON.stringify(rested));
    house.at = async () => undefined;
    // It may have begun again by then.
    assert.match((await house.client.resume({ id }, admin())).status, /^(?:queued|running)$/);
    assert.deepEqual([(await house.over(id)).objectsDone], [30]);
    for (const { key } of files) assert.deepEqual(await house.placesOf(key), ["far"]);
    await assert.rejects(house.client.pause({ id }, admin()), { code: "transfer.over" });
    await assert.rejects(house.client.resume({ id }, admin()), { code: "transfer.over" });

    const hold = Promise.withResolvers<void>();
    house.at = async (name) => void (name === "transfer.copied" && (await hold.promise));
    const second = await house.begin({ kind: "move", from: "far", to: "near" });
    await house.becomes(second.id, ({ isPlanned }) => isPlanned);
    assert.equal((await house.client.cancel({ id: second.id }, admin())).status, "cancelled");
    assert.equal((await house.client.cancel({ id: second.id }, admin())).status, "cancelled");
    hold.resolve();
    await house.host.drain();
    assert.equal((await house.client.get({ id: second.id }, admin())).objectsDone, 0);
    await assert.rejects(house.client.resume({ id: second.id }, admin()), { code: "transfer.over" });
    for (const { key } of files) assert.ok((await house.placesOf(key)).includes("far"));
  });

  it("finds what is damaged, repairs it from another store, and says where it cannot", async () => {
    const [kept, lost, whole] = [await house.put("kept"), await house.put("lost"), await house.put("whole")];
    await house.run({ kind: "copy", from: "near", to: "far" });
    await house.far.store.remove(lost.key);
    for (const { key } of [kept, lost]) await damage(key);
    const checked = await house.run({ kind: "verify", from: "near" });
    assert.deepEqual([checked.objectsDone, checked.objectsFailed], [1, 2]);
    const repaired = await house.run({ kind: "repair", from: "near" });
    assert.deepEqual([repaired.objectsRepaired, repaired.objectsDone, repaired.objectsFailed], [1, 2, 1]);
    const { failures } = await house.client.get({ id: repaired.id }, admin());
    assert.deepEqual(failures, [
      {
        object: lost.key,
        sizeBytes: 4,
        error: "no_good_copy",
        message: "its bytes are not those that were stored, and no other store has them",
      },
    ]);
    assert.deepEqual(await house.placesOf(kept.key), ["near", "far"]);
    assert.deepEqual(await house.placesOf(whole.key), ["near", "far"]);
    assert.deepEqual(await house.placesOf(lost.key), ["near!"]);
    // Found again by whoever gives it back, it is repaired after all.
    await house.far.store.create("upload").then(async (writer) => {
      await writer.write(Buffer.from("lost"));
      await writer.commit();
    });
    await house.client.resume({ id: repaired.id }, admin());
    assert.deepEqual([(await house.over(repaired.id)).objectsRepaired], [2]);
  });

  it("neither copies nor lets go of what is damaged", async () => {
    const { key } = await house.put("film");
    await damage(key);
    const { objectsFailed, id } = await house.run({ kind: "move", from: "near", to: "far" });
    const { failures } = await house.client.get({ id }, admin());
    assert.deepEqual([objectsFailed, failures[0]?.error], [1, "damaged"]);
    assert.deepEqual(await house.placesOf(key), ["near!"]);
  });

  it("of one file is asked for by a hash, as often as one likes", async () => {
    const { key } = await house.put("film");
    const hash = { kind: "sha256", hex: hashOf("film") } as const;
    const ask = (to: string, from?: string) => house.client.request({ hash, to, ...(from && { from }) }, callOf());
    assert.deepEqual(
      await Promise.all([ask("far"), ask("far"), ask("far")]),
      [1, 2, 3].map(() => ({ isKnown: true })),
    );
    await until(async () => (await house.placesOf(key)).join() === "far");
    await house.host.drain();
    const { items } = await house.client.list({}, admin());
    assert.deepEqual(
      items.map(({ isAutomatic, objectsDone, status }) => [isAutomatic, objectsDone, status]),
      [[true, 1, "done"]],
    );
    await ask("far");
    await ask("near", "far");
    await until(async () => (await house.placesOf(key)).join() === "near");
    const unknown = { kind: "sha256", hex: "0".repeat(64) } as const;
    assert.deepEqual(await house.client.request({ hash: unknown, to: "far" }, callOf()), { isKnown: false });
    await assert.rejects(ask("nowhere"), { code: "transfer.unknown_store" });
    await assert.rejects(ask("far", "far"), { code: "transfer.two_stores" });
  });

  it("is for administrators, between stores there are", async () => {
    const begin = (given: object) => house.begin({ kind: "move", from: "near", to: "far", ...given });
    await assert.rejects(begin({ to: "nowhere" }), { code: "transfer.unknown_store" });
    await assert.rejects(begin({ from: "nowhere" }), { code: "transfer.unknown_store" });
    await assert.rejects(begin({ to: "near" }), { code: "transfer.two_stores" });
    await assert.rejects(begin({ to: undefined }), { code: "transfer.two_stores" });
    await assert.rejects(begin({ kind: "verify" }), { code: "transfer.two_stores" });
    await assert.rejects(house.client.start({ kind: "verify", from: "near" }, callOf(11)), { http: 403 });
    await assert.rejects(house.client.get({ id: 5 }, admin()), { code: "transfer.not_found" });
    const { items } = await house.client.stores({}, admin());
    assert.deepEqual(items, [
      { name: "near", isDefault: true, isReady: true, reason: null, isLongTerm: false },
      { name: "far", isDefault: false, isReady: true, reason: null, isLongTerm: false },
    ]);
  });

  it("gives the results of a worker up whose lease was lost while it copied (F17)", async () => {
    const file = await house.put("film");
    const hold = Promise.withResolvers<void>();
    let passes = 0;
    house.at = async (name) => {
      if (name === "transfer.verified" && passes++ === 0) await hold.promise;
    };
    const { id } = await house.begin({ kind: "copy", from: "near", to: "far" });
    await until(() => passes === 1);
    // As if the worker had been silent for longer than its lease: another one takes the job.
    const db = house.host.database<{ jobs: { kind: string; lease_until_ms: number; state: string } }>("transfer");
    await db.updateTable("jobs").set({ state: "queued" }).where("kind", "=", "transfer").execute();
    const host = await house.host.host();
    await until(async () => {
      // Any commit wakes the workers of its service.
      await house.client.start({ kind: "verify", from: "far", space: "media" }, admin());
      return (await house.client.get({ id }, admin())).status === "done";
    });
    hold.resolve();
    const isStale = (error: unknown) => error instanceof KinoraError && error.code === "kernel.stale_lease";
    await until(() => house.broken.some(isStale));
    await host.drain();
    const { objectsDone, bytesDone } = await house.client.get({ id }, admin());
    assert.deepEqual([objectsDone, bytesDone, await house.placesOf(file.key)], [1, 4, ["near", "far"]]);
    assert.equal(house.told.length, 1, "it was told twice");
  });
});

let house: House;

/** Other bytes under the same name, as a bad disk makes them. */
async function damage(key: string): Promise<void> {
  const { folder } = house.near as { folder?: string };
  assert.ok(folder);
  const [space = "", hash = ""] = key.split("/");
  const path = join(folder, space, hash.slice(0, 2), hash.slice(2, 4), hash);
  await writeFile(path, Buffer.from((await readFile(path)).map((byte) => byte ^ 1)));
}
