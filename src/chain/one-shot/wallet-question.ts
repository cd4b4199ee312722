import { evmAddressBytesOf } from "../address/evm-address.ts";
import { bytesOfHex, hexOf, joinBytes } from "../bytes.ts";
import { numberOf, wordBytes, wordOf } from "../word.ts";
import { bytesArgument, dynamicBytes, encodeArguments } from "./abi.ts";
import { askWalletCode } from "./code.ts";

/** Ends a signature of a wallet that does not exist yet (EIP-6492). */
const wrapped = "6492".repeat(16);
const signatureBytesMax = 8_192;

/** The signature for a wallet, and the call that makes the wallet where it does not exist. */
interface WalletSignature {
  readonly signature: Uint8Array;
  /** A word. */
  readonly factory: Uint8Array;
  readonly prepare: Uint8Array;
}

/** The code that asks a contract wallet about a signature; undefined where the text cannot be one. */
export function walletQuestion(wallet: string, digest: Uint8Array, signature: string): Uint8Array | undefined {
  const bytes = bytesOfHex(signature);
  if (bytes === undefined || bytes.length === 0 || bytes.length > signatureBytesMax) return undefined;
  const parts = unwrap(bytes);
  if (parts === undefined) return undefined;
  const answerer = joinBytes(new Uint8Array(12), evmAddressBytesOf(wallet));
  const values = [answerer, digest, dynamicBytes(parts.signature), parts.factory, dynamicBytes(parts.prepare)];
  return joinBytes(askWalletCode, encodeArguments(values));
}

function unwrap(bytes: Uint8Array): WalletSignature | undefined {
  const isWrapped = hexOf(bytes).endsWith(wrapped) && bytes.length >= wordBytes;
  if (!isWrapped) return { signature: bytes, factory: wordOf(0n), prepare: new Uint8Array() };
  const body = bytes.subarray(0, -wordBytes);
  const factory = body.slice(0, wordBytes);
  const prepare = bytesArgument(body, 1);
  const signature = bytesArgument(body, 2);
  if (prepare === undefined || signature === undefined || numberOf(factory) >= 2n ** 160n) return undefined;
  return { signature, factory, prepare };
}
