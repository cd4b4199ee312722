import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { hashMessage, hexToBytes } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { hexOf } from "../bytes.ts";
import { evmSignInMessage, type SignIn } from "../message/sign-in.ts";
import { typedSignIn, typedSignInDigest } from "../message/typed-data.ts";
import { forViem } from "../testing.ts";
import { wordOf } from "../word.ts";
import { personalDigest, recoverEvmAddress } from "./evm-signature.ts";

describe("a signature of an EVM key", () => {
  it("gives the address of the key for personal_sign and typed data", async () => {
    assert.equal(recoverEvmAddress(personalDigest(message), await account.signMessage({ message })), address);
    const typed = typedSignIn(signIn, 1);
    const signature = await account.signTypedData(forViem(typed));
    assert.equal(recoverEvmAddress(typedSignInDigest(typed), signature), address);
  });

  it("is over the digest that viem computes for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (text.isWellFormed()) assert.deepEqual(personalDigest(text), hexToBytes(hashMessage(text)));
      }),
    );
  });

  it("is of another key after any change of the stored text", async () => {
    const signature = await account.signMessage({ message });
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.constantFrom("", "x", " ", "\n", "é"), (at, letter) => {
        const altered = message.slice(0, at) + letter + message.slice(at + 1);
        if (altered === message) return;
        assert.notEqual(recoverEvmAddress(personalDigest(altered), signature), address);
      }),
      { numRuns: 30 },
    );
    for (const altered of alteredTexts) {
      assert.notEqual(altered, message);
      assert.notEqual(recoverEvmAddress(personalDigest(altered), signature), address, altered);
    }
  });

  it("is of another key for another chain, page or time in typed data", async () => {
    const typed = typedSignIn(signIn, 1);
    const signature = await account.signTypedData(forViem(typed));
    for (const altered of [
      typedSignIn(signIn, 2),
      typedSignIn({ ...signIn, domain: "evil.example", uri: "https://evil.example/login" }, 1),
      typedSignIn({ ...signIn, uri: "https://video.example/other" }, 1),
      typedSignIn({ ...signIn, nonce: "abcdefgh12345679" }, 1),
      typedSignIn({ ...signIn, expiresAt: new Date("2027-01-01") }, 1),
    ])
      assert.notEqual(recoverEvmAddress(typedSignInDigest(altered), signature), address);
  });

  it("is refused in each form but the one", async () => {
    const digest = personalDigest(message);
    const signature = await account.signMessage({ message });
    const r = signature.slice(2, 66);
    const s = BigInt(`0x${signature.slice(66, 130)}`);
    const v = Number.parseInt(signature.slice(130), 16);
    const form = (first: string, second: bigint, last: number) =>
      `0x${first}${hexOf(wordOf(second)).slice(2)}${last.toString(16).padStart(2, "0")}`;
    const order = secp256k1.Point.Fn.ORDER;
    assert.equal(form(r, s, v), signature);
    const forms: Readonly<Record<string, string>> = {
      "high s": form(r, order - s, 55 - v),
      "v of 0 or 1": form(r, s, v - 27),
      "v of EIP-155": form(r, s, v + 10),
      "64 bytes (EIP-2098)": `0x${r}${hexOf(wordOf(s)).slice(2)}`,
      "66 bytes": `${signature}00`,
      empty: "0x",
      "no prefix": signature.slice(2),
      "upper case": `0x${signature.slice(2).toUpperCase()}`,
      "r of zero": form("0".repeat(64), s, v),
      "s of zero": form(r, 0n, v),
      "r of the order": form(order.toString(16), s, v),
      "s of the order": form(r, order, v),
    };
    for (const [name, altered] of Object.entries(forms))
      assert.equal(recoverEvmAddress(digest, altered), undefined, name);
  });

  it("is not found for an r that is no coordinate, and for random bytes of the right form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.constantFrom("1b", "1c"), (bytes, v) => {
        assert.notEqual(recoverEvmAddress(personalDigest(message), `${hexOf(bytes)}${v}`), address);
      }),
      { numRuns: 30 },
    );
  });
});

const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const address = account.address.toLowerCase();
const signIn: SignIn = {
  domain: "video.example",
  uri: "https://video.example/login",
  address,
  nonce: "abcdefgh12345678",
  issuedAt: new Date("2026-03-01T10:00:00Z"),
  expiresAt: new Date("2026-03-01T10:05:00Z"),
  statement: "Sign in to Kinora.",
};
const message = evmSignInMessage(signIn, 1);
const replaceIn = (from: string, to: string) => message.replace(from, to);

/** The same sign-in as a careless reader would still take it for. */
const alteredTexts: readonly string[] = [
  replaceIn("video.example wants", "evil.example wants"),
  replaceIn("video.example wants", "video.example.evil wants"),
  replaceIn("video.example wants", "VIDEO.example wants"),
  replaceIn("video.example wants", "https://video.example wants"),
  replaceIn("https://video.example/login", "https://evil.example/login"),
  replaceIn("https://video.example/login", "https://video.example/login/"),
  replaceIn("Chain ID: 1", "Chain ID: 2"),
  replaceIn("Chain ID: 1", "Chain ID: 01"),
  replaceIn("Nonce: abcdefgh12345678", "Nonce: abcdefgh12345679"),
  replaceIn("Version: 1", "Version: 2"),
  replaceIn("10:05:00.000Z", "10:06:00.000Z"),
  replaceIn("10:05:00.000Z", "10:05:00Z"),
  replaceIn("10:00:00.000Z", "09:00:00.000Z"),
  replaceIn("\nExpiration Time: 2026-03-01T10:05:00.000Z", ""),
  `${message}\nNot Before: 2026-03-01T10:00:00.000Z`,
  `${message}\nRequest ID: 1`,
  `${message}\nResources:\n- https://evil.example`,
  `${message}\n`,
  ` ${message}`,
  message.replaceAll("\n", "\r\n"),
  replaceIn("\nNonce", "\nNonce: zzzzzzzzzzzzzzzz\nNonce"),
  replaceIn(account.address, address),
  replaceIn("Sign in to Kinora.", "Sign in to Kinora. "),
];
