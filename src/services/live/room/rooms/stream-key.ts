import { createHash } from "node:crypto";

/** The characters of a key that its owner is shown afterwards. */
const hintLength = 4;

/** A stream key is 128 random bits in base64url; its hash alone is stored. */
export interface StreamKey {
  readonly key: string;
  readonly hash: Buffer;
  readonly hint: string;
}

export function newStreamKey(random: (bytes: number) => Buffer): StreamKey {
  const key = random(16).toString("base64url");
  return { key, hash: hashOfKey(key), hint: key.slice(-hintLength) };
}

/** SHA-256: a key is random enough that nothing slower protects it better. */
export const hashOfKey = (key: string): Buffer => createHash("sha256").update(key).digest();
