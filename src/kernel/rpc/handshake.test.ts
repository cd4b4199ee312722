import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { callOf } from "../host/testing.ts";
import { BadIdentity, claimOf, claimText } from "./claim.ts";
import { isNonce, isProof, newNonce, proofOf } from "./handshake.ts";

describe("the proof of a connection", () => {
  it("is valid only for its side, its nonces and its secret (S2.8)", () => {
    const nonces = { client: newNonce(), server: newNonce() };
    for (const side of ["client", "server"] as const) {
      const other = side === "client" ? "server" : "client";
      const proof = proofOf(side, secret, nonces);
      assert.ok(isProof(proof, side, secret, nonces));
      assert.ok(!isProof(proof, other, secret, nonces), "it would be good for being sent back");
      assert.ok(!isProof(proof, side, "another secret of thirty-two letters", nonces));
      assert.ok(!isProof(proof, side, secret, { ...nonces, server: newNonce() }));
      assert.ok(!isProof(proof, side, secret, { ...nonces, client: newNonce() }));
      assert.ok(!isProof(proof, side, secret, { client: nonces.server, server: nonces.client }));
      for (const wrongProof of [undefined, "", `${proof}x`, proof.slice(1), 7, [proof]])
        assert.ok(!isProof(wrongProof, side, secret, nonces));
    }
  });

  it("uses new nonces of 256 bits", () => {
    assert.ok(isNonce(newNonce()));
    assert.notEqual(newNonce(), newNonce());
    for (const text of ["", "short", `${newNonce()}=`, `${newNonce().slice(1)}\n`, undefined, 7])
      assert.ok(!isNonce(text));
  });
});

describe("the claim of a call", () => {
  it("arrives unchanged, encoded in printable ASCII", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 40 });
    const optional = fc.record(
      { sessionId: text, idempotencyKey: text, source: text, agent: text, unlock: text },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(optional, (more) => {
        const written = claimText("video", callOf(7, { traceId: "1".repeat(32), ...more }));
        assert.match(written, /^[\x20-\x7e]+$/);
        const arrived = claimOf(written);
        assert.partialDeepStrictEqual(arrived, {
          caller: "video",
          traceId: "1".repeat(32),
          userId: 7,
          role: "user",
          ...more,
        });
      }),
    );
    assert.deepEqual(Object.keys(claimOf(claimText("video", callOf()))), ["caller", "traceId"]);
  });

  it("is refused when it is malformed", () => {
    for (const text of [
      "",
      "{",
      "[]",
      "null",
      "{}",
      '{"caller":""}',
      '{"caller":"a","traceId":"t","userId":"7"}',
      '{"caller":"a","traceId":"t","role":"root"}',
    ])
      assert.throws(() => claimOf(text), { code: BadIdentity.code, grpc: 16, http: 401 }, text);
  });
});

const secret = "of-thirty-two-letters-or-a-few-more";
