import type { Config } from "../src/kernel/config/load.ts";
import { schemaFor } from "../src/kernel/host/service-schema.ts";
import {
  openPartitionedTables,
  partitionedTables,
  type PartitionedTable,
  type PartitionedTables,
  PartitionError,
} from "../src/kernel/db/partitions/partition.ts";
import { type Schema, stepsMissing } from "../src/kernel/db/upgrade/migrate.ts";
import { loadConfig } from "./compose/config.ts";
import { openAddress } from "./compose/databases/running-databases.ts";
import { loadPlugins, resolveOwner } from "./services.ts";

const [leastPartitions, partitionsMax, usualPartitions] = [2, 128, 8];

const usage = `npm run partition -- [SERVICE | SERVICE.TABLE…] [--into N] [the flags of npm start]

Turns tables that grow with use into hash partitions, in place: those that are named, or all of a service. Without
names it lists the tables, with the column that each is partitioned by. Works beside a running server and without one;
requests to a table wait while its rows are copied. A table that has partitions stays as it is.

  --into N   the number of partitions, ${leastPartitions} to ${partitionsMax}; ${usualPartitions} unless it is given

Make a backup first. docs/scaling.md says when this is worth it.

Exit codes: 0 done · 1 it could not be done · 2 wrong arguments`;

type Output = Pick<Console, "log" | "error">;
type Work = Pick<Console, "log"> & { readonly into: number };

/** Yields the exit code. */
export async function partition(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: Output,
): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h")) {
    output.log(usage);
    return 0;
  }
  const at = argv.indexOf("--into");
  const into = at < 0 ? usualPartitions : Number(argv[at + 1]);
  if (!Number.isInteger(into) || into < leastPartitions || into > partitionsMax) {
    output.error(`--into needs a number from ${leastPartitions} to ${partitionsMax}`);
    return 2;
  }
  const words = argv.filter((_, place) => at < 0 || (place !== at && place !== at + 1));
  const first = words.findIndex((word) => word.startsWith("-"));
  const names = (first < 0 ? words : words.slice(0, first)).map(resolveOwner);
  const schemas = (await loadPlugins()).map(schemaFor).filter((schema) => partitionedTables(schema).length > 0);
  const all = schemas.flatMap(partitionedTables);
  const unknown = names.filter((name) => !all.some((table) => isNamed(table, name)));
  if (unknown.length > 0) {
    const services = schemas.map(({ service }) => service).join(", ");
    output.error(
      `${unknown.join(", ")}: nothing to partition; services are ${services}, tables are listed without names`,
    );
    return 2;
  }
  const { config } = loadConfig(first < 0 ? [] : words.slice(first), environment, process.cwd());
  const isChosen = (table: PartitionedTable) => names.length === 0 || names.some((name) => isNamed(table, name));
  const work = names.length === 0 ? list : convert;
  try {
    const chosen = schemas.filter((schema) => partitionedTables(schema).some(isChosen));
    await inDatabases(config, chosen, async (database, schema) => {
      for (const table of partitionedTables(schema).filter(isChosen)) await work(database, table, { into, ...output });
    });
    return 0;
  } catch (error) {
    if (!(error instanceof PartitionError)) throw error;
    output.error(error.message);
    return 1;
  }
}

const isNamed = ({ schema, table }: PartitionedTable, name: string): boolean =>
  name === schema || name === `${schema}.${table}`;

/** @param work runs once for each schema, on a connection to its database */
async function inDatabases(
  config: Config,
  schemas: readonly Schema[],
  work: (database: PartitionedTables, schema: Schema) => Promise<void>,
): Promise<void> {
  // A database that was started for the first service is there for the others.
  await using open = new AsyncDisposableStack();
  for (const schema of schemas) {
    const { address } = open.use(await openAddress(config, schema.service));
    if ((await stepsMissing({ address, schemas: [schema] })) > 0)
      throw new PartitionError(`the database of ${schema.service} is that of an older Kinora: start this one first`);
    await using database = await openPartitionedTables(address);
    await work(database, schema);
  }
}

const nameOf = ({ schema, table }: PartitionedTable): string => `${schema}.${table}`;

async function list(database: PartitionedTables, table: PartitionedTable, { log }: Work): Promise<void> {
  const partitions = (await database.count(table)) ?? 0;
  log(`${nameOf(table)} by ${table.key}: ${partitions === 0 ? "one table" : `${partitions} partitions`}`);
}

async function convert(database: PartitionedTables, table: PartitionedTable, { into, log }: Work): Promise<void> {
  const { partitions, rows } = await database.partition(table, into);
  log(
    rows === undefined
      ? `${nameOf(table)}: has ${partitions} partitions already`
      : `✔ ${nameOf(table)}: ${partitions} partitions by ${table.key}, ${rows} rows`,
  );
}
