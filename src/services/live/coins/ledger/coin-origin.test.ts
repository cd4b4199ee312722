import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { migrate } from "#kernel/db/upgrade/migrate";
import { openDb } from "#kernel/db/pool";
import { callOf, testDatabase } from "#kernel/host/testing";
import { idTimeMs } from "#kernel/ids/id";
import { sql } from "kysely";
import { migrations } from "../../migrations.ts";
import { guest, host, LiveFixture } from "../../testing.ts";
import type { Tables } from "../../store.ts";
import { divideAmount, post, system } from "./ledger.ts";
import { inconsistencies } from "./ledger-store.ts";
import { intentId } from "./transfer-id.ts";

const [coffee, firework, solo] = [2, 4, 5] as const;

describe("the origin of coins", () => {
  before(() => fixture.start());
  beforeEach(async () => {
    await fixture.clear();
    id = (await fixture.liveRoom()).id;
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("keeps the coins of five new accounts from being paid out, with the reason", async () => {
    for (const giver of [11, 12, 13, 14, 15]) {
      await give(solo, 1, giver);
      await give(firework, 1, giver);
    }
    const wallet = await client.wallet({}, callOf(host));
    assert.deepEqual([wallet.earnings, wallet.giftEarnings], [0, 4_000]);
    await assert.rejects(client.requestPayout({ amount: 3_000 }, callOf(host)), {
      code: "live.gift_earnings_not_payable",
      http: 409,
      details: { payable: 0, giftEarnings: 4_000 },
    });
    await assert.rejects(client.requestPayout({ amount: 4_001 }, callOf(host)), { code: "live.too_few_coins" });
    await assertSound();
  });

  it("splits a gift of both kinds, its share too, and pays out the part that was bought", async () => {
    await client.grantCoins({ id: guest, amount: 600, source: "bought", reason: "a card payment" }, admin);
    // 1,000 free coins and 600 that were bought.
    await give(solo, 2);
    assert.deepEqual(await earned(), [480, 800]);
    const { items } = await client.statement({}, callOf(host));
    assert.deepEqual(items.map(({ account, kind, amount }) => `${account} ${kind} ${amount}`).slice(0, 4), [
      "earnings platform_share -120",
      "gift_earnings platform_share -200",
      "earnings gift 600",
      "gift_earnings gift 1000",
    ]);
    await assert.rejects(client.requestPayout({ amount: 481 }, callOf(host)), {
      code: "live.gift_earnings_not_payable",
      details: { payable: 480, giftEarnings: 800 },
    });
    await client.requestPayout({ amount: 480 }, callOf(host));
    assert.deepEqual(await earned(), [0, 800]);
    await assertSound();
  });

  it("is a bonus for gifts alone, or payable, as the administrator says", async () => {
    const accounts = async () => {
      const { balance, giftBalance } = await client.wallet({}, callOf(guest));
      return [balance, giftBalance];
    };
    await client.grantCoins({ id: guest, amount: 50, source: "bonus", reason: "a festival" }, admin);
    assert.deepEqual(await accounts(), [1_050, 1_050]);
    await client.grantCoins({ id: guest, amount: 30, reason: "a prize" }, admin);
    assert.deepEqual(await accounts(), [1_080, 1_050]);
    const taking = { id: guest, amount: -31, reason: "a mistake" };
    await assert.rejects(client.grantCoins(taking, admin), { code: "live.too_few_coins" });
    await client.grantCoins({ ...taking, source: "bonus" }, admin);
    assert.deepEqual(await accounts(), [1_049, 1_019]);
    await assertSound();
  });

  it("is shown beside a payout: givers, the age of their wallets, coins bought and granted, free coins left out", async () => {
    await client.grantCoins({ id: 11, amount: 800, source: "bought", reason: "a card payment" }, admin);
    await client.grantCoins({ id: 12, amount: 2_000, reason: "a prize" }, admin);
    for (const [giver, count] of [
      [11, 9],
      [12, 15],
      [13, 5],
    ] as const)
      await give(firework, count, giver);
    await client.requestPayout({ amount: 10 }, callOf(host));
    await client.grantCoins({ id: 12, amount: 100, reason: "after the payout" }, admin);
    const { items } = await client.payouts({}, admin);
    const opened = await purses([11, 12]);
    assert.deepEqual(items[0]?.sources, {
      giverCount: 2,
      oldestGiverAtMs: opened[0],
      newestGiverAtMs: opened[1],
      boughtCoins: 800,
      grantedCoins: 2_000,
      largestGiver: 2_000,
      giftEarnings: 2_400,
    });
  });

  it("is crossed by no transfer", async () => {
    await client.wallet({}, callOf(guest));
    await client.wallet({}, callOf(host));
    const [from, to] = [await account(guest, "gift_coins"), await account(host, "earnings")];
    const legs = [{ paths: [{ from, to }], amount: 5, kind: "gift" as const }];
    await assert.rejects(
      fixture.db.tx((tx) => post(tx, [{ id: intentId("crossing"), legs }], 1)),
      /may not become/,
    );
  });

  it("is checked by the doctor, who reports more payable coins than were bought or granted", async () => {
    await give(solo);
    const [from, to] = [await account(host, "gift_earnings"), await account(host, "earnings")];
    await sql`INSERT INTO live.transfers (id, leg, debit, credit, amount, debit_balance, credit_balance, kind, state, at_ms)
      VALUES (gen_random_uuid(), 0, ${from}, ${to}, 640, 0, 640, 'correction', 'posted', 1)`.execute(fixture.db);
    await sql`UPDATE live.accounts SET balance = 640 - balance WHERE id IN (${from}, ${to})`.execute(fixture.db);
    assert.deepEqual((await fixture.host.findings("live")).toSorted(), [
      "640 coins are payable or paid out, and only 0 were bought or granted",
      "the sum over the accounts of gift coins is -640",
      "the sum over the accounts of payable coins is 640",
    ]);
  });

  it("lets no sequence of grants, gifts and payouts make free coins payable", async () => {
    const user = fc.integer({ min: 1, max: 4 });
    const act = fc.oneof(
      fc.record({
        act: fc.constant("grant" as const),
        user,
        amount: fc.integer({ min: -300, max: 900 }),
        source: fc.constantFrom("bought" as const, "granted" as const, "bonus" as const),
      }),
      fc.record({ act: fc.constant("gift" as const), user, giftId: fc.constantFrom(coffee, firework, solo) }),
      fc.record({ act: fc.constant("payout" as const), user, amount: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ act: fc.constant("decide" as const), approve: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), async (acts) => {
        await fixture.clear();
        ({ id } = await fixture.liveRoom());
        let payable = 0;
        const tried = async (work: Promise<unknown>) => work.then(() => true, refusedByRule);
        for (const one of acts) {
          if (one.act === "grant") {
            const { user: to, amount, source } = one;
            const isDone = await tried(client.grantCoins({ id: to, amount, source, reason: "any" }, admin));
            if (isDone && source !== "bonus") payable += amount;
          } else if (one.act === "gift") await tried(give(one.giftId, 1, one.user));
          else if (one.act === "payout") await tried(client.requestPayout({ amount: one.amount }, callOf(one.user)));
          else
            for (const payout of (await client.payouts({ status: "pending" }, admin)).items)
              await client.decidePayout({ id: payout.id, approve: one.approve }, admin);
        }
        await assertSound();
        const { rows } = await sql<{ sum: number }>`
          SELECT coalesce(sum(balance), 0)::bigint AS sum FROM live.accounts
          WHERE kind IN ('earnings', 'payouts_pending', 'payouts_paid')`.execute(fixture.db);
        assert.ok((rows[0]?.sum ?? 0) <= payable, `${rows[0]?.sum} of ${payable}`);
      }),
      { numRuns: 20 },
    );
  });

  it("divides an amount over parts without a coin more or less, and never gives a part more than it has", () => {
    const parts = fc.array(fc.nat(20_000_000), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 100 }), (sizes, percent) => {
        const amount = Math.floor((sizes.reduce((sum, size) => sum + size, 0) * percent) / 100);
        const shares = divideAmount(amount, sizes);
        assert.equal(
          shares.reduce((sum, share) => sum + share, 0),
          amount,
        );
        for (const [place, share] of shares.entries()) assert.ok(share >= 0 && share <= (sizes[place] ?? 0));
      }),
    );
  });
});

