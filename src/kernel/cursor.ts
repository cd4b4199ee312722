import { BadCursor } from "./errors.ts";

/** How long a cursor may be: a name of 255 characters fits, in any script. */
export const cursorLengthMax = 1_500;

/** The opaque form of a row's sort key: whole numbers and text, base64url. */
export const writeCursor = (key: readonly (number | string)[]): string =>
  Buffer.from(key.map((part) => (typeof part === "number" ? part : escapePart(part))).join(".")).toString("base64url");

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

/**
 * As {@link readCursor}, for keys with text in them: one value for each kind, of that kind.
 * @throws BadCursor unless each part is a safe integer or text that can be stored.
 */
export function readMixedCursor(cursor: string, kinds: readonly ("number" | "text")[]): (number | string)[] {
  const parts = Buffer.from(cursor, "base64url").toString("utf8").split(".");
  if (parts.length !== kinds.length) throw BadCursor({});
  return parts.map((part, place) => {
    if (kinds[place] === "number") return readCursor(Buffer.from(part).toString("base64url"), 1)[0] ?? 0;
    const text = part.replaceAll("%2E", ".").replaceAll("%25", "%");
    if (text.includes("\0") || !text.isWellFormed() || text.length > cursorLengthMax) throw BadCursor({});
    return text;
  });
}

const escapePart = (text: string): string => text.replaceAll("%", "%25").replaceAll(".", "%2E");
