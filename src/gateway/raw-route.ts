import type { Auth, Rate } from "#kernel";
import type { Freshness } from "#kernel/contract";
import type { ScopeRule } from "#kernel/scopes/scopes";
import type { EntryDirection } from "#services/auth/contract";

/** A public route with bytes or with the format of another API; declared as methods are (security S1.1). */
export interface RawRoute {
  readonly verb: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  readonly path: string;
  /** The group its requests are counted in. */
  readonly group: string;
  readonly name: string;
  readonly summary: string;
  /** The content type of a success. */
  readonly answers: string;
  /** The parameters of its query. */
  readonly query?: readonly string[];
  /** Content types of its body. */
  readonly takes?: readonly string[];
  /** Its callers are never identified by a cookie. */
  readonly credential?: "header";
  /** It takes entry tokens of this direction, beside the tokens of accounts. */
  readonly entry?: EntryDirection;
  readonly scope: ScopeRule;
  readonly freshness?: Freshness;
  readonly auth: Exclude<Auth, "service">;
  readonly rate: Rate;
  readonly kind: "query" | "command";
}

/** The one of this name. @throws Error where the table lacks it */
export function routeNamed(table: readonly RawRoute[], name: string): RawRoute {
  const declared = table.find((route) => route.name === name);
  if (!declared) throw new Error(`${name} is in no table of routes`);
  return declared;
}
