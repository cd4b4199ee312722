import type { Role } from "#kernel";
import { isName } from "../names.ts";
import { isReservedName } from "../registration/reserved-names.ts";
import type { Provider } from "../providers/provider-list.ts";

/** The statements of a provider about its user. */
export type Claims = Readonly<Record<string, unknown>>;

const nameLengthMax = 40;

/** A user name that is made from a claim; letters that no name may have become underscores. Pure. */
export function usernameOf(claims: Claims, { username_claim }: Pick<Provider, "username_claim">): string {
  const value = claims[username_claim];
  // Some providers use addresses for names; the whole of one would publish it.
  const [local = ""] = (typeof value === "string" ? value : "").normalize("NFKC").split("@");
  const letters = local.replaceAll(/[^\p{L}\p{N}\p{M}_.-]+/gu, "_").replace(/^[^\p{L}\p{N}_]+/u, "");
  const name = [...letters].slice(0, nameLengthMax).join("");
  return isName(name) && !isReservedName(name) ? name : "user";
}

/** The address that the provider vouches for; undefined for one that it does not. Pure. */
export const verifiedEmailOf = ({ email, email_verified }: Claims): string | undefined =>
  email_verified === true && typeof email === "string" && email.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(email)
    ? email
    : undefined;

/** The words by which the owner of an account knows the user of the provider. Pure. */
export function hintOf(claims: Claims, subject: string, { username_claim }: Pick<Provider, "username_claim">): string {
  const texts = [claims[username_claim], claims["email"], claims["name"], subject];
  const text = texts.find((value): value is string => typeof value === "string" && value.trim() !== "") ?? subject;
  return [...text.replaceAll(/\p{C}/gu, "")].slice(0, 60).join("");
}

const ranks: readonly Role[] = ["user", "moderator", "admin"];

/**
 * The highest role that the claim stands for: null where it says none, undefined where the provider has no say. Pure.
 */
export function roleOf(
  claims: Claims,
  { role_claim, roles }: Pick<Provider, "role_claim" | "roles">,
): Role | null | undefined {
  if (role_claim === undefined || roles === undefined) return undefined;
  const values = [valueAt(claims, role_claim)].flat();
  const granted = values.flatMap((value) =>
    typeof value === "string" && Object.hasOwn(roles, value) ? [roles[value] ?? "user"] : [],
  );
  return granted.toSorted((a, b) => ranks.indexOf(b) - ranks.indexOf(a))[0] ?? null;
}

/** A claim by its name, or else by its path: names may have dots themselves. */
function valueAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split(".").reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Claims)[name] // An object.
        : undefined,
    claims,
  );
}
