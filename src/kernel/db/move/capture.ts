import pg from "pg";
import { moveSchemaOf } from "../moved.ts";
import { schemaOf } from "../tables.ts";
import type { MovedTable } from "./catalogue.ts";
import { retryWhileBusy } from "./busy.ts";

const functionOf = (service: string, { table }: MovedTable): string =>
  `${moveSchemaOf(service)}.${pg.escapeIdentifier(`capture_${table}`)}`;

/**
 * From here on, each transaction that changes a row of these tables records its key. A trigger waits for transactions
 * that write to its table, so a snapshot that is taken afterwards has every change that is not recorded.
 */
export async function startCapture(client: pg.Client, service: string, tables: readonly MovedTable[]): Promise<void> {
  for (const table of tables)
    await retryWhileBusy(async () => {
      await client.query("BEGIN");
      try {
        await client.query(`SET LOCAL lock_timeout = '1s'; ${captureTextOf(service, table)}`);
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      }
    });
}

/** The role of a process may have no right to the schema of the move: the function writes with that of its owner. */
function captureTextOf(service: string, table: MovedTable): string {
  const { name, keys, key } = table;
  const values = (row: "OLD" | "NEW") => key.replaceAll(/"(?:[^"]|"")+"/g, (column) => `${row}.${column}`);
  return `CREATE TABLE ${keys} AS SELECT ${key} FROM ${name} WITH NO DATA;
    CREATE FUNCTION ${functionOf(service, table)}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = '' AS $capture$
    BEGIN
      IF TG_OP <> 'INSERT' THEN INSERT INTO ${keys} VALUES (${values("OLD")}); END IF;
      IF TG_OP <> 'DELETE' THEN INSERT INTO ${keys} VALUES (${values("NEW")}); END IF;
      RETURN NULL;
    END $capture$;
    CREATE TRIGGER kinora_move AFTER INSERT OR UPDATE OR DELETE ON ${name}
      FOR EACH ROW EXECUTE FUNCTION ${functionOf(service, table)}()`;
}

/** Ends the recording and forgets what was recorded; the state of the move stays. */
export async function endCapture(client: pg.Client, service: string): Promise<void> {
  const schema = `${service}_move`;
  const { rows } = await client.query<{ text: string }>(
    `SELECT format('DROP FUNCTION %s CASCADE', oid::regprocedure) AS text FROM pg_proc WHERE pronamespace = to_regnamespace($1)
     UNION ALL
     SELECT format('DROP TABLE %s', oid::regclass) FROM pg_class
     WHERE relnamespace = to_regnamespace($1) AND relkind = 'r' AND relname <> 'state'`,
    [schemaOf(schema)],
  );
  for (const { text } of rows)
    await retryWhileBusy(() => client.query(`SET lock_timeout = '1s'; ${text}; SET lock_timeout = 0`));
  await client.query("SET lock_timeout = 0");
}
