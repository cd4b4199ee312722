import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { getAddress, hashTypedData, hexToBytes } from "viem";
import { createSiweMessage } from "viem/siwe";
import { forViem } from "../testing.ts";
import { hexOf } from "../bytes.ts";
import { evmSignInMessage, type SignIn, solanaSignInMessage } from "./sign-in.ts";
import { typedSignIn, typedSignInDigest } from "./typed-data.ts";

describe("a sign-in message", () => {
  it("is the text that viem writes for the same fields (EIP-4361)", () => {
    fc.assert(
      fc.property(signIns, chainIds, (signIn, chainId) => {
        const { domain, uri, address, nonce, issuedAt, expiresAt, statement } = signIn;
        const expected = createSiweMessage({
          version: "1",
          address: getAddress(address),
          chainId,
          domain,
          uri,
          nonce,
          issuedAt,
          expirationTime: expiresAt,
          ...(statement !== undefined && { statement }),
        });
        assert.equal(evmSignInMessage(signIn, chainId), expected);
      }),
    );
  });

  it("has a digest as typed data that equals viem's (EIP-712)", () => {
    fc.assert(
      fc.property(signIns, chainIds, (signIn, chainId) => {
        const typed = typedSignIn(signIn, chainId);
        const expected = hashTypedData(forViem(typed));
        assert.deepEqual(typedSignInDigest(typed), hexToBytes(expected));
      }),
    );
  });

  it("names the page in the typed data itself, where wallets compare nothing", () => {
    const { message } = typedSignIn(plain, 1);
    assert.deepEqual([message.domain, message.uri], [plain.domain, plain.uri]);
  });

  it("has a form for Solana with the cluster as its chain", () => {
    assert.equal(
      solanaSignInMessage({ ...plain, address: solanaAddress, statement: "Sign in to Kinora." }, "mainnet"),
      `video.example wants you to sign in with your Solana account:\n${solanaAddress}\n\nSign in to Kinora.\n\n` +
        "URI: https://video.example/login\nVersion: 1\nChain ID: mainnet\nNonce: abcdefgh12345678\n" +
        "Issued At: 2026-03-01T10:00:00.000Z\nExpiration Time: 2026-03-01T10:05:00.000Z",
    );
  });

  for (const [flaw, change] of [
    ["a line break in the domain", { domain: "video.example\nevil" }],
    ["a space in the domain", { domain: "video.example wants" }],
    ["a path in the domain", { domain: "video.example/x" }],
    ["a URI of another host", { uri: "https://evil.example/login" }],
    ["a URI of another port", { uri: "https://video.example:444/login" }],
    ["a URI with a line break", { uri: "https://video.example/\nVersion: 1" }],
    ["a URI of another scheme", { uri: "ftp://video.example/" }],
    ["a short nonce", { nonce: "abc" }],
    ["a nonce with a line break", { nonce: "abcdefgh\nIssued At: x" }],
    ["a statement of two lines", { statement: "Hello\nURI: https://evil.example" }],
    ["a statement with a line separator", { statement: "Hello\u2028URI: https://evil.example" }],
    ["a long statement", { statement: "x".repeat(201) }],
    ["an end before its beginning", { expiresAt: new Date("2026-03-01T09:00:00Z") }],
  ] as const)
    it(`is not written with ${flaw}`, () => {
      assert.throws(() => evmSignInMessage({ ...plain, ...change }, 1), /sign-in|URI|expires/);
      assert.throws(() => typedSignIn({ ...plain, ...change }, 1), /sign-in|URI|expires/);
    });

  it("is not written for a chain without a number", () => {
    for (const chainId of [0, -1, 1.5, Number.NaN, 2 ** 53]) {
      assert.throws(() => evmSignInMessage(plain, chainId), RangeError);
      assert.throws(() => typedSignIn(plain, chainId), RangeError);
    }
  });
});

const solanaAddress = "4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T";
const plain: SignIn = {
  domain: "video.example",
  uri: "https://video.example/login",
  address: "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
  nonce: "abcdefgh12345678",
  issuedAt: new Date("2026-03-01T10:00:00Z"),
  expiresAt: new Date("2026-03-01T10:05:00Z"),
};

const oneOf = (letters: string) => fc.constantFrom(...Array.from(letters));
const chainIds = fc.integer({ min: 1, max: 2 ** 31 });
const signIns: fc.Arbitrary<SignIn> = fc
  .record({
    host: fc.constantFrom("video.example", "a.b-c.example:8443", "localhost:8080", "127.0.0.1:8080"),
    path: fc.constantFrom("/", "/login", "/a/b?c=d&e=%20"),
    bytes: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    nonce: fc.string({ unit: oneOf("aZ09bcXY"), minLength: 8, maxLength: 40 }),
    issuedMs: fc.integer({ min: 0, max: 4e12 }),
    minutes: fc.integer({ min: 1, max: 60 }),
    statement: fc.option(fc.string({ unit: oneOf("aé世 .:ß"), minLength: 1, maxLength: 80 }), {
      nil: undefined,
    }),
  })
  .map(({ host, path, bytes, nonce, issuedMs, minutes, statement }) => ({
    domain: host,
    uri: `https://${host}${path}`,
    address: hexOf(bytes),
    nonce,
    issuedAt: new Date(issuedMs),
    expiresAt: new Date(issuedMs + minutes * 60_000),
    ...(statement !== undefined && { statement }),
  }));
