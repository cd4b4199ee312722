/**
 * The things that a personal token may do for its owner. A `write` scope holds the `read` scope of the same name. The
 * last three are for the compatible APIs, each for its own.
 */
export const scopes = [
  "account:read",
  "videos:read",
  "videos:write",
  "drive:read",
  "drive:write",
  "live:read",
  "live:write",
  "social:read",
  "social:write",
  "messages:read",
  "messages:write",
  "search:read",
  "moderate",
  "admin:read",
  "cloudfiles",
  "resumable",
  "douyin",
] as const;
export type Scope = (typeof scopes)[number];

/** The scopes of which a token needs one for a route. `any`: every token may; `none`: no token may. */
export type ScopeRule = Scope | readonly Scope[] | "any" | "none";
/** The rules of a contract's routes that declare none of their own. */
export interface ContractScopes {
  readonly query: ScopeRule;
  readonly command: ScopeRule;
}

/** The properties of a method that decide its rule. */
interface ScopedMethod {
  readonly scope?: ScopeRule | undefined;
  readonly auth: string;
  readonly kind: string;
}

/**
 * The rule of a route: its own, else that of its role, else that of its contract. No token changes the installation.
 * Undefined where none is declared. Pure.
 */
export function scopeOf(
  contract: { readonly scopes?: ContractScopes | undefined },
  { scope, auth, kind }: ScopedMethod,
): ScopeRule | undefined {
  if (scope !== undefined) return scope;
  if (auth === "moderator") return "moderate";
  if (auth === "admin") return kind === "command" ? "none" : "admin:read";
  return kind === "command" ? contract.scopes?.command : contract.scopes?.query;
}

/** True if a token with these scopes may use a route of this rule. Pure. */
export function permits(rule: ScopeRule | undefined, held: readonly string[]): boolean {
  if (rule === "any") return true;
  return scopesOf(rule).some(
    (scope) => held.includes(scope) || (scope.endsWith(":read") && held.includes(scope.replace(":read", ":write"))),
  );
}

/** The scopes of which one is needed; none where no token will do. Pure. */
export const scopesOf = (rule: ScopeRule | undefined): readonly Scope[] => {
  if (rule === undefined || rule === "any" || rule === "none") return [];
  return typeof rule === "string" ? [rule] : rule;
};
