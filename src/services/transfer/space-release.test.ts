import assert from "node:assert/strict";
import { utimes } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { until } from "#test/until";
import { admin, TransferFixture } from "./testing.ts";

describe("a release of space", () => {
  before(async () => {
    fixture = await TransferFixture.open({ graceMs: 24 * 3_600_000 });
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("deletes what waits for its grace time, and reports how much it was", async () => {
    assert.equal((await fixture.client.freedSpace({}, admin())).latest, null);
    const [deleted, kept, far] = [await fixture.put("deleted"), await fixture.put("kept"), await fixture.put("far")];
    await fixture.run({ kind: "copy", from: "near", to: "far", userId: 11, largerThanBytes: 4 });
    for (const file of [deleted, far]) await fixture.hideFile(file);
    const [old, recent] = [await orphan("old orphan"), await orphan("recent orphan")];
    const time = new Date(Date.now() - 2 * 3_600_000);
    await utimes(fixture.pathInNear(old), time, time);
    assert.deepEqual(await fixture.placesOf(deleted.key), ["near", "far"]);

    const begun = await fixture.client.freeSpace({}, admin());
    const { status, objects, bytes, reason, endedAtMs } = await over();
    const bytesOf = "deleted".length + "far".length + "old orphan".length;
    assert.deepEqual([status, objects, bytes, reason], ["done", 3, bytesOf, null]);
    assert.ok(endedAtMs !== null && endedAtMs >= begun.createdAtMs);
    for (const key of [deleted.key, far.key, old]) assert.deepEqual(await fixture.placesOf(key), []);
    assert.deepEqual(await fixture.placesOf(kept.key), ["near"]);
    assert.deepEqual(await fixture.placesOf(recent), ["near"]);
  });

  it("runs once at a time, and again where its process was lost", async () => {
    const file = await fixture.put("once");
    await fixture.hideFile(file);
    let failures = 0;
    fixture.onFailpoint = async (name) => {
      if (name !== "purge.bytes_removed" || failures > 0) return;
      failures += 1;
      const again = await fixture.client.freeSpace({}, admin());
      assert.deepEqual([again.status, again.id], ["running", (await begun).id]);
      throw new Error("the process was lost");
    };
    const begun = fixture.client.freeSpace({}, admin());
    assert.deepEqual([(await begun).status, (await over()).status, failures], ["running", "done", 1]);
    assert.deepEqual(await fixture.placesOf(file.key), []);
  });
});

let fixture: TransferFixture;

async function orphan(text: string): Promise<string> {
  const writer = await fixture.near.store.create("upload");
  await writer.write(Buffer.from(text));
  return (await writer.commit()).key;
}

const over = () =>
  until(async () => {
    const { latest } = await fixture.client.freedSpace({}, admin());
    return latest !== null && latest.status !== "running" ? latest : undefined;
  });
