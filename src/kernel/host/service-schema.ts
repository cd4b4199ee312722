import type { Plugin } from "./plugin.ts";
import type { Schema } from "../db/upgrade/migrate.ts";

/** The schema of a plugin's service, with its copies. */
export const schemaFor = ({
  contract,
  migrations,
  partitionKeys = {},
  copies = [],
}: Pick<Plugin, "contract" | "migrations" | "partitionKeys" | "copies">): Schema => ({
  service: contract.name,
  migrations,
  partitionKeys,
  copies: copies.map(({ table, migrations: steps }) => ({ table, steps: steps(contract.name) })),
});
