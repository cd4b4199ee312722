import pg from "pg";

/**
 * A copy of a whole database beside it, made before an upgrade: `video_midway_20261231235959999` while the upgrade is
 * under way, `video_before_20261231235959999` when it is over.
 */
export interface Copy {
  readonly name: string;
  /** When it was made, by the database's clock: UTC to the millisecond. Copies of one upgrade share it. */
  readonly madeAt: string;
  readonly isMidway: boolean;
  /** Older than {@link keptDays}. */
  readonly isOld: boolean;
}

const keptDays = 7;
const stamp = "YYYYMMDDHH24MISSMS";

/** The copies of these databases that are on the server `client` is connected to, newest first. */
export async function copiesOf(client: pg.Client, databases: readonly string[]): Promise<(Copy & { of: string })[]> {
  const { rows } = await client.query<Copy & { of: string }>(
    `SELECT name, "of", made AS "madeAt", state = 'midway' AS "isMidway",
            to_timestamp(made, '${stamp}')::timestamp < now() AT TIME ZONE 'UTC' - interval '${keptDays} days' AS "isOld"
     FROM (
       SELECT datname AS name, m[1] AS "of", m[2] AS state, m[3] AS made
       FROM pg_database, regexp_match(datname, '^(.+)_(before|midway)_(\\d{17})$') AS m
     ) AS copies
     WHERE "of" = any($1) ORDER BY made DESC`,
    [databases],
  );
  return rows;
}

/** The moment to name copies after. */
export async function momentOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ at: string }>(`SELECT to_char(now() AT TIME ZONE 'UTC', '${stamp}') AS at`);
  return rows[0]?.at ?? "";
}

/** NAMEDATALEN less its closing zero: PostgreSQL would cut what is longer. */
const nameBytesMax = 63;
const nameOf = (database: string, madeAt: string): string => `${database}_midway_${madeAt}`;

/** True if a copy can be named after this database. */
export const isNameable = (database: string): boolean =>
  Buffer.byteLength(nameOf(database, "0".repeat(17))) <= nameBytesMax;

/** Copies the database `client` is connected to, which nobody else may be. It is there whole or not at all. */
export async function copy(client: pg.Client, madeAt: string): Promise<void> {
  const from = client.database ?? "";
  const [name, template] = [nameOf(from, madeAt), from].map((identifier) => client.escapeIdentifier(identifier));
  for (const patientUntil = performance.now() + othersWaitMs; ; )
    try {
      await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return;
    } catch (error) {
      if (!isInUse(error) || performance.now() > patientUntil) throw error;
    }
}
/**
 * Time for clients that are about to disconnect, such as another start on a busy machine; PostgreSQL waits 5 s a time.
 */
const othersWaitMs = 15_000;

/** Gives the copies of an upgrade their final names when it is over. */
export async function settle(client: pg.Client, { name, isMidway }: Copy): Promise<void> {
  if (!isMidway) return;
  const [from, to] = [name, name.replace(/_midway_(\d+)$/, "_before_$1")].map((identifier) =>
    client.escapeIdentifier(identifier),
  );
  await client.query(`ALTER DATABASE ${from} RENAME TO ${to}`);
}

/** Removes a copy; yields false where a client is connected to it. */
export async function drop(client: pg.Client, { name }: Copy): Promise<boolean> {
  try {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)}`);
    return true;
  } catch (error) {
    if (isInUse(error)) return false;
    throw error;
  }
}
/** SQLSTATE 55006, `object_in_use` */
const isInUse = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === "55006";
