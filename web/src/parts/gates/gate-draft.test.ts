import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { addTerm, draftOf, emptyGate, gateDraftFrom, gateOf, termKinds } from "./gate-draft.ts";

const contract = `0x${"ab".repeat(20)}`;

describe("the draft of a gate", () => {
  it("is the gate it was made of, however it is nested", () => {
    const gates = [
      { kind: "followers" },
      { kind: "followers", since_days: 30 },
      {
        any: [
          { kind: "coins", price: 120 },
          { kind: "coins", price: 20, rent_hours: 48 },
        ],
      },
      { all: [{ kind: "invited" }, { any: [{ kind: "tier", tier_id: 2 }, { kind: "password" }] }] },
      {
        all: [
          { kind: "followers" },
          { kind: "tokens", chain_id: 1, contract, standard: "erc1155", token_id: "7", min: "2" },
        ],
      },
    ] as const;
    for (const gate of gates) assert.deepEqual(gateOf(draftOf(structuredClone(gate) as never, "title")), gate);
  });

  it("is no gate without a term, or with a field that is missing or wrong", () => {
    assert.equal(gateOf(emptyGate), undefined);
    const wrong = {
      followers: { days: "x" },
      coins: { price: "0" },
      tier: { level: "" },
      tokens: { chainId: "1", contract: "0x1" },
    } as const;
    for (const [kind, fields] of Object.entries(wrong)) {
      const draft = addTerm(emptyGate, kind as keyof typeof wrong);
      const [term] = draft.terms;
      assert.ok(term);
      assert.equal(gateOf({ ...draft, terms: [{ ...term, ...fields }] }), undefined, kind);
    }
    const [token] = addTerm(emptyGate, "tokens").terms;
    assert.ok(token);
    const held = { ...token, chainId: "1", contract };
    assert.ok(gateOf({ ...emptyGate, terms: [held] }));
    assert.equal(gateOf({ ...emptyGate, terms: [{ ...held, standard: "erc1155" }] }), undefined, "of which token");
  });

  it("is restored from anything that is stored", () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        const draft = gateDraftFrom(stored);
        assert.deepEqual(gateDraftFrom(JSON.parse(JSON.stringify(draft))), draft);
      }),
    );
    const draft = termKinds.reduce(addTerm, emptyGate);
    const keys = draft.terms.map((term, key) => ({ ...term, key }));
    assert.deepEqual(gateDraftFrom(JSON.parse(JSON.stringify(draft))), { ...draft, terms: keys });
  });

  it("gives each term a row of its own", () => {
    const draft = termKinds.reduce(addTerm, emptyGate);
    assert.equal(new Set(draft.terms.map(({ key }) => key)).size, termKinds.length);
  });
});
