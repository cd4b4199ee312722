import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { KinoraError } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { until } from "#test/until";
import { admin, hashOf, TransferFixture } from "./testing.ts";

describe("a transfer between two stores", () => {
  before(async () => {
    fixture = await TransferFixture.open();
  });
  afterEach(() => fixture.clear());
  after(() => fixture[Symbol.asyncDispose]());

  it("moves objects there and back byte for byte, and publishes each move once", async () => {
    const contents = [randomBytes(3 * 2 ** 20 + 7), Buffer.from("small"), Buffer.alloc(0)];
    const files = await Promise.all(contents.map((bytes) => fixture.put(bytes)));
    const there = await fixture.run({ kind: "move", from: "near", to: "far" });
    const bytesTotal = contents.reduce((sum, { byteLength }) => sum + byteLength, 0);
    assert.deepEqual(
      [there.status, there.objectsTotal, there.objectsDone, there.bytesTotal, there.bytesDone, there.objectsFailed],
      ["done", 3, 3, bytesTotal, bytesTotal, 0],
    );
    for (const { key } of files) assert.deepEqual(await fixture.placesOf(key), ["far"]);
    await fixture.run({ kind: "move", from: "far", to: "near" });
    for (const { key } of files) assert.deepEqual(await fixture.placesOf(key), ["near"]);
    await fixture.host.drain();
    const moves = contents.flatMap((bytes) => [`near>far:${hashOf(bytes)}`, `far>near:${hashOf(bytes)}`]);
    assert.deepEqual(fixture.published.toSorted(), moves.toSorted());
  });

  it("reads the copy back before it removes the old one", async () => {
    const { key } = await fixture.put("film");
    const places: string[][] = [];
    fixture.onFailpoint = async (name) => {
      if (name.startsWith("transfer.")) places.push([name, ...(await fixture.placesOf(key))]);
    };
    await fixture.run({ kind: "move", from: "near", to: "far" });
    assert.deepEqual(places, [
      ["transfer.copied", "near", "far"],
      ["transfer.verified", "near", "far"],
      ["transfer.released", "far"],
    ]);
  });

  it("keeps the source of a copy", async () => {
    const { key } = await fixture.put("film");
    const { objectsDone } = await fixture.run({ kind: "copy", from: "near", to: "far" });
    assert.deepEqual([objectsDone, await fixture.placesOf(key)], [1, ["near", "far"]]);
    const again = await fixture.run({ kind: "copy", from: "near", to: "far" });
    assert.deepEqual([again.objectsDone, again.bytesDone], [1, 4]);
  });

  it("selects objects by space, age, size and user", async () => {
    const [small, large, foreign] = [await fixture.put("1"), await fixture.put("22222"), await fixture.put("333", 12)];
    assert.equal((await fixture.run({ kind: "move", from: "near", to: "far", space: "media" })).objectsTotal, 0);
    assert.equal((await fixture.run({ kind: "move", from: "near", to: "far", olderThanMs: 60_000 })).objectsTotal, 0);
    await fixture.run({ kind: "copy", from: "near", to: "far", largerThanBytes: 3 });
    assert.deepEqual(await Promise.all([small, large, foreign].map(({ key }) => fixture.placesOf(key))), [
      ["near"],
      ["near", "far"],
      ["near"],
    ]);
    await fixture.run({ kind: "move", from: "near", to: "far", userId: 12 });
    assert.deepEqual(await fixture.placesOf(foreign.key), ["far"]);
    assert.deepEqual(await fixture.placesOf(small.key), ["near"]);
  });

  it("leaves an object without an owner in its store", async () => {
    const writer = await fixture.near.store.create("upload");
    await writer.write(Buffer.from("orphan"));
    const { key } = await writer.commit();
    const { objectsSkipped, status } = await fixture.run({ kind: "move", from: "near", to: "far" });
    assert.deepEqual([status, objectsSkipped, await fixture.placesOf(key)], ["done", 1, ["near"]]);
  });

  for (const point of ["transfer.copied", "transfer.verified"] as const)
    it(`leaves no copy of an object that is deleted at ${point}`, async () => {
      const file = await fixture.put("film");
      let isDeleted = false;
      fixture.onFailpoint = async (name) => {
        if (name !== point || isDeleted) return;
        isDeleted = true;
        await fixture.deleteFile(file);
      };
      const { status, objectsFailed } = await fixture.run({ kind: "move", from: "near", to: "far" });
      assert.deepEqual([status, objectsFailed, await fixture.placesOf(file.key)], ["done", 0, []]);
    });

  it("removes a copy whose object was deleted meanwhile", async () => {
    const file = await fixture.put("film");
    fixture.onFailpoint = async (name) => void (name === "transfer.copied" && (await fixture.deleteFile(file)));
    const { objectsSkipped } = await fixture.run({ kind: "copy", from: "near", to: "far" });
    assert.deepEqual([objectsSkipped, await fixture.placesOf(file.key)], [1, []]);
  });

  it("copies an object again when the other store lost it before the old copy was removed", async () => {
    const { key } = await fixture.put("film");
    let losses = 0;
    fixture.onFailpoint = async (name) => {
      if (name === "transfer.verified" && losses++ === 0) await fixture.far.store.remove(key);
    };
    const { objectsDone, bytesDone } = await fixture.run({ kind: "move", from: "near", to: "far" });
    assert.deepEqual([objectsDone, bytesDone, losses, await fixture.placesOf(key)], [1, 4, 2, ["far"]]);
  });

  for (const kind of ["move", "copy"] as const)
    it(`leaves no copy of an object that is deleted before its ${kind} is committed`, async () => {
      const bytes = randomBytes(5 * 2 ** 20);
      const file = await fixture.put(bytes);
      let drop: Promise<void> | undefined;
      // The copy is under way: the deletion comes first, and the copy is committed after it.
      const far = fixture.far.store;
      const create = far.create.bind(far);
      far.create = async (...input) => {
        const writer = await create(...input);
        return {
          ...writer,
          commit: async () => {
            await (drop ??= fixture.deleteFile(file));
            return writer.commit();
          },
        };
      };
      const { objectsSkipped } = await fixture.run({ kind, from: "near", to: "far" });
      far.create = create;
      assert.deepEqual([objectsSkipped, await fixture.placesOf(file.key)], [1, []]);
    });

  it("loses no object when two transfers move the same objects in opposite directions", async () => {
    const files = await Promise.all(Array.from({ length: 12 }, (_, i) => fixture.put(`film ${i}`)));
    for (const [n, { key }] of files.entries()) if (n % 2 === 0) await fixture.stores.copyTo("far", key, "near");
    const [one, two] = await Promise.all([
      fixture.begin({ kind: "move", from: "near", to: "far" }),
      fixture.begin({ kind: "move", from: "far", to: "near" }),
    ]);
    for (const { id } of [one, two]) assert.equal((await fixture.over(id)).objectsFailed, 0);
    for (const { key } of files)
      assert.ok(
        (await fixture.placesOf(key)).some((name) => !name.endsWith("!")),
        key,
      );
  });

  it("is paused, resumed and cancelled", async () => {
    const files = await Promise.all(Array.from({ length: 30 }, (_, i) => fixture.put(`film ${i}`)));
    const gate = Promise.withResolvers<void>();
    let passed = 0;
    fixture.onFailpoint = async (name) => {
      if (name === "transfer.verified" && ++passed > 3) await gate.promise;
    };
    const { id } = await fixture.begin({ kind: "move", from: "near", to: "far" });
    await until(() => passed > 3);
    assert.equal((await fixture.client.pause({ id }, admin())).status, "paused");
    gate.resolve();
    await fixture.host.drain();
    const paused = await fixture.client.get({ id }, admin());
    assert.ok(paused.status === "paused" && paused.objectsDone < 30, JSON.stringify(paused));
    fixture.onFailpoint = async () => undefined;
    // Several administrators may do so at a time; the worker may have begun, or be done, by the second answer.
    const resumed = await Promise.all([1, 2, 3, 4].map(() => fixture.client.resume({ id }, admin())));
    for (const { status } of resumed) assert.match(status, /^(?:queued|running|done)$/);
    assert.deepEqual([(await fixture.over(id)).objectsDone], [30]);
    for (const { key } of files) assert.deepEqual(await fixture.placesOf(key), ["far"]);
    await assert.rejects(fixture.client.pause({ id }, admin()), { code: "transfer.over" });
    await assert.rejects(fixture.client.resume({ id }, admin()), { code: "transfer.over" });

    const hold = Promise.withResolvers<void>();
    fixture.onFailpoint = async (name) => void (name === "transfer.copied" && (await hold.promise));
    const second = await fixture.begin({ kind: "move", from: "far", to: "near" });
    await fixture.becomes(second.id, ({ isPlanned }) => isPlanned);
    assert.equal((await fixture.client.cancel({ id: second.id }, admin())).status, "cancelled");
    assert.equal((await fixture.client.cancel({ id: second.id }, admin())).status, "cancelled");
    hold.resolve();
    await fixture.host.drain();
    assert.equal((await fixture.client.get({ id: second.id }, admin())).objectsDone, 0);
    await assert.rejects(fixture.client.resume({ id: second.id }, admin()), { code: "transfer.over" });
    for (const { key } of files) assert.ok((await fixture.placesOf(key)).includes("far"));
  });

  it("finds damaged objects, repairs them from another store, and reports those it cannot repair", async () => {
    const [copied, lost, whole] = [await fixture.put("copied"), await fixture.put("lost"), await fixture.put("whole")];
    await fixture.run({ kind: "copy", from: "near", to: "far" });
    await fixture.far.store.remove(lost.key);
    for (const { key } of [copied, lost]) await damage(key);
    const checked = await fixture.run({ kind: "verify", from: "near" });
    assert.deepEqual([checked.objectsDone, checked.objectsFailed], [1, 2]);
    const repaired = await fixture.run({ kind: "repair", from: "near" });
    assert.deepEqual([repaired.objectsRepaired, repaired.objectsDone, repaired.objectsFailed], [1, 2, 1]);
    const { failures } = await fixture.client.get({ id: repaired.id }, admin());
    assert.deepEqual(failures, [
      {
        object: lost.key,
        sizeBytes: 4,
        error: "no_good_copy",
        message: "its bytes are not those that were stored, and no other store has them",
      },
    ]);
    assert.deepEqual(await fixture.placesOf(copied.key), ["near", "far"]);
    assert.deepEqual(await fixture.placesOf(whole.key), ["near", "far"]);
    assert.deepEqual(await fixture.placesOf(lost.key), ["near!"]);
    // Once another store has it again, it is repaired after all.
    await fixture.far.store.create("upload").then(async (writer) => {
      await writer.write(Buffer.from("lost"));
      await writer.commit();
    });
    await fixture.client.resume({ id: repaired.id }, admin());
    assert.deepEqual([(await fixture.over(repaired.id)).objectsRepaired], [2]);
  });

  it("neither copies nor removes a damaged object", async () => {
    const { key } = await fixture.put("film");
    await damage(key);
    const { objectsFailed, id } = await fixture.run({ kind: "move", from: "near", to: "far" });
    const { failures } = await fixture.client.get({ id }, admin());
    assert.deepEqual([objectsFailed, failures[0]?.error], [1, "damaged"]);
    assert.deepEqual(await fixture.placesOf(key), ["near!"]);
  });

  it("is requested for one file by its hash, repeatedly", async () => {
    const { key } = await fixture.put("film");
    const hash = { kind: "sha256", hex: hashOf("film") } as const;
    const request = (to: string, from?: string) =>
      fixture.client.request({ hash, to, ...(from && { from }) }, callOf());
    assert.deepEqual(
      await Promise.all([request("far"), request("far"), request("far")]),
      [1, 2, 3].map(() => ({ isKnown: true })),
    );
    await until(async () => (await fixture.placesOf(key)).join() === "far");
    await fixture.host.drain();
    const { items } = await fixture.client.list({}, admin());
    assert.deepEqual(
      items.map(({ isAutomatic, objectsDone, status }) => [isAutomatic, objectsDone, status]),
      [[true, 1, "done"]],
    );
    await request("far");
    // Two transfers of one object in opposite directions run in no order.
    await fixture.host.drain();
    assert.deepEqual(await fixture.placesOf(key), ["far"]);
    await request("near", "far");
    await until(async () => (await fixture.placesOf(key)).join() === "near");
    const unknown = { kind: "sha256", hex: "0".repeat(64) } as const;
    assert.deepEqual(await fixture.client.request({ hash: unknown, to: "far" }, callOf()), { isKnown: false });
    await assert.rejects(request("nowhere"), { code: "transfer.unknown_store" });
    await assert.rejects(request("far", "far"), { code: "transfer.two_stores" });
  });

  it("is for administrators, between existing stores", async () => {
    const begin = (changes: object) => fixture.begin({ kind: "move", from: "near", to: "far", ...changes });
    await assert.rejects(begin({ to: "nowhere" }), { code: "transfer.unknown_store" });
    await assert.rejects(begin({ from: "nowhere" }), { code: "transfer.unknown_store" });
    await assert.rejects(begin({ to: "near" }), { code: "transfer.two_stores" });
    await assert.rejects(begin({ to: undefined }), { code: "transfer.two_stores" });
    await assert.rejects(begin({ kind: "verify" }), { code: "transfer.two_stores" });
    await assert.rejects(fixture.client.start({ kind: "verify", from: "near" }, callOf(11)), { http: 403 });
    await assert.rejects(fixture.client.get({ id: 5 }, admin()), { code: "transfer.not_found" });
    const { items } = await fixture.client.stores({}, admin());
    assert.deepEqual(items, [
      { name: "near", isDefault: true, isReady: true, reason: null, isLongTerm: false },
      { name: "far", isDefault: false, isReady: true, reason: null, isLongTerm: false },
    ]);
  });

  it("refuses the results of a worker whose lease was lost while it copied (F17)", async () => {
    const file = await fixture.put("film");
    const hold = Promise.withResolvers<void>();
    let passes = 0;
    fixture.onFailpoint = async (name) => {
      if (name === "transfer.verified" && passes++ === 0) await hold.promise;
    };
    const { id } = await fixture.begin({ kind: "copy", from: "near", to: "far" });
    await until(() => passes === 1);
    // As if the worker had been silent for longer than its lease: another one takes the job.
    const db = fixture.host.database<{ jobs: { kind: string; lease_until_ms: number; state: string } }>("transfer");
    await db.updateTable("jobs").set({ state: "queued" }).where("kind", "=", "transfer").execute();
    const host = await fixture.host.host();
    await until(async () => {
      // Any commit wakes the workers of its service.
      await fixture.client.start({ kind: "verify", from: "far", space: "media" }, admin());
      return (await fixture.client.get({ id }, admin())).status === "done";
    });
    hold.resolve();
    const isStale = (error: unknown) => error instanceof KinoraError && error.code === "kernel.stale_lease";
    await until(() => fixture.jobErrors.some(isStale));
    await host.drain();
    const { objectsDone, bytesDone } = await fixture.client.get({ id }, admin());
    assert.deepEqual([objectsDone, bytesDone, await fixture.placesOf(file.key)], [1, 4, ["near", "far"]]);
    assert.equal(fixture.published.length, 1, "it was published twice");
  });
});

let fixture: TransferFixture;

/** Flips bits of a stored object, as a bad disk does. */
async function damage(key: string): Promise<void> {
  const { folder } = fixture.near as { folder?: string };
  assert.ok(folder);
  const [space = "", hash = ""] = key.split("/");
  const path = join(folder, space, hash.slice(0, 2), hash.slice(2, 4), hash);
  await writeFile(path, Buffer.from((await readFile(path)).map((byte) => byte ^ 1)));
}
