import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { schemaFor } from "./service-schema.ts";
import { DiskBlobStore } from "../blob/disk/disk.ts";
import { embeddedCache } from "../cache/embedded.ts";
import { type Call, newCall } from "../call.ts";
import { type Client, type Contract, contract } from "../contract.ts";
import { migrate, type Schema } from "../db/upgrade/migrate.ts";
import type { MigrationStep } from "../db/upgrade/steps.ts";
import { type DbAddress, createDb, openDb, openPool } from "../db/pool.ts";
import type { Db } from "../db/port.ts";
import { openPartitionedTables, partitionedTables } from "../db/partitions/partition.ts";
import { clockMs, coreTables, schemaOf } from "../db/tables.ts";
import { type Environment, realEnvironment } from "../environment/environment.ts";
import { ServiceHost } from "./host.ts";
import type { HostParts } from "./parts.ts";
import type { Schedule } from "../jobs/port.ts";
import { Keyring } from "../keys/keyring.ts";
import type { RotatingKey } from "../keys/port.ts";
import { createSealing } from "../keys/sealing.ts";
import { silentLog } from "../log/port.ts";
import { createGuardedOutgoing } from "../outgoing/guarded.ts";
import { type Host, type Plugin, plugin } from "./plugin.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";

/** The socket folder of the PostgreSQL that `scripts/test.ts` started for this run. */
const server = (database: string) => {
  const host = process.env["KINORA_TEST_POSTGRES"];
  assert.ok(host, "run tests with npm test -- PATH, which starts a database for them");
  return { host, user: "kinora", database };
};

type TestAddress = Exclude<DbAddress, { url: string }>;
/** A machine that does many things at once keeps a query waiting that is not lost. */
const waitMs = 60_000;

interface TestParts {
  readonly environment?: Partial<Environment>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly parts?: Partial<HostParts>;
}

/** One database of several services, with one pool, as a server has it. */
interface SharedDatabase {
  readonly address: TestAddress;
  readonly pool: pg.Pool;
  readonly services: ReadonlySet<string>;
}

/**
 * A real host. Its services have databases of their own, or one that they share: copies of templates that are migrated
 * once per run. Arguments and answers are copied, as if every service were on another machine.
 */
export class TestHost implements AsyncDisposable {
  readonly #databases = new Map<string, Db<unknown>>();
  /** One service of each database. */
  readonly #first = new Set<string>();
  #shared: SharedDatabase | undefined;
  readonly #schedules: Schedule[] = [];
  readonly #folder: Promise<string>;
  #host: Promise<ServiceHost>;

