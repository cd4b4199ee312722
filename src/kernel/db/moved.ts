import type pg from "pg";
import { ConfigError } from "../config-error.ts";
import { schemaOf } from "./tables.ts";

/** The schema of a move beside that of the service, in the old database and in the new one. */
export const moveSchemaOf = (service: string): string => schemaOf(`${service}_move`);
/** The name that the schema of a service has in the old database after its move. */
export const formerSchemaOf = (service: string): string => schemaOf(`${service}_before_move`);
/** The place of a sealed URL, for its sealing. */
export const sealedPlaceOf = (service: string): string => `${service}.move`;

/** One end of a move, as the database there knows it. */
export interface MoveState {
  /** The same at both ends. */
  readonly id: string;
  readonly role: "source" | "target";
  /** Host and name of the new database: nothing secret. */
  readonly place: string;
  /** The URL of the new database, sealed with the cluster secret; empty at the target. */
  readonly sealed: string;
  /** The setting that names the new database at the next start. */
  readonly setting: string;
  /** Null until the new database has the tables alone. */
  readonly movedAtMs: number | null;
}

type Asked = Pick<pg.ClientBase, "query">;

/** The move that a database knows of a service; undefined where there is none. */
export async function readMove(client: Asked, service: string): Promise<MoveState | undefined> {
  const { rows: tables } = await client.query("SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'state'", [
    `${service}_move`,
  ]);
  if (tables.length === 0) return undefined;
  const { rows } = await client.query<MoveState>(
    `SELECT id, role, place, sealed, setting, moved_at_ms AS "movedAtMs" FROM ${moveSchemaOf(service)}.state`,
  );
  return rows[0];
}

/** Stores one end of a move. Each process may read it, with whichever role it connects. */
export async function insertMove(
  client: Asked,
  service: string,
  { id, role, place, sealed, setting }: Omit<MoveState, "movedAtMs">,
): Promise<void> {
  const schema = moveSchemaOf(service);
  await client.query(`CREATE SCHEMA ${schema};
    CREATE TABLE ${schema}.state (
      id          TEXT   PRIMARY KEY,
      role        TEXT   NOT NULL,
      place       TEXT   NOT NULL,
      sealed      TEXT   NOT NULL,
      setting     TEXT   NOT NULL,
      moved_at_ms BIGINT
    );
    GRANT USAGE ON SCHEMA ${schema} TO PUBLIC;
    GRANT SELECT ON ${schema}.state TO PUBLIC`);
  await client.query(`INSERT INTO ${schema}.state (id, role, place, sealed, setting) VALUES ($1, $2, $3, $4, $5)`, [
    id,
    role,
    place,
    sealed,
    setting,
  ]);
}

/** The schemas of these names that a database has. */
export async function schemasAmong(client: Asked, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname = any($1)",
    [names],
  );
  return new Set(rows.map(({ name }) => name));
}

/**
 * A start on the old database of a moved service would begin with empty tables. On a database to which the tables are
 * still being moved, it would write to a part of them.
 *
 * @throws ConfigError that names the setting and the remedy
 */
export async function assertNotMoved(client: Asked, services: readonly string[]): Promise<void> {
  const schemas = await schemasAmong(
    client,
    services.flatMap((service) => [service, `${service}_move`]),
  );
  const affected: { readonly service: string; readonly move: MoveState }[] = [];
  for (const service of services) {
    const move = schemas.has(`${service}_move`) ? await readMove(client, service) : undefined;
    if (move && (move.role === "target" || (move.movedAtMs !== null && !schemas.has(service))))
      affected.push({ service, move });
  }
  const groups = Map.groupBy(affected, ({ move: { role, setting, place } }) => `${role} ${setting} ${place}`);
  const problems = [...groups.values()].flatMap((group) => {
    const names = group.map(({ service }) => service).join(", ");
    return group.slice(0, 1).map(({ move: { role, setting, place } }) => ({
      where: setting,
      says:
        role === "target"
          ? `names a database to which the tables of ${names} are still being moved: run npm run move again until it ends, or leave the setting out`
          : `needed, because the tables of ${names} were moved to ${place}: set it to the URL of that database`,
    }));
  });
  if (problems.length > 0) throw new ConfigError(problems);
}
