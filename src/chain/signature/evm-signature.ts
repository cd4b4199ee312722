import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesOfHex, bytesOfText, hexOf, joinBytes, keccak } from "../bytes.ts";
import { numberOf, wordBytes } from "../word.ts";

const order = secp256k1.Point.Fn.ORDER;
const keySignatureBytes = 65;

/** The 32 bytes that a wallet signs for `personal_sign` (EIP-191, version 0x45). */
export function personalDigest(message: string): Uint8Array {
  const bytes = bytesOfText(message);
  return keccak(joinBytes(bytesOfText(`\x19Ethereum Signed Message:\n${bytes.length}`), bytes));
}

/**
 * The address, in normal form, of the key that signed the digest. Undefined unless the signature has its only form: 65
 * bytes in lower case, r and s in range, s in the lower half (EIP-2), and 27 or 28 at the end.
 */
export function recoverEvmAddress(digest: Uint8Array, signature: string): string | undefined {
  const bytes = bytesOfHex(signature);
  if (bytes?.length !== keySignatureBytes) return undefined;
  const r = numberOf(bytes.subarray(0, wordBytes));
  const s = numberOf(bytes.subarray(wordBytes, 2 * wordBytes));
  const recovery = (bytes[2 * wordBytes] ?? 0) - 27;
  if (r < 1n || r >= order || s < 1n || s > order / 2n || (recovery !== 0 && recovery !== 1)) return undefined;
  try {
    const key = new secp256k1.Signature(r, s, recovery).recoverPublicKey(digest);
    return hexOf(keccak(key.toBytes(false).subarray(1)).subarray(12));
  } catch {
    // About half of all r are no coordinate of a point.
    return undefined;
  }
}