describe("a ledger without a border between free coins and others", () => {
  it("is parted: what came from free coins is payable no longer, and what was paid out counts as granted", async () => {
    const steps = migrations.findIndex((step) => step.includes("gift_earnings"));
    const address = await testDatabase("live", migrations.slice(0, steps));
    await using db = Object.assign(openDb<Tables>(address, { service: "live" }), {
      [Symbol.asyncDispose]: () => db.close(),
    });
    // Two hosts: 100 and 200. Givers 300 and 400 have free coins (x) and granted ones (x + 1).
    await db.tx(async (tx) => {
      await sql`INSERT INTO live.accounts (id, owner_id, kind) VALUES
        (10000, 100, 'gift_coins'), (10001, 100, 'coins'), (10002, 100, 'earnings'),
        (20000, 200, 'gift_coins'), (20001, 200, 'coins'), (20002, 200, 'earnings'),
        (30000, 300, 'gift_coins'), (30001, 300, 'coins'), (30002, 300, 'earnings')`.execute(tx);
      const move = async (from: number, to: number, amount: number, kind: string, ref: number | null = null) => {
        await sql`UPDATE live.accounts SET balance = balance - ${amount}::bigint WHERE id = ${from}`.execute(tx);
        await sql`UPDATE live.accounts SET balance = balance + ${amount}::bigint WHERE id = ${to}`.execute(tx);
        await sql`INSERT INTO live.transfers (id, leg, debit, credit, amount, debit_balance, credit_balance, kind, ref, state, at_ms)
          VALUES (gen_random_uuid(), 0, ${from}, ${to}, ${amount}, 0, 0, ${kind}, ${ref}::bigint, 'posted', 1)`.execute(
          tx,
        );
      };
      for (const purse of [10_000, 20_000, 30_000]) await move(1, purse, 1_000, "sign_up");
      await move(1, 30_001, 500, "grant");
      // A gift of 400 free coins, one of 600 free coins and 200 granted ones, and one to a host who was paid out.
      await move(30_000, 10_002, 400, "gift", 1);
      await move(10_002, 10, 80, "platform_share", 1);
      await move(30_000, 10_002, 600, "gift", 2);
      await move(30_001, 10_002, 200, "gift", 2);
      await move(10_002, 11, 160, "platform_share", 2);
      await move(10_000, 20_002, 100, "gift", 3);
      await move(20_002, 10, 20, "platform_share", 3);
      await move(20_002, 2, 70, "payout");
      await move(2, 3, 70, "payout");
    });
    assert.equal((await Array.fromAsync(inconsistencies(db))).length, 2);
    assert.equal(await migrate({ address, schemas: [{ service: "live", migrations }] }), migrations.length - steps);
    assert.deepEqual(await Array.fromAsync(inconsistencies(db)), []);
    const { rows } = await sql<{ owner: number; kind: string; balance: number }>`
      SELECT owner_id AS owner, kind, balance FROM live.accounts
      WHERE owner_id IN (100, 200) AND kind IN ('earnings', 'gift_earnings') ORDER BY owner_id, kind`.execute(db);
    assert.deepEqual(
      rows.map(({ owner, kind, balance }) => `${owner} ${kind} ${balance}`),
      ["100 earnings 160", "100 gift_earnings 800", "200 earnings 0", "200 gift_earnings 10"],
    );
    const { rows: issued } = await sql<{ balance: number }>`
      SELECT balance FROM live.accounts WHERE id = ${system.issuance}`.execute(db);
    // 500 were granted; 70 free coins were paid out before.
    assert.equal(issued[0]?.balance, -570);
  });
});

