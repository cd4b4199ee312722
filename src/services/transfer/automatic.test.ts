import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import { until } from "#test/until";
import { sql } from "kysely";
import type { Clock } from "./worker/pace.ts";
import { admin, TransferFixture } from "./testing.ts";

describe("with a long-term store, uploads", () => {
  before(async () => {
    // The objects of a day are one transfer, and midnight may pass meanwhile: the time stands, later than that of any file.
    const standsMs = Date.now() + 24 * 3_600_000;
    fixture = await TransferFixture.open({
      settings: { after: "far", graceMs: 3_600_000 },
      clock,
      now: () => standsMs,
    });
  });
  afterEach(() => fixture.clear());
  after(() => fixture[Symbol.asyncDispose]());

  it("are moved there automatically, and stay in the old store until their readers are done", async () => {
    const bytes = randomBytes(2 ** 20 + 5);
    const file = await fixture.put(bytes);
    const reader = await fixture.stores.open(file.key);
    assert.ok(reader);
    const first = await reader.read(0, 1_000);
    await until(async () => (await fixture.placesOf(file.key)).length === 2);
    const waiting = await until(async () => {
      const { items } = await fixture.client.list({}, admin());
      return items.find(({ objectsWaiting }) => objectsWaiting === 1);
    });
    assert.deepEqual([waiting.isAutomatic, waiting.from, waiting.to], [true, null, "far"]);
    await fixture.host.drain();
    assert.deepEqual(await fixture.placesOf(file.key), ["near", "far"], "its readers were not waited for");
    await afterGrace(async () => (await fixture.placesOf(file.key)).join() === "far");
    const rest = await reader.read(1_000, bytes.byteLength);
    await reader.close();
    assert.ok(Buffer.concat([first, rest]).equals(bytes));
  });

  it("of one day are moved in one transfer", async () => {
    const files = await Promise.all(Array.from({ length: 20 }, (_, i) => fixture.put(`film ${i}`)));
    for (const { key } of files) await afterGrace(async () => (await fixture.placesOf(key)).join() === "far");
    const one = await until(async () => {
      const { items } = await fixture.client.list({}, admin());
      const [transfer] = items;
      return items.length === 1 && transfer?.status === "done" ? transfer : undefined;
    });
    assert.deepEqual([one.objectsTotal, one.objectsDone, one.objectsWaiting, one.objectsFailed], [20, 20, 0, 0]);
    await fixture.put("one more");
    await afterGrace(async () => (await fixture.client.list({}, admin())).items[0]?.objectsDone === 21);
  });

  it("are deleted from both stores while both hold them", async () => {
    const file = await fixture.put("film");
    await until(async () => (await fixture.placesOf(file.key)).length === 2);
    await fixture.deleteFile(file);
    await until(async () => (await fixture.placesOf(file.key)).length === 0);
  });

  it("are moved no faster than the limit, by the clock of the service", async () => {
    const { key } = await fixture.put(randomBytes(5 * 2 ** 20));
    await afterGrace(async () => (await fixture.placesOf(key)).join() === "far");
    const begunMs = clock.nowMs;
    await fixture.begin({ kind: "move", from: "far", to: "near", bytesPerSecond: 2 ** 20 });
    await afterGrace(async () => (await fixture.placesOf(key)).join() === "near");
    // Five mebibytes read to be copied and five to be compared, of which the last one is not waited for.
    assert.ok(clock.nowMs - begunMs >= 9_000, `${clock.nowMs - begunMs} ms`);
    assert.ok(clock.nowMs - begunMs <= 10_000, `${clock.nowMs - begunMs} ms`);
  });
});

/** Time passes only by waiting. */
class WaitedClock implements Clock {
  nowMs = 0;

  elapsedMs(): number {
    return this.nowMs;
  }

  async wait(ms: number): Promise<void> {
    this.nowMs += ms;
  }
}
const clock = new WaitedClock();
let fixture: TransferFixture;

/** Settles when `holds` does; copied objects do not wait for the grace of their readers. */
async function afterGrace(holds: () => Promise<boolean>): Promise<void> {
  const database = fixture.host.database("transfer");
  await until(async () => {
    await fixture.host.drain();
    if (await holds()) return true;
    await sql`UPDATE transfer.transfer_objects SET due_ms = 0`.execute(database);
    await sql`UPDATE jobs SET due_ms = 0 WHERE state = 'queued'`.execute(database);
    return undefined;
  });
}
