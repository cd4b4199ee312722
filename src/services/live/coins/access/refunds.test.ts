import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { guest, host, LiveFixture } from "../../testing.ts";

const minuteMs = 60_000;

describe("coins for a live room", () => {
  before(() => fixture.start());
  beforeEach(async () => {
    await fixture.clear();
    await client.grantCoins({ id: guest, amount: 1_000, reason: "a prize" }, callOf(3, { role: "admin" }));
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  const viewer = callOf(guest, { caller: "test" });
  const buy = (thingId: number) => client.buyAccess({ kind: "live", thingId, sellerId: host, price: 100 }, viewer);
  const refund = (thingId: number) =>
    client.refundAccess({ kind: "live", thingId }, viewer).then(
      ({ balance }) => balance,
      (error: { code?: string }) => error.code,
    );
  /** As if so much time had passed since the purchase, and since the room was started. */
  const pass = async ({ bought, started }: { bought: number; started?: number }) => {
    await fixture.db
      .updateTable("live.access_purchases")
      .set((eb) => ({ bought_at_ms: eb("bought_at_ms", "-", bought) }))
      .execute();
    if (started !== undefined)
      await fixture.db
        .updateTable("live.live_streams")
        .set((eb) => ({ started_at_ms: eb("started_at_ms", "-", started) }))
        .execute();
  };

  it("are given back for as long as it has not begun, and for a minute afterwards", async () => {
    const { id } = await fixture.room({ visibility: "gated", gate: { kind: "coins", price: 100 } });
    const { balance } = await buy(id);
    await pass({ bought: 30 * 24 * 60 * minuteMs });
    assert.equal(await refund(id), balance + 100, "a month before it begins");
    await buy(id);
    await pass({ bought: 60 * minuteMs });
    await client.start({ id }, callOf(host));
    await pass({ bought: 0, started: minuteMs + 1 });
    assert.equal(await refund(id), "gate.refund_over", "it was to be seen for a minute");
    await pass({ bought: 0, started: -2_000 });
    assert.equal(await refund(id), balance + 100);
  });

  it("are given back within a minute of a purchase while it is live, once", async () => {
    const { id } = await fixture.liveRoom({ visibility: "gated", gate: { kind: "coins", price: 100 } });
    await pass({ bought: 0, started: 10 * minuteMs });
    const { balance } = await buy(id);
    await pass({ bought: minuteMs - 5_000 });
    assert.equal(await refund(id), balance + 100);
    await buy(id);
    assert.equal(await refund(id), "gate.refund_over", "a second look is bought");
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
