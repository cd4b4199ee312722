import { createHmac } from "node:crypto";
import type { RotatingKey } from "#kernel/keys/port";
import { base32 } from "./totp.ts";

export const codeCount = 10;
/** 80 bits: nobody guesses one, so that the limit of attempts is the second line. */
const codeBytes = 10;

/** New codes as they are shown once, such as `abcd-efgh-ijkl-mnop`. */
export const newCodes = (random: (bytes: number) => Buffer): string[] =>
  Array.from({ length: codeCount }, () => {
    const letters = base32(random(codeBytes)).toLowerCase();
    return (letters.match(/.{4}/g) ?? []).join("-");
  });

/** The letters of a code, however it was typed; undefined for a text that is none. Pure. */
export function lettersOf(text: string): string | undefined {
  const letters = text.replaceAll(/[\s-]/g, "").toLowerCase();
  return /^[a-z2-7]{16}$/.test(letters) ? letters : undefined;
}

/** The stored form of a code under each valid value of the key, the current one first. Pure. */
export const hashesOf = (key: RotatingKey, letters: string): string[] =>
  key.valid.map((value) => createHmac("sha256", value).update(`recovery ${letters}`).digest("base64url"));