const fixture = new LiveFixture();
const { client } = fixture;
const admin = callOf(host, { role: "admin" });
let id = 0;

const assertSound = async () => assert.deepEqual(await fixture.host.findings("live"), []);
const give = (giftId: number, quantity = 1, giver: number = guest) =>
  client.sendGift({ id, giftId, quantity }, callOf(giver));

/** The earnings of the host: payable coins and others. */
async function earned(): Promise<number[]> {
  const { earnings, giftEarnings } = await client.wallet({}, callOf(host));
  return [earnings, giftEarnings];
}

async function account(owner: number, kind: Tables["live.accounts"]["kind"]): Promise<number> {
  const row = await fixture.db
    .selectFrom("live.accounts")
    .select("id")
    .where((eb) => eb.and({ owner_id: owner, kind }))
    .executeTakeFirstOrThrow();
  return row.id;
}

/** When the purses of these users were opened, as their ids say it. */
async function purses(users: readonly number[]): Promise<number[]> {
  const ids = await Promise.all(users.map((user) => account(user, "coins")));
  return ids.map(idTimeMs).toSorted((a, b) => a - b);
}

/** Refusals of the contract are part of the game; anything else is a fault. */
function refusedByRule(error: unknown): false {
  if (error instanceof Error && "code" in error && String(error.code).startsWith("live.")) return false;
  throw error;
}
