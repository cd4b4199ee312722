import type { Setting } from "./setting.ts";

/** The text of `--help`: flags first, then settings of the environment and the file alone. */
export function helpText(settings: readonly Setting[]): string {
  const rows = settings.filter(({ row }) => row === undefined);
  const flags = rows.filter(({ flag }) => flag !== undefined);
  const withoutFlag = rows.filter(({ flag }) => flag === undefined);
  return [
    "Usage: npm start -- [flags]",
    "",
    "Flags, and the environment variable of each:",
    ...flags.map((setting) => `  ${`${setting.flag}, ${setting.env}`.padEnd(44)} ${meaningOf(setting)}`),
    `  ${"--help".padEnd(44)} Prints this text.`,
    "",
    "Environment variables without a flag:",
    ...withoutFlag.map((setting) => `  ${setting.env.padEnd(44)} ${meaningOf(setting)}`),
    `  ${"KINORA_<SERVICE>_DB_URL".padEnd(44)} Database of one service.`,
    "",
    "Secrets can also be read from the file that <NAME>_FILE names. Order: defaults, kinora.yml in the data folder,",
    ".env in the working directory, environment, flags. Every setting is described in docs/configuration.md.",
    "",
  ].join("\n");
}

const meaningOf = (setting: Setting): string => `${setting.meaning} [${defaultOf(setting) || "none"}]`;

/** The default as an operator would write it; empty when there is none. */
export function defaultOf({ otherwise, schema }: Setting): string {
  if (otherwise !== undefined) return otherwise;
  const value: unknown = schema.safeParse(undefined).data;
  if (typeof value === "boolean") return value ? "on" : "off";
  return typeof value === "string" || typeof value === "number" ? `${value}` : "";
}
