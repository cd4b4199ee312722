import { BadCursor } from "./errors.ts";

/** The opaque form of a row's sort key: whole numbers, base64url. */
export const writeCursor = (key: readonly number[]): string => Buffer.from(key.join(".")).toString("base64url");

/**
 * The sort key of the last row seen.
 * @throws BadCursor unless it is `parts` safe integers, so a forged one never reaches the database.
 */
export function readCursor(cursor: string, parts: number): number[] {
  const key = Buffer.from(cursor, "base64url").toString("latin1").split(".");
  const numbers = key.map((part) => (/^-?\d{1,16}$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.length !== parts || !numbers.every(Number.isSafeInteger)) throw BadCursor({});
  return numbers;
}
