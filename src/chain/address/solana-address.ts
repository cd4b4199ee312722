import { base58Of, bytesOfBase58 } from "../base58.ts";

export const solanaAddressBytes = 32;

const prime = 2n ** 255n - 19n;
/** One y of order 8; the other is its negative. */
const ofOrderEight = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
/**
 * The y coordinates of the eight points of small order on edwards25519 (RFC 8032 §5.1). Some verifiers accept a
 * signature of such a key for any message.
 */
const smallOrder: ReadonlySet<bigint> = new Set([0n, 1n, prime - 1n, ofOrderEight, prime - ofOrderEight]);

/** The normal form of a Solana address: 32 bytes in base58. Undefined for a point of small order in any encoding. */
export function parseSolanaAddress(text: string): string | undefined {
  const bytes = bytesOfBase58(text, solanaAddressBytes);
  return bytes === undefined || isSmallOrder(bytes) ? undefined : base58Of(bytes);
}

/** 32 bytes. @throws {RangeError} for an address that is not in the normal form */
export function solanaAddressBytesOf(address: string): Uint8Array {
  const bytes = bytesOfBase58(address, solanaAddressBytes);
  if (bytes === undefined || isSmallOrder(bytes)) throw new RangeError(`${address} is no Solana address`);
  return bytes;
}

/** True also for encodings with a sign that the point does not have, or with a y beyond the prime. */
export function isSmallOrder(point: Uint8Array): boolean {
  const y = BigInt(`0x${Buffer.from(point.toReversed()).toString("hex")}`) & (2n ** 255n - 1n);
  return smallOrder.has(y % prime);
}
