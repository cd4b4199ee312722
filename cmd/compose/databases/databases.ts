import { statfs } from "node:fs/promises";
import pg from "pg";
import { schemaFor } from "../../../src/kernel/host/service-schema.ts";
import type { Config } from "../../../src/kernel/config/load.ts";
import { type Database, type Schema, stepsMissing } from "../../../src/kernel/db/upgrade/migrate.ts";
import { connectionOf, type DbAddress, createDb, openPool } from "../../../src/kernel/db/pool.ts";
import { FollowingPool } from "../../../src/kernel/db/following-pool.ts";
import { readMove, sealedPlaceOf } from "../../../src/kernel/db/moved.ts";
import type { Db, Left } from "../../../src/kernel/db/port.ts";
import { fleetOf } from "../../../src/kernel/config/fleet.ts";
import { type Capacity, capacityOf } from "../../../src/kernel/db/connections/capacity.ts";
import { fullReason, retryWhileFull } from "../../../src/kernel/db/connections/full.ts";
import { planConnections } from "../../../src/kernel/db/connections/plan.ts";
import { shareOf } from "../../../src/kernel/db/connections/shares.ts";
import { reportOf } from "../../../src/kernel/db/replicas/watch.ts";
import { Replicas } from "../../../src/kernel/db/replicas/replicas.ts";
import { processName } from "../../../src/kernel/db/upgrade/processes.ts";
import { undoUpgrade, type UndoneUpgrade } from "../../../src/kernel/db/upgrade/undo.ts";
import { upgrade } from "../../../src/kernel/db/upgrade/upgrade.ts";
import type { Failpoints } from "../../../src/kernel/environment/failpoint.ts";
import { createSealing } from "../../../src/kernel/keys/sealing.ts";
import type { Log } from "../../../src/kernel/log/port.ts";
import type { Plugin } from "../../../src/kernel/host/plugin.ts";
import type { Metrics } from "../../../src/kernel/telemetry/port.ts";
import packageJson from "../../../package.json" with { type: "json" };
import { clusterSecretsOf } from "../fleet/cluster-secret.ts";
import { ownAddress, servicesOf } from "../share.ts";
import { createDatabase, embeddedDatabase } from "./embedded-database.ts";
import { holdFolder, type Say, startPostgres } from "../../../src/kernel/postgres/postgres.ts";

export interface Databases {
  /**
   * Before any of them is opened: those with tables are copied and brought up to date together, and missing schemas are
   * created. One process at a time does so for a database.
   * @throws NewerSchema before anything is changed, NoCopy and OlderProcesses before any step.
   */
  upgrade(plugins: readonly Plugin[]): Promise<void>;
  /** How many steps they lack. @throws NewerSchema when this code is below the floor of one. */
  missing(plugins: readonly Plugin[]): Promise<number>;
  /** Puts back the copies made before the last upgrade. */
  undo(services: readonly string[]): Promise<UndoneUpgrade | undefined>;
  /** A service's view of its database, whose schema {@link upgrade} has made. */
  open(schema: Schema, committed: (left: Left) => void): Promise<Db<unknown>>;
  /** The replicas of the shared database, if the configuration names some. */
  readonly replicas: Replicas | undefined;
  /** Settles when the embedded server ended; never for a server elsewhere. */
  readonly exited: Promise<unknown>;
  close(): Promise<void>;
}

const { version } = packageJson;
const oldestServer = 150_000;
/** The space that copies leave free: the store refuses uploads below it, and the server's log needs some. */
const reserveBytes = 64 * 2 ** 20;

/**
 * One database with a schema per service, in our own PostgreSQL or where the configuration says; a service may have a
 * database of its own. Until it is closed the data folder is this process's alone, wherever the database is; only parts of
 * one Kinora with a database elsewhere may share it.
 */
