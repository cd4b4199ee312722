import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { LiveFixture } from "../../testing.ts";
import type { Intent, Outcome } from "./ledger.ts";
import { LedgerRig, move } from "./testing.ts";

describe("the ledger", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("lets exactly one of 20 parallel spends take the last coin (S7.1)", async () => {
    // Each in a transaction of its own.
    const rig = new LedgerRig(fixture.db, 1);
    const [purse = 0, other = 0] = await rig.open([1, 0]);
    const outcomes = await postAll(rig, (n) => move(["spend", n], purse, other, 1), 20);
    assert.deepEqual(tally(outcomes), { posted: 1, insufficient: 19 });
    assert.deepEqual([await rig.balance(purse), await rig.balance(other)], [0, 1]);
    await assertSound();
  });

  it("accepts exactly 100 of 200 parallel gifts of a coin from 100 coins (S7.1)", async () => {
    const [rig, [purse = 0, ...hosts]] = await opened(100, 0, 0, 0);
    const outcomes = await postAll(rig, (n) => move(["gift", n], purse, hosts[n % 3] ?? 0, 1), 200);
    assert.deepEqual(tally(outcomes), { posted: 100, insufficient: 100 });
    assert.equal(await rig.balance(purse), 0);
    await assertSound();
  });

  it("posts a key once of 50 that come together, in one batch and in many (S7.1)", async () => {
    for (const itemsMax of [64, 1]) {
      await fixture.clear();
      const rig = new LedgerRig(fixture.db, itemsMax);
      const [purse = 0, other = 0] = await rig.open([100, 0]);
      const outcomes = await postAll(rig, () => move(["same"], purse, other, 3), 50);
      assert.deepEqual(tally(outcomes), { posted: 1, repeated: 49 });
      assert.equal(await rig.balance(purse), 97);
    }
    await assertSound();
  });

  it("refuses a key with another amount, payee or payer, in its batch and later (S7.1)", async () => {
    const [rig, [purse = 0, other = 0, third = 0]] = await opened(100, 50, 50);
    const together = await postAll(rig, (n) => move(["key"], purse, other, 3 + n), 2);
    assert.deepEqual(together, ["posted", "reused"]);
    for (const changed of [
      move(["key"], purse, other, 4),
      move(["key"], purse, third, 3),
      move(["key"], third, other, 3),
    ])
      assert.equal((await rig.post(changed)).outcome, "reused");
    assert.equal(await rig.balance(purse), 97);
  });

  it("refuses only what exceeds the balance in a batch", async () => {
    const [rig, [purse = 0, other = 0]] = await opened(10, 0);
    const amounts = [6, 6, 3, 2, 1, 1];
    const outcomes = await postAll(rig, (n) => move(["part", n], purse, other, amounts[n] ?? 0), amounts.length);
    assert.deepEqual(outcomes, ["posted", "insufficient", "posted", "insufficient", "posted", "insufficient"]);
  });

  it("takes a leg from several accounts in their order, and posts an intent whole or not at all", async () => {
    const [rig, [gifts = 0, coins = 0, host = 0, platform = 0]] = await opened(5, 10, 0, 0);
    const gift = (key: string, amount: number, share: number): Intent => {
      const { id, legs } = move([key], [gifts, coins], host, amount);
      return { id, legs: [...legs, { paths: [{ from: host, to: platform }], amount: share, kind: "platform_share" }] };
    };
    assert.equal((await rig.post(gift("first", 8, 1))).outcome, "posted");
    assert.deepEqual(await Promise.all([gifts, coins, host, platform].map((id) => rig.balance(id))), [0, 7, 7, 1]);
    assert.equal((await rig.post(gift("first", 8, 1))).outcome, "repeated");
    assert.equal((await rig.post(gift("first", 8, 2))).outcome, "reused", "its second leg is another");
    assert.equal((await rig.post(gift("beyond the host", 2, 100))).outcome, "insufficient");
    assert.deepEqual(await Promise.all([gifts, coins, host, platform].map((id) => rig.balance(id))), [0, 7, 7, 1]);
    await assertSound();
  });

  it("changes and deletes no transfer", async () => {
    const [rig, [purse = 0, other = 0]] = await opened(10, 0);
    await rig.post(move(["one"], purse, other, 1));
    await assert.rejects(rig.db.updateTable("live.transfers").set({ amount: 2 }).execute(), /only added/);
    await assert.rejects(rig.db.deleteFrom("live.transfers").execute(), /only added/);
    await assert.rejects(
      rig.db.updateTable("live.accounts").set({ balance: -1 }).where("id", "=", purse).execute(),
      /accounts_check/,
    );
  });

  it("agrees with a naive model under random transfers, repeats and parallel batches (S7.1)", async () => {
    const transfer = fc.record({
      key: fc.nat(30),
      from: fc.nat(3),
      to: fc.nat(3),
      amount: fc.integer({ min: 1, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(transfer, { maxLength: 12 }), { maxLength: 6 }), async (rounds) => {
        await fixture.clear();
        // One lane and one batch a round, so that the order is the model's.
        const [rig, accounts] = await opened(50, 50, 0, 0);
        const model = new Model([50, 50, 0, 0]);
        for (const round of rounds) {
          const moves = round.filter(({ from, to }) => from !== to);
          const expected = moves.map((one) => model.post(one));
          const outcomes = await Promise.all(
            moves.map(({ key, from, to, amount }) =>
              rig.post(move(["random", key], accounts[from] ?? 0, accounts[to] ?? 0, amount)),
            ),
          );
          assert.deepEqual(
            outcomes.map(({ outcome }) => outcome),
            expected,
          );
        }
        assert.deepEqual(await Promise.all(accounts.map((id) => rig.balance(id))), model.balances);
        await assertSound();
      }),
      { numRuns: 25 },
    );
  });
});

const fixture = new LiveFixture();

async function opened(...balances: readonly number[]): Promise<[LedgerRig, number[]]> {
  const rig = new LedgerRig(fixture.db);
  return [rig, await rig.open(balances)];
}

async function postAll(rig: LedgerRig, intent: (n: number) => Intent, count: number): Promise<Outcome[]> {
  const postings = await Promise.all(Array.from({ length: count }, (_, n) => rig.post(intent(n))));
  return postings.map(({ outcome }) => outcome);
}

function tally(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

const assertSound = async () => assert.deepEqual(await fixture.host.findings("live"), []);

interface Move {
  readonly key: number;
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}
/** A model of the ledger, without batches, locks and SQL. */
class Model {
  readonly balances: number[];
  readonly #posted = new Map<number, Move>();

  constructor(balances: readonly number[]) {
    this.balances = [...balances];
  }

  post(one: Move): Outcome {
    const posted = this.#posted.get(one.key);
    if (posted) return JSON.stringify(posted) === JSON.stringify(one) ? "repeated" : "reused";
    if ((this.balances[one.from] ?? 0) < one.amount) return "insufficient";
    this.balances[one.from] = (this.balances[one.from] ?? 0) - one.amount;
    this.balances[one.to] = (this.balances[one.to] ?? 0) + one.amount;
    this.#posted.set(one.key, one);
    return "posted";
  }
}
