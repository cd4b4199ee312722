import { hexOf } from "./bytes.ts";

/** The unit of arguments and answers of EVM contracts: 32 bytes, big-endian. */
export const wordBytes = 32;

const numberMax = 2n ** 256n - 1n;

/** @throws {RangeError} for a number beyond 256 bits */
export function wordOf(value: bigint): Uint8Array {
  if (value < 0n || value > numberMax) throw new RangeError(`${value} is not a number of 256 bits`);
  return new Uint8Array(Buffer.from(value.toString(16).padStart(2 * wordBytes, "0"), "hex"));
}

export const numberOf = (word: Uint8Array): bigint => (word.length === 0 ? 0n : BigInt(hexOf(word)));
