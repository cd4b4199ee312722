import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { getAddress } from "viem";
import { base58Of, bytesOfBase58 } from "../base58.ts";
import { smallOrderPoints } from "../testing.ts";
import { checksumAddress, evmAddressBytesOf, parseEvmAddress } from "./evm-address.ts";
import { parseSolanaAddress, solanaAddressBytesOf } from "./solana-address.ts";

describe("an EVM address", () => {
  it("has the checksum that viem computes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        const address = `0x${Buffer.from(bytes).toString("hex")}`;
        assert.equal(checksumAddress(address), getAddress(address));
      }),
    );
  });

  it("is read in lower case, in upper case, and with its checksum (EIP-55)", () => {
    const address = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    for (const text of [address, `0x${address.slice(2).toUpperCase()}`, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"])
      assert.equal(parseEvmAddress(text), address);
  });

  for (const [flaw, text] of [
    ["with a wrong checksum", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"],
    ["that is zero", `0x${"0".repeat(40)}`],
    ["without a prefix", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"],
    ["with an upper-case prefix", "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"],
    ["that is too short", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea"],
    ["that is too long", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed00"],
    ["with a line break", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed\n"],
    ["that is a name", "vitalik.eth"],
  ] as const)
    it(`is refused ${flaw}`, () => assert.equal(parseEvmAddress(text), undefined));

  it("gives no bytes where it is not in its normal form", () => {
    for (const text of ["", `0x${"0".repeat(40)}`, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"])
      assert.throws(() => evmAddressBytesOf(text), RangeError);
  });
});

describe("a Solana address", () => {
  it("is read from base58 of 32 bytes in its only form", () => {
    // The largest 32 bytes of this sign: 44 digits, so that one digit more is beyond 32 bytes.
    const address = base58Of(new Uint8Array(32).fill(0xfe));
    assert.equal(parseSolanaAddress(address), address);
    for (const text of [`1${address}`, `${address}1`, ` ${address}`, address.slice(12), `${address}\n`, "", "0OIl"])
      assert.equal(parseSolanaAddress(text), undefined, text);
  });

  it("is refused for every encoding of the eight points of small order", () => {
    assert.equal(smallOrderPoints.length, 14);
    for (const point of smallOrderPoints) {
      assert.equal(parseSolanaAddress(base58Of(point)), undefined);
      assert.throws(() => solanaAddressBytesOf(base58Of(point)), RangeError);
    }
  });

  it("has a base58 that gives the bytes back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64, size: "max" }), (bytes) => {
        assert.deepEqual(bytesOfBase58(base58Of(bytes), bytes.length), bytes);
      }),
    );
  });

  it("is not computed from a long text", () => {
    assert.equal(bytesOfBase58("2".repeat(1_000_000), 32), undefined);
  });
});
