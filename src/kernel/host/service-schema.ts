import type { Plugin } from "./plugin.ts";
import type { Schema } from "../db/upgrade/migrate.ts";

/** The schema of a plugin's service, with its copies. */
export const schemaFor = ({
  contract,
  migrations,
  copies = [],
}: Pick<Plugin, "contract" | "migrations" | "copies">): Schema => ({
  service: contract.name,
  migrations,
  copies: copies.map(({ table, migrations: steps }) => ({ table, steps: steps(contract.name) })),
});
