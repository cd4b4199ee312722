import { BadRequest } from "./errors.ts";

const depthMax = 64;
/** Members of objects and elements of arrays, of the whole text. */
const membersMax = 10_000;

/**
 * A JSON body from a stranger: bounded in depth and members, and unable to set a prototype (security S1.6).
 * @throws BadRequest for anything else; an empty body is no body.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  assertBounded(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw BadRequest({}, error);
  }
  assertNoPrototype(value);
  return value;
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Counts before anything is built: a parsed text of a mebibyte can occupy fifty. Text that is no JSON may pass; the parser
 * refuses it.
 */
function assertBounded(text: string): void {
  let depth = 0;
  let members = 0;
  /** The container that was just opened has no member yet. */
  let isEmpty = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20) continue;
    if (code === closeArray || code === closeObject) depth -= 1;
    else if (isEmpty || code === comma) members += 1;
    isEmpty = code === openArray || code === openObject;
    if (isEmpty) depth += 1;
    else if (code === quote) at = endOfString(text, at);
    if (depth > depthMax || members > membersMax) throw BadRequest({});
  }
}

/** The place of the quote that ends the string beginning at `from`, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

function assertNoPrototype(value: unknown): void {
  const pending = [value];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (typeof at !== "object" || at === null) continue;
    if (Object.hasOwn(at, "__proto__")) throw BadRequest({});
    for (const inner of Object.values(at)) if (typeof inner === "object" && inner !== null) pending.push(inner);
  }
}