  constructor({ environment: changes, settings = {}, parts = {} }: TestParts = {}) {
    const environment = realEnvironment(changes);
    this.#folder = mkdtemp(join(tmpdir(), "kinora-blobs-"));
    this.#host = this.#folder.then(
      (folder) =>
        new ServiceHost({
          environment,
          log: silentLog,
          metrics: createPrometheusMetrics(),
          blob: new DiskBlobStore({
            folder,
            disk: environment.disk,
            failpoints: environment.failpoints,
            now: environment.now,
          }),
          cache: embeddedCache(),
          outgoing: createGuardedOutgoing({ allow: [], log: silentLog }),
          instance: "test",
          clone: true,
          sealing,
          // A case that is under way when the clock strikes would see what no other time does.
          schedule: (list) => {
            this.#schedules.push(...list);
            return { stop: async () => undefined };
          },
          settings: (service) => settings[service],
          open: async (schema, committed) => {
            const { service } = schema;
            const shared = this.#shared?.services.has(service) ? this.#shared : undefined;
            const address = shared?.address ?? (await databaseFor([schema]));
            this.#databases.set(service, openDb(withSearchPath(address, service), { service, waitMs }));
            if (!shared || shared.services.values().next().value === service) this.#first.add(service);
            return shared
              ? createDb<unknown>(shared.pool, { service, committed })
              : openDb<unknown>(address, { service, committed, waitMs });
          },
          ...parts,
        }),
    );
  }

  /** Gives these services one database, before they are added. */
  async share(plugins: readonly Plugin[]): Promise<void> {
    const schemas = plugins.map(schemaFor);
    const address = await databaseFor(schemas);
    const services = new Set(schemas.map(({ service }) => service));
    this.#shared = { address, services, pool: openPool(address, { waitMs }) };
  }

  /** Starts a service; its jobs and relay run immediately. */
  async add<C extends Contract, T, S>(service: Plugin<C, T, S>): Promise<void> {
    const host = await this.#host;
    await host.add(service);
    await host.run();
  }

  /** Starts a service without methods and tables; yields what it is given, to publish events in place of others. */
  async addNeighbour(): Promise<Host> {
    const given = Promise.withResolvers<Host>();
    await this.add(
      plugin({
        contract: contract("neighbour", 1, {}),
        needs: [],
        migrations: [],
        start(host: Host) {
          given.resolve(host);
          return { handlers: {} };
        },
      }),
    );
    return given.promise;
  }

  /** A client of a service, usable before the service is started. */
  client<C extends Contract>(contract: C): Client<C> {
    const methods = Object.keys(contract.methods).map((name) => [
      name,
      async (input: unknown, call: Call) => (await this.#host).client(contract, "test")[name]?.(input as never, call),
    ]);
    return Object.fromEntries(methods) as never; // Each entry is the host's own of that name.
  }

  async host(): Promise<ServiceHost> {
    return this.#host;
  }

  /** Settles when every event has been consumed and every due job has run. */
  async drain(): Promise<void> {
    await (await this.#host).drain();
  }

  /** Does what a schedule does when its time has come. */
  async tick(schedule: string): Promise<void> {
    const due = this.#schedules.find(({ name }) => name === schedule);
    assert.ok(due, `there is no schedule ${schedule}`);
    await due.run(AbortSignal.timeout(100_000));
  }

  /** A service's database, to look at tables the contract does not show; raw SQL may leave out the name of its schema. */
  database<Tables>(service: string): Db<Tables> {
    const db = this.#databases.get(service);
    assert.ok(db, `${service} is not started`);
    return db as Db<Tables>; // The caller names the tables its migrations made.
  }

  /** A key of a service, as it signs now. */
  async key(service: string, name: string): Promise<RotatingKey> {
    const keyring = await Keyring.open({ db: this.database(service), service, sealing, log: silentLog }, [name]);
    keyring.stop();
    return keyring.key(name);
  }

  /** Violated invariants of this service's tables, drifted counts among them. */
  async findings(service: string): Promise<string[]> {
    const all = await Array.fromAsync((await this.#host).verify({ readsAll: false }));
    return all.filter((one) => one.service === service).map(({ finding }) => finding);
  }

  /** Empties every table of every service, between two cases of a file; again where a job that came due was in the way. */
  async clear(): Promise<void> {
    await this.drain();
    const all = [...this.#first].map((service) => this.database(service));
    // Events that are due for a retry later must not come due before the tables are empty.
    await Promise.all(all.map((db) => db.tx((tx) => putOff.execute(tx))));
    await Promise.all(all.map((db) => db.tx((tx) => truncateAll.execute(tx))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#host).stop();
    await Promise.all([...[...this.#databases.values()].map((db) => db.close()), this.#shared?.pool.end()]);
    // A child may still write as it ends: another attempt removes that.
    await rm(await this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

const sealing = createSealing(["a cluster secret for tests"]);

/** A call of a signed-in user, or of nobody; some are made once for a whole file. */
export const callOf = (userId?: number, parts: Partial<Call> = {}): Call =>
  newCall({ waitMs: 600_000, ...(userId !== undefined && { userId, role: "user", isFresh: true }), ...parts });

/** The database's clock, in milliseconds, by which it decides what is due. */
export async function databaseNow<Tables>(db: Db<Tables>): Promise<number> {
  const { rows } = await sql<{ now: number }>`SELECT ${clockMs} AS now`.execute(db);
  return rows[0]?.now ?? Number.NaN;
}

/** A table without a page has had no row since it was made or emptied. */
const isUsed = sql`pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0`;
const putOff = sql`
  DO $$ DECLARE schema NAME; BEGIN
    FOR schema IN SELECT schemaname FROM pg_tables WHERE tablename = 'pending_events' AND ${isUsed} LOOP
      EXECUTE format('UPDATE %I.pending_events SET due_ms = %s', schema, ${sql.lit(Number.MAX_SAFE_INTEGER)});
    END LOOP;
  END $$`;
const truncateAll = sql`
  DO $$ DECLARE used TEXT; BEGIN
    SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO used FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename NOT IN ('migrations', 'marks', 'nodes', 'keys')
      AND ${isUsed};
    IF used <> '' THEN EXECUTE 'TRUNCATE ' || used || ' RESTART IDENTITY CASCADE'; END IF;
  END $$`;

/** Set where suites run over hash partitions: the number for each table that may have some. */
export const partitionsVariable = "KINORA_TEST_PARTITIONS";

/** A new database with these schemas: a copy of a template that is migrated once per run. */
async function databaseFor(schemas: readonly Schema[]): Promise<TestAddress> {
  const partitions = Number(process.env[partitionsVariable] ?? 0);
  const steps = schemas.flatMap(({ service, migrations, copies = [] }) => [
    service,
    ...copies.flatMap((copy) => copy.steps),
    ...migrations,
    String(partitions),
  ]);
  const template = `${schemas[0]?.service ?? ""}_${createHash("sha256").update(JSON.stringify(steps)).digest("hex").slice(0, 12)}`;
  const name = `${template}_${randomBytes(6).toString("hex")}`;
  const client = new pg.Client(server("postgres"));
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [template]);
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [template]);
    if (rowCount === 0) {
      await client.query(`CREATE DATABASE ${template}`);
      await migrate({ address: server(template), schemas });
      if (partitions > 0) await partitionAll(server(template), schemas, partitions);
    }
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } finally {
    await client.end();
  }
  return server(name);
}

/** Turns each table that may have hash partitions into this many. */
async function partitionAll(address: DbAddress, schemas: readonly Schema[], partitions: number): Promise<void> {
  await using database = await openPartitionedTables(address);
  for (const table of schemas.flatMap(partitionedTables)) await database.partition(table, partitions);
}

/** The address of a new database with the schemas of these services. */
export const databaseWith = (plugins: readonly Plugin[]): Promise<TestAddress> => databaseFor(plugins.map(schemaFor));

/** So that a test may write `SELECT FROM jobs`; a service itself must name its schema, and has no such setting. */
const withSearchPath = (address: TestAddress, service: string) => ({
  ...address,
  options: `-c search_path=${schemaOf(service)},public`,
});

/** A new migrated database of this run, for suites that open it themselves. */
export const testDatabase = async (service: string, migrations: readonly MigrationStep[]) =>
  withSearchPath(await databaseFor([{ service, migrations }]), service);

/** `schema.table.column`, as a store names them, of everything a service's migrations made. */
export async function columnsOf(service: string, migrations: readonly MigrationStep[]): Promise<string[]> {
  const db = openDb<unknown>(await databaseFor([{ service, migrations }]), { service });
  const { rows } = await sql<{ name: string }>`
    SELECT table_schema || '.' || table_name || '.' || column_name AS name FROM information_schema.columns
    WHERE table_schema = ${service} AND table_name <> ALL(${coreTables})`.execute(db);
  await db.close();
  return rows.map((row) => row.name);
}
