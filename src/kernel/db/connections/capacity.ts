import pg from "pg";
import { connectionOf, type DbAddress } from "../pool.ts";

/** The connections of a PostgreSQL server. */
export interface Capacity {
  /** The most that the role of Kinora can open, without those that the server reserves for other roles. */
  readonly limit: number;
  /** Open connections of all clients, except the one that asks. */
  readonly open: number;
  readonly openByKinora: number;
}

/** Reads the limits of the server, the database and the role. `reserved_connections` came with PostgreSQL 16. */
export async function capacityOf(client: pg.Client): Promise<Capacity> {
  const { rows } = await client.query<Capacity>(
    `SELECT least(
       current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
         - coalesce(current_setting('reserved_connections', true)::integer, 0),
       (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
       (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user)
     ) AS "limit",
     count(*) AS open,
     count(*) FILTER (WHERE application_name = 'kinora' OR application_name LIKE 'kinora %') AS "openByKinora"
     FROM pg_stat_activity WHERE usesysid IS NOT NULL AND datid IS NOT NULL AND pid <> pg_backend_pid()`,
  );
  const [capacity] = rows;
  if (!capacity) throw new Error("PostgreSQL says nothing of its connections");
  return capacity;
}

const answerMsMax = 5_000;

/** Asks a server that may be away. @throws Error where it does not answer */
export async function askCapacity(address: DbAddress): Promise<Capacity> {
  const limits = { connectionTimeoutMillis: answerMsMax, query_timeout: answerMsMax };
  const client = new pg.Client({ ...connectionOf(address), ...limits });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await capacityOf(client);
  } finally {
    client.end().catch(() => undefined);
  }
}
