import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Chain } from "#chain/chains";
import type { Holding, HoldingCheck } from "#chain/holdings/condition";
import { CachePolicies } from "#kernel/cache/policies";
import { until } from "#test/until";
import { ChainHealth } from "../chains/chain-health.ts";
import type { ServedChain } from "../chains/chain-set.ts";
import { ChainHoldings, type HoldingChange } from "./chain-holdings.ts";

describe("holdings on a chain", () => {
  beforeEach(() => {
    nowMs = 1_000_000;
    states = new Map();
    looks = [];
    changes = [];
    release = undefined;
    holdings = open();
  });

  it("are asked for once by all who ask at the same time", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => holdings.of([check("a")])));
    assert.equal(answers.length, 20);
    assert.deepEqual(looks, [["a"]]);
  });

  it("are at most a minute old, and nobody has them younger than five seconds", async () => {
    await holdings.of([check("a")]);
    states.set("a", "not_held");
    nowMs += 4_999;
    assert.equal(await stateOf("a"), "held");
    assert.equal(await stateOf("a", { isAnew: true }), "held");
    nowMs += 1;
    assert.equal(await stateOf("a"), "held");
    assert.equal(await stateOf("a", { isAnew: true }), "not_held");
    states.set("a", "held");
    nowMs += 55_000;
    assert.equal(await stateOf("a"), "held");
    assert.equal(looks.length, 3);
  });

  it("of a thousand watching wallets are renewed by one look-up a minute, whenever each was asked for first", async () => {
    const wallets = Array.from({ length: 1_000 }, (_, n) => `w${n}`);
    for (const wallet of wallets) {
      await holdings.of([check(wallet)]);
      nowMs += 50;
    }
    looks.length = 0;
    nowMs += 10_000;
    for (const wallet of wallets) await holdings.of([check(wallet)]);
    assert.deepEqual(
      looks.map((look) => look.length),
      [1_000],
    );
    nowMs += 59_999;
    for (const wallet of wallets) await holdings.of([check(wallet)]);
    assert.equal(looks.length, 1);
  });

  it("are not renewed for those who left", async () => {
    await holdings.of([check("a"), check("b")]);
    nowMs += 30_000;
    await holdings.of([check("a")]);
    nowMs += 30_000;
    await holdings.of([check("a")]);
    nowMs += 60_000;
    await holdings.of([check("a")]);
    assert.deepEqual(looks, [["a", "b"], ["a"], ["a"]]);
  });

  it("stand for their minute while the chain is silent, and then are unknown since its last answer", async () => {
    await holdings.of([check("a")]);
    const answeredAtMs = nowMs;
    states.set("a", "unavailable");
    nowMs += 59_999;
    assert.equal(await stateOf("a", { isAnew: true }), "held");
    nowMs += 1;
    assert.deepEqual(await holdings.of([check("a")]), [{ state: "unknown", sinceMs: answeredAtMs }]);
    assert.equal(served.health.condition, "down");
    states.set("a", "held");
    assert.equal(await stateOf("a"), "unknown", "a silent chain is left alone for two seconds");
    nowMs += 2_000;
    assert.equal(await stateOf("a"), "held");
    assert.equal(served.health.condition, "up");
  });

  it("are not old while a clock is set back", async () => {
    await holdings.of([check("a")]);
    states.set("a", "not_held");
    nowMs -= 3_600_000;
    assert.equal(await stateOf("a"), "not_held");
  });

  it("of those who come during a look-up are asked for after it, together, and a failure ends no later one", async () => {
    const gate = Promise.withResolvers<void>();
    release = gate.promise;
    const first = holdings.of([check("a")]);
    await until(() => looks.length === 1);
    const later = Promise.all([holdings.of([check("a"), check("b")]), holdings.of([check("c")])]);
    release = undefined;
    gate.reject(new RangeError("of the test"));
    await assert.rejects(first, RangeError);
    await later.catch(() => undefined);
    assert.deepEqual(await holdings.of([check("b")]), [known("held")]);
    assert.deepEqual(looks[0], ["a"]);
    assert.deepEqual(looks[1], ["b", "c"]);
  });

  it("that change are reported with the users who asked, once", async () => {
    await holdings.of([check("a")], { userId: 7 });
    await holdings.of([check("a")], { userId: 8 });
    states.set("a", "not_held");
    nowMs += 60_000;
    await holdings.of([check("a")]);
    await holdings.of([check("a")]);
    assert.deepEqual(
      changes.map(({ state, userIds }) => [state, userIds]),
      [["not_held", [7, 8]]],
    );
  });
});

let nowMs = 0;
let states = new Map<string, Holding["state"]>();
let looks: string[][] = [];
let changes: HoldingChange[] = [];
let release: Promise<void> | undefined;
let served: ServedChain;
let holdings: ChainHoldings;

const condition = { standard: "erc20", contract: `0x${"c0".repeat(20)}`, min: 1n } as const;
const check = (wallet: string): HoldingCheck => ({ wallet, condition });
const known = (state: string) => ({ state, balance: 1n, block: 9, checkedAtMs: nowMs });
const stateOf = async (wallet: string, options = {}) => (await holdings.of([check(wallet)], options))[0]?.state;

function open(): ChainHoldings {
  const now = () => nowMs;
  const policy = new CachePolicies().declare({ name: "test.holdings", what: "", ttlMs: 60_000, lifetimeMsMax: 60_000 });
  served = {
    chain: { id: 1 } as Chain, // Nothing else of it is read.
    source: { chain: {} as Chain, endpoints: [], now },
    health: new ChainHealth(["https://a.example"], now),
    reader: {
      async holdings(checks) {
        looks.push(checks.map(({ wallet }) => wallet));
        await release;
        return checks.map(({ wallet }): Holding => {
          const state = states.get(wallet) ?? "held";
          return state === "unavailable" ? { state, fault: "no_answer" } : { state, balance: 1n, block: 9 };
        });
      },
      probe: async () => ({ fault: "no_answer" }),
    },
  };
  return new ChainHoldings(served, { policy, now, report: (change) => void changes.push(change) });
}
