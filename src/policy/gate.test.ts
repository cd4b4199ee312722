import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Gate, needOf, type Opening, openingOf, type Term, termsOf, type TermState } from "./gate.ts";

const term: fc.Arbitrary<Term> = fc.constantFrom<Term>(
  { kind: "followers", since_days: 30 },
  { kind: "password" },
  { kind: "invited" },
  { kind: "coins", price: 120 },
  { kind: "tier", tier_id: 2 },
  { kind: "tokens", chain_id: 1, contract: "0x1", standard: "erc721" },
);
const groupOf = (part: fc.Arbitrary<Gate>): fc.Arbitrary<Gate> =>
  fc.oneof(
    fc.record({ any: fc.array(part, { minLength: 1, maxLength: 4 }) }),
    fc.record({ all: fc.array(part, { minLength: 1, maxLength: 4 }) }),
  );
// Copies, so that each term has a state of its own.
const copied = term.map((one): Term => ({ ...one }));
const gates = fc.oneof(copied, groupOf(copied), groupOf(fc.oneof(copied, groupOf(copied))));
const states: readonly TermState[] = ["met", "unmet", "waiting_for_finality", "unknown"];

/** A gate with a state for each of its terms. */
const standings = gates.chain((gate) => {
  const terms = termsOf(gate).map((placed) => placed.term);
  return fc
    .array(fc.constantFrom(...states), { minLength: terms.length, maxLength: terms.length })
    .map((chosen) => ({ gate, states: new Map(terms.map((one, place) => [one, chosen[place] ?? "unmet"] as const)) }));
});

/** True if the tree is, where each term is. */
const isTrue = (gate: Gate, holds: (term: Term) => boolean): boolean =>
  "kind" in gate
    ? holds(gate)
    : "any" in gate
      ? gate.any.some((part) => isTrue(part, holds))
      : gate.all.every((part) => isTrue(part, holds));

describe("the rule of gates", () => {
  it("opens where the terms that are met suffice whatever the unknown ones are, and is unknown where they decide", () => {
    fc.assert(
      fc.property(standings, ({ gate, states: known }) => {
        const opening = openingOf(gate, (one) => known.get(one) ?? "unmet");
        const atWorst = isTrue(gate, (one) => known.get(one) === "met");
        const atBest = isTrue(gate, (one) => ["met", "unknown"].includes(known.get(one) ?? ""));
        const expected: Opening = atWorst ? "open" : atBest ? "unknown" : "closed";
        assert.equal(opening, expected);
      }),
    );
  });

  it("names the place of each term, once", () => {
    fc.assert(
      fc.property(gates, (gate) => {
        for (const { path, term: placed } of termsOf(gate)) {
          let at: unknown = gate;
          for (const part of path === "" ? [] : path.split(".")) at = (at as Record<string, unknown>)[part];
          assert.equal(at, placed);
        }
      }),
    );
  });

  it("says the one next step of a viewer for each term", () => {
    const token: Term = { kind: "tokens", chain_id: 1, contract: "0x1", standard: "erc721" };
    const steps = (isSignedIn: boolean, hasWallet?: boolean) =>
      ([{ kind: "followers" }, { kind: "password" }, { kind: "invited" }, token] as Term[]).map((one) =>
        needOf(one, { isSignedIn, hasWallet }),
      );
    assert.deepEqual(steps(false), ["sign_in", "password", "sign_in", "sign_in"]);
    assert.deepEqual(steps(true, false), ["follow", "password", "invitation", "wallet"]);
    assert.deepEqual(steps(true, true), ["follow", "password", "invitation", "token"]);
  });
});
