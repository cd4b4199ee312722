import { getAddress } from "viem";
import { bytesOfHex } from "./bytes.ts";
import type { TypedSignIn } from "./message/typed-data.ts";

/** The points of small order on edwards25519: the eight canonical encodings, and the six that RFC 8032 refuses. */
export const smallOrderPoints: readonly Uint8Array[] = [
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  "00".repeat(32),
  `${"00".repeat(31)}80`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  `01${"00".repeat(30)}80`,
  "ff".repeat(32).replace(/^ff/, "ec"),
  `ee${"ff".repeat(30)}7f`,
  "ff".repeat(32).replace(/^ff/, "ee"),
  `ed${"ff".repeat(30)}7f`,
  "ff".repeat(32).replace(/^ff/, "ed"),
].map((digits) => bytesOfHex(`0x${digits}`) ?? new Uint8Array());

/** The same typed data with the types of viem, which wants numbers of 256 bits as bigints. */
export const forViem = ({ domain, message, ...typed }: TypedSignIn) => ({
  ...typed,
  domain: { ...domain, chainId: BigInt(domain.chainId) },
  message: { ...message, account: getAddress(message.account) },
});
