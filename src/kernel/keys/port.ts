import { timingSafeEqual } from "node:crypto";

/**
 * A key of the installation, of at least 256 random bits as text. It is the same in every process and at every start, until
 * an operator rotates it; so its values are read at each use and not kept.
 */
export interface RotatingKey {
  /** The value that signs. */
  readonly current: string;
  /** The values whose signatures are valid: the current one, the one before it, and one that is about to begin. */
  readonly valid: readonly string[];
}

/** Secrets of an installation: the first one is used, and each of them is accepted. */
export type Secrets = readonly [string, ...string[]];

/** A key that is never rotated. Pure. */
export const fixedKey = (value: string): RotatingKey => ({ current: value, valid: [value] });

/** True if one of the valid values signs this way; in constant time for signatures of one length. Pure. */
export const isSignedWith = (key: RotatingKey, signature: string, sign: (value: string) => string): boolean =>
  key.valid.some((value) => isSame(sign(value), signature));

function isSame(a: string, b: string): boolean {
  const [expected, actual] = [Buffer.from(a), Buffer.from(b)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