export async function createDatabases(
  config: Config,
  { log, failpoints, metrics }: Parts,
  postgres = startPostgres,
): Promise<Databases> {
  const { data, db, cluster } = config;
  const say: Say = (message, fields) => log.warn(message, fields);
  const isPart = (cluster.services ?? []).length > 0;
  // A gateway alone has no tables, and a service may have a database of its own.
  const needsShared = servicesOf(config).some((service) => ownAddress(config, service) === undefined);
  const embedded = db.url === undefined && needsShared ? await postgres(data, {}, say) : undefined;
  const hold = embedded || isPart ? undefined : await holdFolder(data, say);
  const at = embedded && { host: embedded.socket, user: embedded.user };
  /** The address for changes of tables: never a pooler. */
  const directOf = (service: string): DbAddress => ownAddress(config, service) ?? sharedAddress(config, at);
  const server: DbAddress = at ? { ...at, database: "postgres" } : sharedAddress(config, at);
  const pools = createPools(config, log);
  /** The address for queries of the shared database. */
  const primary: DbAddress = db.pooled ? { url: db.url ?? "" } : sharedAddress(config, at);
  let replicas: Replicas | undefined;
  let connections = 0;
  const close = async () => {
    await Promise.all([pools.close(), replicas?.close()]);
    await embedded?.[Symbol.asyncDispose]();
    await hold?.release();
  };
  try {
    const isChecked = embedded !== undefined || db.url !== undefined;
    const capacity = isChecked
      ? await retryWhileFull(() => checkServer(server, embedded !== undefined), log)
      : undefined;
    if (at) await createDatabase(server, embeddedDatabase);
    connections = connectionsOf(config, embedded ? undefined : capacity, log);
    replicas = metrics && (await replicasOf(config, connections, primary, log, metrics));
    await replicas?.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async upgrade(plugins) {
      const all = byAddress(plugins, directOf);
      const room = async () => (await statfs(data).then(({ bavail, bsize }) => bavail * bsize)) - reserveBytes;
      await upgrade(all, { log, version, isPart, failpoints, backup: db.backup, room: embedded && room });
    },
    async missing(plugins) {
      let steps = 0;
      for (const database of byAddress(plugins, directOf)) steps += await stepsMissing(database);
      return steps;
    },
    // A database cannot be renamed by a connection to itself; every server has this one.
    undo: (services) => undoUpgrade(besides(server), namesOf(services.map(directOf))),
    async open({ service }, committed) {
      const ownPlace = ownAddress(config, service);
      const follow = (pool: pg.Pool) =>
        new FollowingPool(pool, async () => {
          const url = await movedUrl(config, service, ownPlace ?? primary, log);
          return url === undefined ? undefined : pools.of({ url }, { connectionsMax: connections });
        });
      if (ownPlace)
        return createDb<unknown>(follow(pools.of(ownPlace, { connectionsMax: connections })), { service, committed });
      const pool = pools.of(primary, {
        isPooled: db.pooled,
        connectionsMax: shareOf(connections, replicas ? db.replicaUrls.length : 0).primary,
        ...(replicas && { recordedServer: replicas.server }),
      });
      return createDb<unknown>(follow(pool), { service, committed, replication: replicas });
    },
    replicas,
    exited: embedded ? embedded.exited : new Promise(() => undefined),
    close,
  };
}

/** The URL of the database to which the tables of a service have moved since the start. */
async function movedUrl(config: Config, service: string, from: DbAddress, log: Log): Promise<string | undefined> {
  // Connections of the pool may all be waiting for this answer.
  const client = new pg.Client(connectionOf(from));
  try {
    await client.connect();
    const move = await readMove(client, service);
    if (move === undefined || move.movedAtMs === null) return undefined;
    const { place, setting } = move;
    const url = createSealing(await clusterSecretsOf(config)).open(move.sealed, sealedPlaceOf(service));
    if (url === undefined)
      log.error("the tables moved, and the cluster secret does not open their address", { service });
    else
      log.warn("the tables moved to another database: set its address before the next start", {
        service,
        place,
        setting,
      });
    return url;
  } finally {
    await client.end();
  }
}

/** The most connections of this process, by its settings and the limit of its server; logs that all would not fit. */
function connectionsOf(config: Config, capacity: Capacity | undefined, log: Log): number {
  const { connections, lack } = planConnections(fleetOf(config), config.db.pooled ? undefined : capacity);
  if (lack) log.warn("the database has too few connections for all processes", { connections, ...lack, ...capacity });
  return connections;
}

