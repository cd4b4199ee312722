import { BadRequest } from "./errors.ts";

const depthMax = 64;
const keysMax = 10_000;

/**
 * A JSON body from a stranger: bounded in depth and keys, and unable to set a prototype (security S1.6).
 * @throws BadRequest for anything else; an empty body is no body.
 */
export function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw BadRequest({}, error);
  }
  let keys = 0;
  const pending: { value: unknown; depth: number }[] = [{ value, depth: 1 }];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (typeof at.value !== "object" || at.value === null) continue;
    if (at.depth > depthMax) throw BadRequest({});
    for (const [key, inner] of Object.entries(at.value)) {
      if (++keys > keysMax || key === "__proto__") throw BadRequest({});
      pending.push({ value: inner, depth: at.depth + 1 });
    }
  }
  return value;
}
