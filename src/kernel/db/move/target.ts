import type pg from "pg";
import { moveSchemaOf } from "../moved.ts";
import { partitionTable } from "../partitions/partition.ts";
import { schemaOf } from "../tables.ts";
import { partsOf, runSteps, type Schema } from "../upgrade/migrate.ts";
import { foreignKeysOf, type ForeignKeys, type MovedTable, tablesOf } from "./catalogue.ts";

/** A move that is not begun, or not gone on with; the message says why, and nothing was changed. */
export class MoveRefused extends Error {}

/**
 * Creates the tables of a service in the new database, empty and with the partitions that they have at the source.
 * Until {@link completeTarget} no foreign key and no trigger looks at their rows.
 * @returns the foreign keys to create again
 */
export async function prepareTarget(
  target: pg.Client,
  schema: Schema,
  tables: readonly MovedTable[],
): Promise<ForeignKeys> {
  await target.query("RESET search_path");
  await runSteps(target, await partsOf(target, [schema]));
  for (const { table, partitions, partitionKey } of tables)
    if (partitions > 0 && partitionKey !== null)
      await partitionTable(target, { schema: schema.service, table, key: partitionKey }, partitions);
  await target.query("SET search_path = ''");
  const shapesOf = (list: readonly MovedTable[]) => JSON.stringify(list.map(({ name, shape }) => [name, shape]));
  if (shapesOf(tables) !== shapesOf(await tablesOf(target, schema.service)))
    throw new MoveRefused(`the tables of ${schema.service} are those of another version: move them with that version`);
  const foreignKeys = await foreignKeysOf(target, schema.service);
  for (const { name, keys, key } of tables)
    await target.query(`ALTER TABLE ${name} DISABLE TRIGGER USER; DELETE FROM ${name};
      CREATE TABLE ${keys} AS SELECT ${key} FROM ${name} WITH NO DATA`);
  for (const text of foreignKeys.dropping) await target.query(text);
  return foreignKeys;
}

/** Gives the tables back what {@link prepareTarget} took from them. */
export async function completeTarget(
  target: pg.Client,
  tables: readonly MovedTable[],
  { creating }: ForeignKeys,
): Promise<void> {
  for (const text of creating) await target.query(text);
  for (const { name } of tables) await target.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
}

/** Removes what an unfinished move left in the new database. */
export async function clearTarget(target: pg.Client, service: string): Promise<void> {
  await target.query(`DROP SCHEMA IF EXISTS ${schemaOf(service)} CASCADE`);
  await target.query(`DROP SCHEMA IF EXISTS ${moveSchemaOf(service)} CASCADE`);
}
