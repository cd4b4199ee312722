import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import { until } from "#test/until";
import { sql } from "kysely";
import type { Clock } from "./worker/pace.ts";
import { admin, House } from "./testing.ts";

describe("with a long-term store, uploads", () => {
  before(async () => {
    // All of a day is one transfer, and midnight may pass meanwhile: the time is later than that of any file, and stands.
    const standsMs = Date.now() + 24 * 3_600_000;
    house = await House.open({ settings: { after: "far", graceMs: 3_600_000 }, clock, now: () => standsMs });
  });
  afterEach(() => house.clear());
  after(() => house[Symbol.asyncDispose]());

  it("are moved there by themselves, and stay in the old place until its readers are done", async () => {
    const bytes = randomBytes(2 ** 20 + 5);
    const file = await house.put(bytes);
    const reader = await house.stores.open(file.key);
    assert.ok(reader);
    const first = await reader.read(0, 1_000);
    await until(async () => (await house.placesOf(file.key)).length === 2);
    const waiting = await until(async () => {
      const { items } = await house.client.list({}, admin());
      return items.find(({ objectsWaiting }) => objectsWaiting === 1);
    });
    assert.deepEqual([waiting.isAutomatic, waiting.from, waiting.to], [true, null, "far"]);
    await house.host.drain();
    assert.deepEqual(await house.placesOf(file.key), ["near", "far"], "its readers were not waited for");
    await afterGrace(async () => (await house.placesOf(file.key)).join() === "far");
    const rest = await reader.read(1_000, bytes.byteLength);
    await reader.close();
    assert.ok(Buffer.concat([first, rest]).equals(bytes));
  });

  it("of one day are one transfer, however many there are", async () => {
    const files = await Promise.all(Array.from({ length: 20 }, (_, i) => house.put(`film ${i}`)));
    for (const { key } of files) await afterGrace(async () => (await house.placesOf(key)).join() === "far");
    const one = await until(async () => {
      const { items } = await house.client.list({}, admin());
      const [found] = items;
      return items.length === 1 && found?.status === "done" ? found : undefined;
    });
    assert.deepEqual([one.objectsTotal, one.objectsDone, one.objectsWaiting, one.objectsFailed], [20, 20, 0, 0]);
    await house.put("one more");
    await afterGrace(async () => (await house.client.list({}, admin())).items[0]?.objectsDone === 21);
  });

  it("that are deleted while both stores have them are gone from both", async () => {
    const file = await house.put("film");
    await until(async () => (await house.placesOf(file.key)).length === 2);
    await house.drop(file);
    await until(async () => (await house.placesOf(file.key)).length === 0);
  });

  it("are moved no faster than they may be, by the clock of the service", async () => {
    const { key } = await house.put(randomBytes(5 * 2 ** 20));
    await afterGrace(async () => (await house.placesOf(key)).join() === "far");
    const begunMs = clock.nowMs;
    await house.begin({ kind: "move", from: "far", to: "near", bytesPerSecond: 2 ** 20 });
    await afterGrace(async () => (await house.placesOf(key)).join() === "near");
    // Five mebibytes read to be copied and five to be compared, of which the last one is not waited for.
    assert.ok(clock.nowMs - begunMs >= 9_000, `${clock.nowMs - begunMs} ms`);
    assert.ok(clock.nowMs - begunMs <= 10_000, `${clock.nowMs - begunMs} ms`);
  });
});

/** Goes on by what is waited for, and by nothing else. */
class WaitedClock implements Clock {
  nowMs = 0;

  elapsed(): number {
    return this.nowMs;
  }

  async wait(ms: number): Promise<void> {
    this.nowMs += ms;
  }
}
const clock = new WaitedClock();
let house: House;

/** Settles when this holds; what waits until its readers are done waits no longer. */
async function afterGrace(holds: () => Promise<boolean>): Promise<void> {
  const database = house.host.database("transfer");
  await until(async () => {
    await house.host.drain();
    if (await holds()) return true;
    await sql`UPDATE transfer.transfer_objects SET due_ms = 0`.execute(database);
    await sql`UPDATE jobs SET due_ms = 0 WHERE state = 'queued'`.execute(database);
    return undefined;
  });
}
