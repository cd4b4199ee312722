import type { PersonalToken, User } from "#base/api/types.ts";

export type Scope = PersonalToken["scopes"][number];
type ScopeGroup = "content" | "account" | "staff" | "apps";

interface ScopeChoice {
  readonly group: ScopeGroup;
  readonly scopes: readonly Scope[];
}

/** The choice of scopes that the role of this user may grant, in the order of the form. Pure. */
export function scopeChoices(role: User["role"]): readonly ScopeChoice[] {
  const staff: readonly Scope[] =
    role === "admin" ? ["moderate", "admin:read"] : role === "moderator" ? ["moderate"] : [];
  return (
    [
      {
        group: "content",
        scopes: ["videos:read", "videos:write", "drive:read", "drive:write", "live:read", "live:write"],
      },
      {
        group: "account",
        scopes: ["social:read", "social:write", "messages:read", "messages:write", "account:read", "search:read"],
      },
      { group: "staff", scopes: staff },
      { group: "apps", scopes: ["cloudfiles", "resumable", "douyin"] },
    ] satisfies readonly ScopeChoice[]
  ).filter(({ scopes }) => scopes.length > 0);
}

/** True if another of these scopes holds this one: a `write` scope holds the `read` scope of its name. Pure. */
export const isHeld = (scope: Scope, chosen: readonly Scope[]): boolean =>
  scope.endsWith(":read") && chosen.some((other) => other === scope.replace(":read", ":write"));

/** The scopes that are not held by others. Pure. */
export const ownScopes = (chosen: readonly Scope[]): Scope[] => chosen.filter((scope) => !isHeld(scope, chosen));
