import { z } from "zod";

/** The gateway and the services, which a process can be asked to run. */
export interface Roles {
  readonly names: readonly string[];
  /** Further names that are accepted for them. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** The name of a role, also written as one of its aliases. */
export const role = ({ names, aliases }: Roles) =>
  z.preprocess((value) => (typeof value === "string" ? resolveAlias(aliases, value) : value), z.enum(names));

export const resolveAlias = (aliases: Roles["aliases"], name: string): string =>
  Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
