import type pg from "pg";

/** A running process of Kinora that is connected to a database, by the name of its sessions. */
export interface ConnectedProcess {
  /** `kinora 1.2.0 auth,user` */
  readonly name: string;
  readonly version: string;
}

/** The name of a process's sessions: its version, and its services where it does not run all. */
export const processName = (version: string, services: readonly string[]): string =>
  [version, services.join()].filter((word) => word !== "").join(" ");

/**
 * The other processes on the database `client` is connected to. Sessions of commands, and of starts that have not come
 * further, have no version and are left out.
 */
export async function connectedProcesses(client: pg.Client): Promise<ConnectedProcess[]> {
  const { rows } = await client.query<ConnectedProcess>(
    `SELECT DISTINCT application_name AS name, m[1] AS version
     FROM pg_stat_activity, regexp_match(application_name, '^kinora (\\d+\\.\\d+\\.\\d+\\S*)') AS m
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND m IS NOT NULL ORDER BY 1`,
  );
  return rows;
}
