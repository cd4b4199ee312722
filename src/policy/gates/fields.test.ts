import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Gate } from "./fields.ts";

/** The fields that a gate is refused for, with the reason. */
const faultsOf = (gate: unknown): string[] =>
  (Gate.safeParse(gate).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
const followers = { kind: "followers" };
const coins = { kind: "coins", price: 1 };
const tokens = { kind: "tokens", chain_id: 1, contract: `0x${"ab".repeat(20)}`, standard: "erc721" };

describe("the fields of a gate", () => {
  it("are those of one form in each part: any, all, or a term", () => {
    for (const gate of [followers, { any: [followers] }, { all: [coins, { any: [tokens] }] }])
      assert.deepEqual(faultsOf(gate), []);
    const isOneForm = "kind: a part has exactly one of any, all and kind";
    assert.deepEqual(faultsOf({}), [isOneForm]);
    assert.deepEqual(faultsOf({ any: [followers], all: [coins] }), [isOneForm]);
    assert.deepEqual(faultsOf({ any: [followers], kind: "password" }), [isOneForm]);
    assert.deepEqual(
      faultsOf({ any: [{ all: [{ any: [followers] }] }] }),
      [`any.0.all.0.${isOneForm}`],
      "three levels",
    );
    assert.equal(faultsOf({ any: [] }).length, 1);
    assert.equal(faultsOf({ any: Array.from({ length: 9 }, () => followers) }).length, 1);
  });

  it("belong to the kind of the term, and are there where it needs them", () => {
    assert.deepEqual(faultsOf({ kind: "coins" }), ["price: coins needs it"]);
    assert.deepEqual(faultsOf({ kind: "tier" }), ["tier_id: tier needs it"]);
    assert.deepEqual(faultsOf({ kind: "tokens" }), [
      "chain_id: tokens needs it",
      "contract: tokens needs it",
      "standard: tokens needs it",
    ]);
    assert.deepEqual(faultsOf({ ...followers, price: 3 }), ["price: it does not belong to followers"]);
    assert.deepEqual(faultsOf({ any: [followers], min: "3" }), ["min: it does not belong to any"]);
    assert.deepEqual(faultsOf({ ...tokens, standard: "erc1155" }), ["token_id: erc1155 needs it"]);
    for (const more of [{ since_days: 30 }, { ...coins, rent_hours: 48 }, { ...tokens, token_id: "7", min: "2" }])
      assert.deepEqual(faultsOf({ ...followers, ...more }), []);
  });

  it("are at most 16 terms, and one password", () => {
    const eight = Array.from({ length: 8 }, () => followers);
    assert.deepEqual(faultsOf({ any: [{ all: eight }, { all: eight }] }), []);
    assert.deepEqual(faultsOf({ any: [{ all: eight }, { all: eight }, coins] }), [": a gate has 16 terms at most"]);
    const password = { kind: "password" };
    assert.deepEqual(faultsOf({ any: [password, coins] }), []);
    assert.deepEqual(faultsOf({ any: [password, { all: [password, coins] }] }), [": a gate has one password"]);
  });

  it("have bounds", () => {
    for (const gate of [
      { ...followers, since_days: 366 },
      { ...coins, price: 0 },
      { ...coins, price: 1_000_001 },
      { ...coins, rent_hours: 0 },
      { kind: "tier", tier_id: 0 },
      { ...tokens, min: "0" },
      { ...tokens, min: "1.5" },
      { ...tokens, token_id: "-1" },
      { ...tokens, standard: "erc404" },
    ])
      assert.equal(faultsOf(gate).length, 1, JSON.stringify(gate));
  });
});
