import { keccak_256 } from "@noble/hashes/sha3.js";

const utf8 = new TextEncoder();

export const bytesOfText = (text: string): Uint8Array => utf8.encode(text);

export const joinBytes = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Lower-case digits after `0x`. */
export const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;

/** Undefined unless the text is `0x` and whole bytes in lower-case digits. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  return /^0x(?:[0-9a-f]{2})*$/.test(text) ? new Uint8Array(Buffer.from(text.slice(2), "hex")) : undefined;
}

/** 32 bytes. */
export const keccak = (bytes: Uint8Array): Uint8Array => keccak_256(bytes);
