import { statfs } from "node:fs/promises";
import pg from "pg";
import type { Config } from "../src/kernel/config/load.ts";
import { migrate } from "../src/kernel/db/migrate.ts";
import { connectionOf, type DbAddress, openDb } from "../src/kernel/db/pool.ts";
import type { Db, Left } from "../src/kernel/db/port.ts";
import { undoUpgrade } from "../src/kernel/db/undo.ts";
import { upgrade } from "../src/kernel/db/upgrade.ts";
import type { Failpoints } from "../src/kernel/failpoint.ts";
import type { Log } from "../src/kernel/log/port.ts";
import type { Plugin } from "../src/kernel/plugin.ts";
import { holdFolder, type Say, startPostgres } from "../src/kernel/postgres.ts";

export interface Databases {
  /**
   * Before any of them is opened: those that hold something are copied and brought up to date together.
   * @throws NewerSchema before anything is changed, NoCopy before any step.
   */
  upgrade(plugins: readonly Plugin[]): Promise<void>;
  /** Puts back the copies made before the last upgrade. */
  undo(services: readonly string[]): ReturnType<typeof undoUpgrade>;
  open(service: string, migrations: readonly string[], committed: (left: Left) => void): Promise<Db<unknown>>;
  /** Settles when the embedded server ended; never for a server elsewhere. */
  readonly exited: Promise<unknown>;
  close(): Promise<void>;
}

const oldestServer = 150_000;
/** What copies leave free: the store refuses uploads below it, and the server's log needs some. */
const reserveBytes = 64 * 2 ** 20;

/**
 * One database per service: in our own PostgreSQL, or where the configuration says. Until it is closed the data folder is
 * this process's alone, wherever the database is; only parts of one Kinora with a database elsewhere may share it.
 */
export async function databases(
  { data, db, cluster }: Config,
  log: Log,
  failpoints: Failpoints,
  postgres = startPostgres,
): Promise<Databases> {
  const say: Say = (message, fields) => log.warn(message, fields);
  const isPart = (cluster.services ?? []).length > 0;
  const embedded = db.url === undefined ? await postgres(data, {}, say) : undefined;
  const hold = embedded || isPart ? undefined : await holdFolder(data, say);
  const close = async () => {
    await embedded?.[Symbol.asyncDispose]();
    await hold?.release();
  };
  const addressOf = (service: string): DbAddress => {
    const own = (db.services as Readonly<Record<string, string | undefined>>)[service];
    if (own !== undefined) return { url: own };
    if (embedded) return { host: embedded.socket, user: embedded.user, database: service };
    const url = new URL(db.url ?? "");
    url.pathname = `/${service}`;
    return { url: url.href };
  };
  const serverAddress: DbAddress = embedded
    ? { host: embedded.socket, user: embedded.user, database: "postgres" }
    : { url: db.url ?? "" };
  let there: ReadonlySet<string>;
  try {
    await assertDurable(serverAddress, embedded !== undefined);
    there = await databasesOf(serverAddress);
  } catch (error) {
    await close();
    throw error;
  }
  const isToMake = (service: string): boolean =>
    !there.has(service) && (db.services as Record<string, unknown>)[service] === undefined;
  return {
    async upgrade(plugins) {
      const count = plugins.filter(({ contract }) => isToMake(contract.name)).length;
      if (count > 0) log.info("creating databases", { count });
      const schemas = plugins
        .map(({ contract: { name: service }, migrations }) => ({ service, migrations, address: addressOf(service) }))
        // The server would report each as a fault, and a first start is to read as one that goes well.
        .filter(({ service }) => !isToMake(service));
      const room = async () => (await statfs(data).then(({ bavail, bsize }) => bavail * bsize)) - reserveBytes;
      await upgrade(schemas, { log, failpoints, backup: db.backup, room: embedded && room });
    },
    undo: (services) => undoUpgrade(serverAddress, services),
    async open(service, migrations, committed) {
      const address = addressOf(service);
      if (isToMake(service)) await create(serverAddress, service);
      const steps = await migrate({ address, service, migrations }, failpoints);
      if (steps > 0) log.debug("database brought up to date", { service, steps });
      return openDb<unknown>(address, {
        committed,
        connectionsMax: db.connections,
        broke: (error) => log.warn("a database connection broke", { service, err: error }),
      });
    },
    exited: embedded ? embedded.exited : new Promise(() => undefined),
    close,
  };
}

async function databasesOf(server: DbAddress): Promise<Set<string>> {
  const client = new pg.Client(connectionOf(server));
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>("SELECT datname FROM pg_database");
    return new Set(rows.map(({ datname }) => datname));
  } finally {
    await client.end();
  }
}

async function create(server: DbAddress, name: string): Promise<void> {
  const client = new pg.Client(connectionOf(server));
  await client.connect();
  try {
    // `name` is one of our services' own names; an identifier cannot be a parameter.
    await client
      .query(`CREATE DATABASE ${client.escapeIdentifier(name)} ENCODING 'UTF8' TEMPLATE template0`)
      .catch(unlessMadeMeanwhile);
  } finally {
    await client.end();
  }
}

/** Another process of the same service starts at the same time: `duplicate_database`, or the unique index behind it. */
function unlessMadeMeanwhile(error: unknown): void {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code !== "42P04" && code !== "23505") throw error;
}

/** An acknowledged write is one that survives a power cut: a server that does not promise that is refused (reliability D1). */
async function assertDurable(server: DbAddress, isOurs: boolean): Promise<void> {
  const client = new pg.Client(connectionOf(server));
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'server_version_num')",
    );
    const setting = new Map(rows.map((row) => [row.name, row.setting]));
    if (Number(setting.get("server_version_num")) < oldestServer)
      throw new Error("Kinora needs PostgreSQL 15 or newer");
    if (setting.get("fsync") !== "on" || setting.get("synchronous_commit") === "off")
      throw new Error(
        `the database ${isOurs ? "of this folder " : ""}does not keep what it acknowledges: turn fsync and synchronous_commit on`,
      );
  } finally {
    await client.end();
  }
}
