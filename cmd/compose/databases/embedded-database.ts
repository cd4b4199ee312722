import { realpath } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { connectionOf, type DbAddress } from "../../../src/kernel/db/connections/address.ts";
import { type Say, socketOf, startPostgres } from "../../../src/kernel/postgres/postgres.ts";

/** The database of the embedded server that holds every service's schema. */
export const embeddedDatabase = "kinora";

/** The embedded server for processes that share it; it ends with this process. */
export interface EmbeddedDatabase extends AsyncDisposable {
  /** For `KINORA_DB_URL`; a socket that only this user can reach, so it holds no secret. */
  readonly url: string;
  /** Settles when the server has ended finally. */
  readonly exited: Promise<unknown>;
}

/** Starts it on a data folder, which this process then has alone. @throws PostgresError that says what to do */
export async function startEmbeddedDatabase(
  data: string,
  settings: Readonly<Record<string, string>>,
  say: Say,
): Promise<EmbeddedDatabase> {
  const server = await startPostgres(data, settings, say);
  try {
    await createDatabase({ host: server.socket, user: server.user, database: "postgres" }, embeddedDatabase);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url: embeddedUrl({ host: server.socket, user: server.user }),
    exited: server.exited,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The URL of the embedded server that another process runs on a data folder; undefined where none takes connections. */
export async function runningEmbeddedUrl(data: string): Promise<string | undefined> {
  const folder = await realpath(data).catch(() => data);
  const host = await socketOf(join(folder, "postgres"));
  if (host === undefined) return undefined;
  const address = { host, user: "kinora" };
  const client = new pg.Client(connectionOf({ ...address, database: embeddedDatabase }));
  try {
    await client.connect();
    return embeddedUrl(address);
  } catch {
    return undefined; // It is starting, or its database is not created yet.
  } finally {
    client.end().catch(() => undefined);
  }
}

const embeddedUrl = ({ host, user }: { readonly host: string; readonly user: string }): string =>
  `postgres://${user}@localhost/${embeddedDatabase}?host=${encodeURIComponent(host)}`;

/** Creates a database where it is missing. */
export async function createDatabase(server: DbAddress, name: string): Promise<void> {
  const client = new pg.Client(connectionOf(server));
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount === 0)
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} ENCODING 'UTF8' TEMPLATE template0`);
  } finally {
    await client.end();
  }
}
