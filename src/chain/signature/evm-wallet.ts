import { evmAddressBytesOf } from "../address/evm-address.ts";
import { readPrograms } from "../endpoints/evm-reader.ts";
import type { ChainFault } from "../endpoints/port.ts";
import type { ChainSource } from "../endpoints/source.ts";
import { walletQuestion } from "../one-shot/wallet-question.ts";
import { recoverEvmAddress } from "./evm-signature.ts";

/** A key is the same wallet on every EVM chain, a contract on its own chain alone. */
export type WalletVerdict =
  | { readonly state: "key" | "contract" | "refused" }
  | { readonly state: "unavailable"; readonly fault: ChainFault };

/** A contract may burn all gas that it is given, and pays for the length of its answer from it. */
const walletGas = 3_000_000;

/**
 * Verifies the signature of a stored digest, first as one of a key: accounts with code by EIP-7702 keep their key. The
 * chain is asked only where that fails (EIP-1271, EIP-6492).
 * @throws {RangeError} for an address that is not in its normal form
 */
export async function verifyEvmWallet(
  source: ChainSource,
  { address, digest, signature }: { readonly address: string; readonly digest: Uint8Array; readonly signature: string },
): Promise<WalletVerdict> {
  evmAddressBytesOf(address);
  if (recoverEvmAddress(digest, signature) === address) return { state: "key" };
  const code = walletQuestion(address, digest, signature);
  if (code === undefined) return { state: "refused" };
  const program = { code, gas: walletGas, count: 1, isAtGrant: false, read: readVerdict };
  const [reading] = (await readPrograms(source, [program])).flat();
  if (reading === undefined || "fault" in reading)
    return { state: "unavailable", fault: reading === undefined ? "no_answer" : reading.fault };
  return { state: reading.latest === "0x01" ? "contract" : "refused" };
}

const readVerdict = (result: string): readonly string[] | undefined =>
  result === "0x00" || result === "0x01" ? [result] : undefined;
