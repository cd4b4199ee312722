import { bytesOfHex, bytesOfText, hexOf, keccak } from "../bytes.ts";

export const evmAddressBytes = 20;
const zeroAddress = hexOf(new Uint8Array(evmAddressBytes));

/**
 * The normal form of an EVM address, in lower case. Undefined for the zero address, and for a mixed case that is not the
 * checksum of EIP-55.
 */
export function parseEvmAddress(text: string): string | undefined {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return undefined;
  const digits = text.slice(2);
  const normal = `0x${digits.toLowerCase()}`;
  if (normal === zeroAddress) return undefined;
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return isMixed && checksumAddress(normal) !== text ? undefined : normal;
}

/** The form that wallets show (EIP-55). @param address in the normal form */
export function checksumAddress(address: string): string {
  const digits = address.slice(2);
  const hash = hexOf(keccak(bytesOfText(digits))).slice(2);
  const letters = [...digits].map((digit, at) =>
    Number.parseInt(hash[at] ?? "0", 16) > 7 ? digit.toUpperCase() : digit,
  );
  return `0x${letters.join("")}`;
}

/** 20 bytes. @throws {RangeError} for an address that is not in the normal form */
export function evmAddressBytesOf(address: string): Uint8Array {
  const bytes = bytesOfHex(address);
  if (bytes?.length !== evmAddressBytes || address === zeroAddress)
    throw new RangeError(`${address} is no EVM address`);
  return bytes;
}
