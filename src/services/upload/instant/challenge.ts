import { createHash, timingSafeEqual } from "node:crypto";

/** A challenge that a client with the bytes of a file can answer, and one that only knows the hash cannot. */
export interface Challenge {
  /** 16 random bytes, hexadecimal; good once. */
  readonly nonce: string;
  readonly offsets: readonly number[];
  /** The length of every range, in bytes. */
  readonly length: number;
}

export const challengeLifeMs = 60_000;
const rangeBytes = 64 * 1_024;
const rangeCount = 4;

/** Four ranges of 64 KiB anywhere in a file; one of the whole where it is not longer than that. */
export function newChallenge(sizeBytes: number, random: (bytes: number) => Buffer): Challenge {
  const length = Math.min(rangeBytes, sizeBytes);
  const places = sizeBytes - length + 1;
  const count = places === 1 ? 1 : rangeCount;
  // 48 random bits over at most 2^44 places: the bias is far below anything an attacker could use.
  const offsets = Array.from({ length: count }, () => random(6).readUIntBE(0, 6) % places);
  return { nonce: random(16).toString("hex"), offsets, length };
}

/** SHA-256 of the nonce's bytes and then the range's, hexadecimal. */
export const answerTo = (nonce: string, range: Uint8Array): string =>
  createHash("sha256").update(Buffer.from(nonce, "hex")).update(range).digest("hex");

/** True if every range was answered correctly, in constant time. Pure. */
export function isAnswered(expected: readonly string[], answers: readonly string[]): boolean {
  if (expected.length !== answers.length) return false;
  return expected.every((digest, place) => timingSafeEqual(Buffer.from(digest), Buffer.from(answers[place] ?? "")));
}
