import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import fc from "fast-check";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { sql } from "kysely";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";
import { createComboCounter } from "./combos.ts";

const [rose, coffee, tram] = [1, 2, 6] as const;

describe("a gift", () => {
  before(async () => {
    await fixture.start();
    neighbour = await fixture.host.addNeighbour();
  });
  beforeEach(async () => {
    await fixture.clear();
    id = (await fixture.liveRoom()).id;
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is one of a list that is there from the start", async () => {
    const { items } = await client.gifts({}, callOf());
    assert.deepEqual(
      items.map(({ name, price }) => [name, price]),
      [
        ["Rose", 5],
        ["Coffee", 10],
        ["Lantern", 50],
        ["Firework", 200],
        ["Solo", 800],
        ["Night tram", 2_000],
      ],
    );
    assert.equal(new Set(items.map(({ icon }) => icon)).size, items.length);
  });

  it("moves its price from the sender to the host, and a fifth of it to the platform", async () => {
    const record = await give({ giftId: coffee, quantity: 3, message: "encore" });
    const { userId, targetId, giftName, quantity, unitPrice, totalValue, comboCount, balance } = record;
    assert.deepEqual(
      { userId, targetId, giftName, quantity, unitPrice, totalValue, comboCount, balance },
      {
        userId: guest,
        targetId: host,
        giftName: "Coffee",
        quantity: 3,
        unitPrice: 10,
        totalValue: 30,
        comboCount: 3,
        balance: 970,
      },
    );
    assert.equal((await client.wallet({}, callOf(guest))).balance, 970);
    const { earnings, giftEarnings } = await client.wallet({}, callOf(host));
    assert.deepEqual([earnings, giftEarnings], [0, 24]);
    const room = await client.get({ id }, callOf());
    assert.deepEqual([room.giftCount, room.giftValue], [3, 30]);
    const of = async (user: number) =>
      (await client.statement({}, callOf(user))).items
        .filter(({ kind }) => kind !== "sign_up")
        .map(({ account, kind, amount, liveId, userId }) => [account, kind, amount, liveId, userId]);
    assert.deepEqual(await of(guest), [["gift_coins", "gift", -30, id, host]]);
    assert.deepEqual(await of(host), [
      ["gift_earnings", "platform_share", -6, id, guest],
      ["gift_earnings", "gift", 30, id, guest],
    ]);
    await assertSound();
  });

  it("spends coins for gifts alone first, and others after them", async () => {
    await client.grantCoins({ id: guest, amount: 1_500, reason: "a prize" }, callOf(host, { role: "admin" }));
    const { balance } = await give({ giftId: tram });
    assert.equal(balance, 500);
    const wallet = await client.wallet({}, callOf(guest));
    assert.deepEqual([wallet.balance, wallet.giftBalance], [500, 0]);
    await assert.rejects(give({ giftId: tram }), { code: "live.too_few_coins", http: 402, details: { balance: 500 } });
    await assertSound();
  });

  it("is refused where it may not be given, and nothing is paid then", async () => {
    await assert.rejects(give({ giftId: 99 }), { code: "live.gift_not_found" });
    await assert.rejects(client.sendGift({ id, giftId: rose }, callOf(host)), {
      code: "live.gift_to_yourself",
      http: 400,
    });
    const waiting = await fixture.room();
    await assert.rejects(give({ id: waiting.id }), { code: "live.not_live", http: 409 });
    const hidden = await fixture.liveRoom({ visibility: "private" });
    await assert.rejects(give({ id: hidden.id }), notFound);
    fixture.relationships.set(guest, { isBlocking: true });
    await assert.rejects(give(), { code: "live.host_blocked", http: 403 });
    fixture.relationships.clear();
    assert.equal((await client.get({ id }, callOf())).giftCount, 0);
    assert.equal((await client.wallet({}, callOf(guest))).balance, 1_000);
  });

  it("is accepted from the whole balance and not beyond it when 300 come in parallel (S7.1)", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 300 }, () => give()));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 200);
    assert.ok(
      outcomes.every(
        (one) => one.status === "fulfilled" || (one.reason as { code: string }).code === "live.too_few_coins",
      ),
    ); // Each is a failure of the contract.
    const { giftCount, giftValue } = await client.get({ id }, callOf());
    assert.deepEqual([giftCount, giftValue], [200, 1_000]);
    assert.equal((await client.wallet({}, callOf(host))).giftEarnings, 800);
    await assertSound();
  });

  it("is paid once for a key that is sent 50 times in parallel, and its repeats get the first answer (S7.1)", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => give({}, "once")));
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    assert.equal((await client.wallet({}, callOf(guest))).balance, 995);
    await client.end({ id }, callOf(host));
    assert.deepEqual(await give({}, "once"), answers[0]);
    await assert.rejects(give({ quantity: 2 }, "once"), { code: "kernel.idempotency_key_reused", http: 409 });
  });

  it("is paid once for a key whose stored answer is lost (S7.1)", async () => {
    const first = await give({ message: "encore" }, "once");
    const forgetAnswers = () => sql`DELETE FROM idempotency`.execute(fixture.db);
    await forgetAnswers();
    assert.deepEqual(await give({ message: "encore" }, "once"), first);
    await forgetAnswers();
    await assert.rejects(give({ quantity: 2 }, "once"), { code: "kernel.idempotency_key_reused" });
    await forgetAnswers();
    const { id: other } = await fixture.liveRoom();
    await assert.rejects(give({ id: other }, "once"), { code: "kernel.idempotency_key_reused" });
    await forgetAnswers();
    await client.end({ id }, callOf(host));
    assert.deepEqual(await give({ message: "encore" }, "once"), first);
    assert.equal((await client.wallet({}, callOf(guest))).balance, 995);
  });

  it("adds up to a combo with those of the last 3 s, anonymous ones apart", async () => {
    const counts = async (...gifts: Parameters<typeof give>[0][]) => {
      const found = [];
      for (const gift of gifts) found.push((await give(gift)).comboCount);
      return found;
    };
    assert.deepEqual(
      await counts({}, { quantity: 4 }, { giftId: coffee }, {}, { isAnonymous: true }, {}),
      [1, 5, 1, 6, 1, 7],
    );
    await fixture.db
      .updateTable("live.live_gift_records")
      .set({ at_ms: Date.now() - 3_500 })
      .execute();
    assert.deepEqual(await counts({}), [1]);
  });

  it("is ranked by its value, and anonymous givers are named to themselves alone", async () => {
    await give({ quantity: 2 });
    await client.sendGift({ id, giftId: coffee, quantity: 5, isAnonymous: true, message: "psst" }, callOf(3));
    const named = async (viewer?: number) =>
      (await client.givers({ id }, callOf(viewer))).items.map(({ rank, userId, totalValue, isMine }) => [
        rank,
        userId,
        totalValue,
        isMine,
      ]);
    for (const viewer of [undefined, host])
      assert.deepEqual(await named(viewer), [
        [1, null, 50, false],
        [2, guest, 10, false],
      ]);
    assert.deepEqual((await named(3))[0], [1, 3, 50, true]);
    const records = async (viewer?: number) =>
      (await client.giftRecords({ id }, callOf(viewer))).items.map(({ userId, balance }) => [userId, balance]);
    assert.deepEqual(await records(guest), [
      [null, undefined],
      [guest, 990],
    ]);
    // Moderators of the room have to know the account to restrict.
    assert.deepEqual(await records(host), [
      [3, undefined],
      [guest, undefined],
    ]);
    assert.deepEqual(await records(3), [
      [3, 950],
      [guest, undefined],
    ]);
    const { items } = await client.statement({}, callOf(host));
    assert.deepEqual(
      items.filter(({ kind }) => kind === "gift").map(({ userId }) => userId),
      [null, guest],
    );
  });

  it("stays without its sender when that account is deleted, and goes with its host", async () => {
    await give({ message: "farewell" });
    await forget(guest);
    const { items } = await client.giftRecords({ id }, callOf());
    assert.deepEqual(
      items.map(({ userId, message }) => [userId, message]),
      [[null, ""]],
    );
    assert.deepEqual((await client.givers({ id }, callOf())).items, []);
    await assert.rejects(give(), { code: "auth.bad_token" });
    await forget(host);
    assert.deepEqual(await fixture.db.selectFrom("live.live_gift_records").select("id").execute(), []);
    await assertSound();
  });

  it("is published once with its room, its value and its sender", async () => {
    const { id: recordId } = await give({ quantity: 2, isAnonymous: true }, "once");
    await give({ quantity: 2, isAnonymous: true }, "once");
    await fixture.host.drain();
    assert.deepEqual(
      fixture.published.filter((one) => one.startsWith("gift")),
      [`gift ${id}`],
    );
    assert.ok(recordId > 0);
  });
});

