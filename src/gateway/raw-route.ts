import type { Auth, Rate } from "#kernel";

/** A public route that carries bytes or another API's words instead of an envelope; declared as methods are (security S1.1). */
export interface RawRoute {
  readonly verb: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  readonly path: string;
  /** Of the group its requests are counted in. */
  readonly group: string;
  readonly name: string;
  readonly summary: string;
  /** What a success carries. */
  readonly answers: string;
  /** What may stand in its query. */
  readonly query?: readonly string[];
  /** Content types of its body. */
  readonly takes?: readonly string[];
  /** Its callers are never known by a cookie. */
  readonly credential?: "header";
  readonly auth: Exclude<Auth, "service">;
  readonly rate: Rate;
  readonly kind: "query" | "command";
}

/** The one of this name. @throws Error where the table lacks it */
export function routeNamed(table: readonly RawRoute[], name: string): RawRoute {
  const found = table.find((route) => route.name === name);
  if (!found) throw new Error(`${name} is in no table of routes`);
  return found;
}
