import { createPublicKey, verify } from "node:crypto";
import { parseSolanaAddress, solanaAddressBytesOf } from "../address/solana-address.ts";
import { bytesOfBase58 } from "../base58.ts";
import { bytesOfText, joinBytes } from "../bytes.ts";

const signatureBytes = 64;
/** A public key of Ed25519 as DER, up to its 32 bytes (RFC 8410 §4). */
const derPrefix = Uint8Array.from(Buffer.from("302a300506032b6570032100", "hex"));

/**
 * Verifies base58 of 64 bytes by Node's own Ed25519. Verifiers of JavaScript libraries accept keys of small order for
 * every message.
 */
export function isSolanaSignature(message: string, signature: string, address: string): boolean {
  const bytes = bytesOfBase58(signature, signatureBytes);
  if (bytes === undefined || parseSolanaAddress(address) === undefined) return false;
  const der = Buffer.from(joinBytes(derPrefix, solanaAddressBytesOf(address)));
  return verify(null, bytesOfText(message), createPublicKey({ key: der, format: "der", type: "spki" }), bytes);
}
