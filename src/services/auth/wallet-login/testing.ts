import { secp256k1 } from "@noble/curves/secp256k1.js";

const replace =
  (from: string | RegExp, to: string | ((match: string) => string)) =>
  (message: string): string =>
    message.replace(from, to as string); // Both forms of it.

/** The same sign-in as a careless reader would still take it for. */
export const alterationsOf = (host: string): readonly ((message: string) => string)[] => [
  replace(`${host} wants`, "evil.example wants"),
  replace(`${host} wants`, `${host}.evil wants`),
  replace(`${host} wants`, `${host.toUpperCase()} wants`),
  replace(`${host} wants`, `https://${host} wants`),
  replace(`URI: https://${host}`, "URI: https://evil.example"),
  replace(`URI: https://${host}`, `URI: https://${host}/`),
  replace("Chain ID: 31337", "Chain ID: 31338"),
  replace("Chain ID: 31337", "Chain ID: 031337"),
  replace(/Nonce: .{8}/, "Nonce: 00000000"),
  replace("Version: 1", "Version: 2"),
  replace(/Expiration Time: \d{4}/, "Expiration Time: 2999"),
  replace(/\.\d{3}Z$/, "Z"),
  replace(/Issued At: \d{4}/, "Issued At: 1999"),
  replace(/\nExpiration Time: .*$/, ""),
  (message) => `${message}\nNot Before: 2026-03-01T10:00:00.000Z`,
  (message) => `${message}\nRequest ID: 1`,
  (message) => `${message}\nResources:\n- https://evil.example`,
  (message) => `${message}\n`,
  (message) => ` ${message}`,
  (message) => message.replaceAll("\n", "\r\n"),
  replace("\nNonce", "\nNonce: zzzzzzzzzzzzzzzz\nNonce"),
  replace(/0x\w{40}/, (address) => address.toLowerCase()),
  replace("is yours.", "is yours. "),
];

const order = secp256k1.Point.Fn.ORDER;
const partsOf = (signature: string) => ({
  r: signature.slice(2, 66),
  s: BigInt(`0x${signature.slice(66, 130)}`),
  v: Number.parseInt(signature.slice(130), 16),
});
const form = (r: string, s: bigint, v: number) =>
  `0x${r}${s.toString(16).padStart(64, "0")}${v.toString(16).padStart(2, "0")}`;
const reformed = (change: (signature: ReturnType<typeof partsOf>) => string) => (signature: string) =>
  change(partsOf(signature));
export const signatureForms: Readonly<Record<string, (signature: string) => string>> = {
  "high s": reformed(({ r, s, v }) => form(r, order - s, 55 - v)),
  "v of 0 or 1": reformed(({ r, s, v }) => form(r, s, v - 27)),
  "v of EIP-155": reformed(({ r, s, v }) => form(r, s, v + 10)),
  "64 bytes (EIP-2098)": (signature) => signature.slice(0, 130),
  "66 bytes": (signature) => `${signature}00`,
  empty: () => "0x",
  "no prefix": (signature) => signature.slice(2),
  "upper case": (signature) => `0x${signature.slice(2).toUpperCase()}`,
  "r of zero": reformed(({ s, v }) => form("0".repeat(64), s, v)),
  "s of zero": reformed(({ r, v }) => form(r, 0n, v)),
  "r of the order": reformed(({ s, v }) => form(order.toString(16), s, v)),
  "s of the order": reformed(({ r, v }) => form(r, order, v)),
};
