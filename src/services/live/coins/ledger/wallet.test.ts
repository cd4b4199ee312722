import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted, userRegistered } from "#events/auth";
import { callOf } from "#kernel/host/testing";
import { audited, contract, type Host, on, plugin } from "#kernel";
import { guest, host, LiveFixture } from "../../testing.ts";
import { post, system } from "./ledger.ts";
import { intentId } from "./transfer-id.ts";

describe("a wallet", () => {
  before(async () => {
    await fixture.start();
    neighbour = await fixture.host.addNeighbour();
    await fixture.host.add(auditListener);
  });
  beforeEach(async () => {
    await fixture.clear();
    acts.length = 0;
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("begins with 1000 coins for gifts, granted once however it is opened", async () => {
    const looks = Promise.all(Array.from({ length: 8 }, () => client.wallet({}, callOf(guest))));
    await publish(userRegistered, { userId: guest, username: "guest" });
    const begun = { balance: 1_000, giftBalance: 1_000, giftEarnings: 0, earnings: 0, pendingPayouts: 0 };
    for (const look of await looks) assert.deepEqual(look, begun);
    await fixture.host.drain();
    assert.deepEqual(await client.wallet({}, callOf(guest)), begun);
    const { items } = await client.statement({}, callOf(guest));
    assert.deepEqual(
      items.map(({ account, kind, amount, balance }) => [account, kind, amount, balance]),
      [["gift_coins", "sign_up", 1_000, 1_000]],
    );
    await assertSound();
  });

  it("shows every move, page by page, and the amounts add up to the balances", async () => {
    for (const amount of [500, 20, -30, 7]) await client.grantCoins({ id: guest, amount, reason: "a prize" }, admin);
    const entries = [];
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await client.statement({ limit: 2, ...(cursor && { cursor }) }, callOf(guest));
      entries.push(...items);
      if (next === null) break;
      cursor = next;
    }
    assert.deepEqual(
      entries.map(({ amount }) => amount),
      [7, -30, 20, 500, 1_000],
    );
    const { balance } = await client.wallet({}, callOf(guest));
    assert.equal(
      entries.reduce((sum, { amount }) => sum + amount, 0),
      balance,
    );
    assert.equal(entries[0]?.balance, balance - 1_000);
  });

  it("is given coins by administrators, who take back at most what is there", async () => {
    await client.grantCoins({ id: guest, amount: 5, reason: "a prize" }, admin);
    const taking = client.grantCoins({ id: guest, amount: -6, reason: "a mistake" }, admin);
    await assert.rejects(taking, { code: "live.too_few_coins", http: 402, details: { balance: 5 } });
    await client.grantCoins({ id: guest, amount: -1, reason: "a mistake" }, admin);
    await client.grantCoins({ id: guest, amount: 1, reason: "no mistake" }, admin);
    await fixture.host.drain();
    assert.deepEqual(
      acts.toSorted(),
      ["coins.corrected -1", "coins.granted 1", "coins.granted 5"].map((act) => `${act} ${host} ${guest}`),
    );
    await assert.rejects(client.grantCoins({ id: guest, amount: 0, reason: "?" }, admin), { code: "live.no_amount" });
    await assert.rejects(client.grantCoins({ id: guest, amount: 5, reason: "mine" }, callOf(guest)), {
      code: "gateway.admins_only",
    });
    assert.equal((await client.wallet({}, callOf(guest))).balance, 1_005);
    await assertSound();
  });

  it("gives the first answer to a repeated grant, and 409 for its key with another amount", async () => {
    const call = () => callOf(1, { role: "admin", idempotencyKey: "grant-1" });
    const first = await client.grantCoins({ id: guest, amount: 5, reason: "a prize" }, call());
    assert.deepEqual(await client.grantCoins({ id: guest, amount: 5, reason: "a prize" }, call()), first);
    await assert.rejects(client.grantCoins({ id: guest, amount: 6, reason: "a prize" }, call()), {
      code: "kernel.idempotency_key_reused",
      http: 409,
    });
    assert.equal((await client.wallet({}, callOf(guest))).balance, 1_005);
  });

  it("pays out earnings alone, in two phases", async () => {
    await assert.rejects(client.requestPayout({ amount: 1 }, callOf(guest)), { code: "live.too_few_coins" });
    await earn(guest, 100);
    const [kept, refused] = await requested(60, 40);
    await assert.rejects(client.requestPayout({ amount: 1 }, callOf(guest)), { code: "live.too_few_coins" });
    assert.deepEqual(await wallet(), {
      balance: 1_000,
      giftBalance: 1_000,
      giftEarnings: 0,
      earnings: 0,
      pendingPayouts: 100,
    });
    const decisions = Array.from({ length: 5 }, () => client.decidePayout({ id: kept, approve: true }, admin));
    for (const { status } of await Promise.all(decisions)) assert.match(status, /paid|approved/);
    const answer = await client.decidePayout({ id: refused, approve: false, note: "no address" }, admin);
    assert.deepEqual([answer.status, answer.note, answer.userId], ["refused", "no address", guest]);
    assert.deepEqual(await wallet(), {
      balance: 1_000,
      giftBalance: 1_000,
      giftEarnings: 0,
      earnings: 40,
      pendingPayouts: 0,
    });
    await assert.rejects(client.decidePayout({ id: kept, approve: false }, admin), { code: "live.payout_decided" });
    await assert.rejects(client.decidePayout({ id: 5, approve: false }, admin), { code: "live.payout_not_found" });
    assert.deepEqual(await statuses(), ["refused", "paid"]);
    await assertSound();
  });

  it("decides a payout one way when it is approved and refused together", async () => {
    await earn(guest, 10);
    const [id] = await requested(10);
    const outcomes = await Promise.allSettled(
      [true, false, true, false].map((approve) => client.decidePayout({ id, approve }, admin)),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 2);
    const { earnings } = await wallet();
    assert.equal(earnings, (await statuses())[0] === "paid" ? 0 : 10);
    await assertSound();
  });

  it("has its earnings back when a payout expires undecided", async () => {
    await earn(guest, 10);
    await requested(10);
    await fixture.host.tick("live.payouts");
    assert.deepEqual(await statuses(), ["pending"]);
    await fixture.db.updateTable("live.payouts").set({ expires_at_ms: 1 }).execute();
    await fixture.host.tick("live.payouts");
    assert.deepEqual([await statuses(), (await wallet()).earnings], [["expired"], 10]);
    await assertSound();
  });

  it("keeps its transfers without its owner when the account is deleted", async () => {
    await earn(guest, 10);
    await requested(10);
    await publish(userDeleted, { userId: guest });
    await fixture.host.drain();
    const owners = await fixture.db.selectFrom("live.accounts").select("owner_id").execute();
    assert.ok(owners.every(({ owner_id }) => owner_id !== guest));
    await assert.rejects(client.wallet({}, callOf(guest)), { code: "auth.bad_token" });
    const { items } = await client.payouts({}, admin);
    assert.deepEqual(
      items.map(({ status, userId }) => [status, userId]),
      [["refused", null]],
    );
    await assertSound();
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
const admin = callOf(host, { role: "admin" });
const acts: string[] = [];
const auditListener = plugin({
  contract: contract("audit_listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(audited, async (_, { act, actorId, subject, detail }) => {
        acts.push(`${act} ${detail?.split(" ")[0]} ${actorId} ${subject?.id}`);
      }),
    ],
  }),
});
let neighbour: Host;

const assertSound = async () => assert.deepEqual(await fixture.host.findings("live"), []);
const wallet = () => client.wallet({}, callOf(guest));
const statuses = async () => (await client.ownPayouts({}, callOf(guest))).items.map(({ status }) => status);

const publish: Publish = (type, payload) => neighbour.db.tx((tx) => neighbour.emit(tx, type, guest, payload));
type Publish = (
  ...[type, payload]:
    | [typeof userDeleted, { userId: number }]
    | [typeof userRegistered, { userId: number; username: string }]
) => Promise<void>;

/** Earnings as gifts bring them. */
async function earn(userId: number, amount: number): Promise<void> {
  await client.wallet({}, callOf(userId));
  const { id } = await fixture.db
    .selectFrom("live.accounts")
    .select("id")
    .where((eb) => eb.and({ owner_id: userId, kind: "earnings" }))
    .executeTakeFirstOrThrow();
  const leg = { paths: [{ from: system.issuance, to: id }], amount, kind: "gift" as const };
  await fixture.db.tx((tx) => post(tx, [{ id: intentId("earned", userId, amount), legs: [leg] }], 1));
}

async function requested(...amounts: readonly number[]): Promise<[number, number]> {
  const ids: number[] = [];
  for (const amount of amounts) ids.push((await client.requestPayout({ amount }, callOf(guest))).id);
  return [ids[0] ?? 0, ids[1] ?? 0];
}
