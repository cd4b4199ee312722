import { z } from "zod";

/** The gateway and the services, which a process can be asked to run. */
export interface Roles {
  readonly names: readonly string[];
  /** Further names that are accepted for them. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** The same value at each call with the same roles: a supervisor reads the configuration of many processes. */
export function onceForRoles<T>(create: (roles: Roles) => T): (roles: Roles) => T {
  const values = new WeakMap<Roles, { readonly value: T }>();
  return (roles) => {
    const stored = values.get(roles) ?? { value: create(roles) };
    values.set(roles, stored);
    return stored.value;
  };
}

/** The name of a role, also written as one of its aliases. */
export const role = ({ names, aliases }: Roles) =>
  z.preprocess((value) => (typeof value === "string" ? resolveAlias(aliases, value) : value), z.enum(names));

export const resolveAlias = (aliases: Roles["aliases"], name: string): string =>
  Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
