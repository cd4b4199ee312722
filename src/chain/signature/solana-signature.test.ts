import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { base58Of } from "../base58.ts";
import { joinBytes } from "../bytes.ts";
import { smallOrderPoints } from "../testing.ts";
import { isSolanaSignature } from "./solana-signature.ts";

describe("a signature of a Solana key", () => {
  it("is accepted for its message and key", () => {
    assert.ok(isSolanaSignature(message, signature, address));
  });

  it("is refused after any change of the stored text", () => {
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.constantFrom("", "x", " ", "\n"), (at, letter) => {
        const altered = message.slice(0, at) + letter + message.slice(at + 1);
        assert.equal(isSolanaSignature(altered, signature, address), altered === message);
      }),
    );
    for (const altered of [`${message}\n`, `${message} `, ` ${message}`, `\uFEFF${message}`, message.toUpperCase()])
      assert.equal(isSolanaSignature(altered, signature, address), false);
  });

  it("is refused with the order added to its second half, and in any form but base58 of 64 bytes", () => {
    const second = BigInt(`0x${Buffer.from(bytes.subarray(32).toReversed()).toString("hex")}`) + groupOrder;
    const grown = new Uint8Array(Buffer.from(second.toString(16).padStart(64, "0"), "hex")).toReversed();
    for (const altered of [
      base58Of(joinBytes(bytes.subarray(0, 32), grown)),
      base58Of(bytes.subarray(0, 63)),
      base58Of(joinBytes(bytes, Uint8Array.of(0))),
      Buffer.from(bytes).toString("hex"),
      Buffer.from(bytes).toString("base64"),
      `1${signature}`,
      "",
    ])
      assert.equal(isSolanaSignature(message, altered, address), false, altered);
  });

  it("is refused in 1,024 forgeries with keys of small order", () => {
    let forgeries = 0;
    for (const key of smallOrderPoints.slice(0, 8))
      for (const point of smallOrderPoints.slice(0, 8))
        for (let salt = 0; salt < 16; salt++) {
          forgeries += 1;
          const forged = base58Of(joinBytes(point, new Uint8Array(32)));
          assert.equal(isSolanaSignature(`${message}${salt}`, forged, base58Of(key)), false);
        }
    assert.equal(forgeries, 1_024);
  });
});

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const address = base58Of(Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url"));
const message = "video.example wants you to sign in with your Solana account";
const bytes = new Uint8Array(sign(null, Buffer.from(message), privateKey));
const signature = base58Of(bytes);
const groupOrder = 2n ** 252n + 27742317777372353535851937790883648493n;
