/** A request that Elasticsearch refuses. */
export class Refusal extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, reason: string) {
    super(reason);
    this.status = status;
    this.type = type;
  }

  /** As its answers have it. */
  get body(): object {
    const cause = { type: this.type, reason: this.message };
    return { error: { root_cause: [cause], ...cause }, status: this.status };
  }
}

export type Json = Readonly<Record<string, unknown>>;

/** An object with some of these keys and no other. @throws Refusal */
export function objectOf(value: unknown, keys: readonly string[] | undefined, where: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Refusal(400, "parsing_exception", `[${where}] is no object`);
  for (const key of Object.keys(value))
    if (keys && !keys.includes(key)) throw new Refusal(400, "parsing_exception", `[${where}] unknown field [${key}]`);
  return value as Json; // It is an object.
}

/** The only key of an object, and what it has. @throws Refusal */
export function onlyEntry(value: unknown, where: string): [key: string, value: unknown] {
  const [first, ...others] = Object.entries(objectOf(value, undefined, where));
  if (!first || others.length > 0) throw new Refusal(400, "parsing_exception", `[${where}] needs one field`);
  return first;
}

export function numberOf(value: unknown, where: string): number {
  if (typeof value !== "number") throw new Refusal(400, "parsing_exception", `[${where}] is no number`);
  return value;
}

export function textOf(value: unknown, where: string): string {
  if (typeof value !== "string") throw new Refusal(400, "parsing_exception", `[${where}] is no text`);
  return value;
}

export function listOf(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Refusal(400, "parsing_exception", `[${where}] is no list`);
  return value;
}
