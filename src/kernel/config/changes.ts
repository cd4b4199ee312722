import { isDeepStrictEqual } from "node:util";
import type { Roles } from "./roles.ts";
import { type Config, configSchema } from "./schema.ts";
import { settingsIn } from "./setting.ts";
import { dottedKey } from "./sources.ts";

/** The settings that differ, by their dotted keys: those that running processes apply, and the others. */
export interface Changes {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** Compares two configurations. */
export function changesOf(former: Config, next: Config, roles: Roles): Changes {
  const changed = settingsIn(configSchema(roles)).filter(
    ({ keys }) => !isDeepStrictEqual(valueAt(former, keys), valueAt(next, keys)),
  );
  const namesOf = (isReloaded: boolean) =>
    changed.filter(({ reload = false }) => reload === isReloaded).map(({ keys }) => dottedKey(keys));
  return { applied: namesOf(true), pending: namesOf(false) };
}

const valueAt = (config: Config, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], config); // As its schema nests.
