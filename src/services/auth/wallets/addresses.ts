import { checksumAddress, parseEvmAddress } from "#chain/address/evm-address";
import { parseSolanaAddress } from "#chain/address/solana-address";

type Namespace = "eip155" | "solana";

/** The normal form of an address; undefined for any other text. Pure. */
export const parseAddress = (namespace: Namespace, text: string): string | undefined =>
  namespace === "solana" ? parseSolanaAddress(text) : parseEvmAddress(text);

/** The form in which people know an address. Pure. @param address in its normal form */
export const shownAddress = (namespace: Namespace, address: string): string =>
  namespace === "solana" ? address : checksumAddress(address);

/** The first and the last letters of an address, by which its owner knows it. Pure. */
export function shortAddress(namespace: Namespace, address: string): string {
  const shown = shownAddress(namespace, address);
  return `${shown.slice(0, namespace === "solana" ? 4 : 6)}…${shown.slice(-4)}`;
}

/** A user name that is made from an address, without all of it: most wallets are not public. Pure. */
export const nameOf = (namespace: Namespace, address: string): string =>
  shortAddress(namespace, address).replace("…", "_");
