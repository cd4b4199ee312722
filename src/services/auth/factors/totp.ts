import { createHmac } from "node:crypto";
import { isSame } from "../tokens.ts";

/** RFC 6238 as every authenticator app has it: SHA-1, six digits, steps of 30 seconds. */
const stepMs = 30_000;
const digits = 6;
/** Codes of this many steps before and after are taken, for clocks that differ and people who type slowly. */
const drift = 1;
export const secretBytes = 20;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648, without padding. Pure. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

/** The text that an authenticator app reads, also as a QR code. Pure. */
export function keyUri(
  secret: string,
  { issuer, account }: { readonly issuer: string; readonly account: string },
): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${digits}&period=${stepMs / 1_000}`;
}

/** The code of one step, counted from 1970. Pure. */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", bytesOf(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0x0f;
  const value = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(value % 10 ** digits).padStart(digits, "0");
}

/** The step whose code this is, among those that are valid now; undefined for none. Compares in constant time. Pure. */
export function stepOf(secret: string, code: string, nowMs: number): number | undefined {
  const now = Math.floor(nowMs / stepMs);
  const steps = Array.from({ length: 2 * drift + 1 }, (_, at) => now - drift + at);
  const matches = steps.filter((step) => isSame(codeAt(secret, step), code));
  return matches.at(-1);
}

export const isCode = (text: string): boolean => /^\d{6}$/.test(text);

function bytesOf(secret: string): Buffer {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}
