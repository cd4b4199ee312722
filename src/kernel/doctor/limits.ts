import type { Config } from "../config/load.ts";
import { limits } from "../config/limits.ts";
import { dottedKey } from "../config/sources.ts";
import { settingsIn } from "../config/setting.ts";
import { type Finding, ok } from "./finding.ts";

/** Every limit of clients with its effective value: durations in milliseconds, sizes in bytes. */
export function limitsFinding(values: Config["limits"]): Finding {
  const effective = new Map(Object.entries(values));
  const says = settingsIn(limits).map(({ env, keys }) => `${env}=${textOf(effective.get(dottedKey(keys)))}`);
  return ok("limits", says.join(" "));
}

function textOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return JSON.stringify(value);
}