function createPools({ cluster }: Config, log: Log): Pools {
  let quietUntilMs = 0;
  return new Pools({
    name: processName(version, cluster.services ?? []),
    broke: (err) => log.warn("a database connection broke", { err }),
    full(err) {
      if (performance.now() < quietUntilMs) return;
      quietUntilMs = performance.now() + fullLoggedEveryMs;
      log.warn(fullReason, { err });
    },
  });
}
const fullLoggedEveryMs = 60_000;

async function replicasOf({ db }: Config, connections: number, primary: DbAddress, log: Log, metrics: Metrics) {
  if (db.replicaUrls.length === 0) return undefined;
  const { server } = await reportOf(primary);
  const { replica: connectionsMax } = shareOf(connections, db.replicaUrls.length);
  const replicas = db.replicaUrls.map((url) => ({ url }));
  return new Replicas({ server, primary, replicas, connectionsMax, isPooled: db.pooled, log, metrics });
}

interface Parts {
  readonly log: Log;
  readonly failpoints: Failpoints;
  /** Given by a process that serves: only there replicas are read from. */
  readonly metrics?: Metrics;
}

/** The database of all other services. @param at the embedded server, where it runs. */
export function sharedAddress(
  { db }: Config,
  at: { readonly host: string; readonly user: string } | undefined,
): DbAddress {
  return at ? { ...at, database: embeddedDatabase } : { url: db.directUrl ?? db.url ?? "" };
}

const keyOf = (address: DbAddress): string => JSON.stringify(address);

function byAddress(plugins: readonly Plugin[], addressOf: (service: string) => DbAddress): Database[] {
  const groups = Map.groupBy(plugins, ({ contract }) => keyOf(addressOf(contract.name)));
  return [...groups.values()].map((group) => ({
    address: addressOf(group[0]?.contract.name ?? ""),
    schemas: group.map(schemaFor),
  }));
}

const namesOf = (addresses: readonly DbAddress[]): string[] => [
  ...new Set(
    addresses.map((place) =>
      "url" in place ? decodeURIComponent(new URL(place.url).pathname.slice(1)) : place.database,
    ),
  ),
];

function besides(server: DbAddress): DbAddress {
  if (!("url" in server)) return server;
  const url = new URL(server.url);
  url.pathname = "/postgres";
  return { url: url.href };
}

type PoolOptions = NonNullable<Parameters<typeof openPool>[1]>;

/** One pool for each database, however many services are in it. */
export class Pools {
  readonly #options: PoolOptions;
  readonly #open = new Map<string, pg.Pool>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** @param ownOptions the options of this database alone, the same each time */
  of(address: DbAddress, ownOptions: PoolOptions = {}): pg.Pool {
    const pool = this.#open.get(keyOf(address)) ?? openPool(address, { ...this.#options, ...ownOptions });
    this.#open.set(keyOf(address), pool);
    return pool;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((pool) => pool.end()));
    this.#open.clear();
  }
}

/** @throws Error for a server that is too old, or does not keep what it acknowledges. */
async function checkServer(server: DbAddress, isOurs: boolean): Promise<Capacity> {
  const client = new pg.Client(connectionOf(server));
  try {
    await client.connect();
    await assertDurable(client, isOurs);
    return await capacityOf(client);
  } finally {
    await client.end();
  }
}

/** An acknowledged write is one that survives a power cut: a server that does not promise that is refused (reliability D1). */
export async function assertDurable(client: pg.Client, isOurs: boolean): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'server_version_num')",
  );
  const setting = new Map(rows.map((row) => [row.name, row.setting]));
  if (Number(setting.get("server_version_num")) < oldestServer) throw new Error("Kinora needs PostgreSQL 15 or newer");
  if (setting.get("fsync") !== "on" || setting.get("synchronous_commit") === "off")
    throw new Error(
      `the database ${isOurs ? "of this folder " : ""}does not keep what it acknowledges: turn fsync and synchronous_commit on`,
    );
}