describe("the count of a combo", () => {
  it("is the sum since the last pause of more than 3 s", () => {
    const step = fc.record({
      gapMs: fc.constantFrom(0, 1, 2_999, 3_000, 3_001, 9_000),
      quantity: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const series = { liveId: 1, userId: 2, giftId: 3, isAnonymous: false };
        let [atMs, expected, comboCount] = [0, 0, 0];
        for (const { gapMs, quantity } of steps) {
          const last = comboCount === 0 ? [] : [{ ...series, comboCount, atMs }];
          atMs += gapMs;
          expected = gapMs <= 3_000 ? expected + quantity : quantity;
          comboCount = createComboCounter(last, atMs)({ ...series, quantity });
          assert.equal(comboCount, expected);
        }
      }),
    );
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
let neighbour: Host;
let id = 0;

const assertSound = async () => assert.deepEqual(await fixture.host.findings("live"), []);

interface Gift {
  readonly id?: number;
  readonly giftId?: number;
  readonly quantity?: number;
  readonly message?: string;
  readonly isAnonymous?: boolean;
}
/** A rose of the guest's, unless another gift is named. */
const give = (gift: Gift = {}, idempotencyKey?: string) =>
  client.sendGift({ id, giftId: rose, ...gift }, callOf(guest, { ...(idempotencyKey && { idempotencyKey }) }));

async function forget(userId: number): Promise<void> {
  await neighbour.db.tx((tx) => neighbour.emit(tx, userDeleted, userId, { userId }));
  await fixture.host.drain();
}
