import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { DiskBlobStore } from "./blob/disk.ts";
import { embeddedCache } from "./cache/embedded.ts";
import { type Call, newCall } from "./call.ts";
import type { Client, Contract } from "./contract.ts";
import { migrate } from "./db/migrate.ts";
import { openDb } from "./db/pool.ts";
import type { Db } from "./db/port.ts";
import { type Environment, realEnvironment } from "./environment.ts";
import { type HostParts, ServiceHost } from "./host.ts";
import { silentLog } from "./log/port.ts";
import { guardedOutgoing } from "./outgoing/guarded.ts";
import type { Plugin } from "./plugin.ts";
import { prometheusMetrics } from "./telemetry/prometheus.ts";

/** The socket folder of the PostgreSQL that `test/setup.ts` started for this run. */
const server = (database: string) => {
  const host = process.env["KINORA_TEST_POSTGRES"];
  assert.ok(host, "run tests with --test-global-setup=test/setup.ts");
  return { host, user: "kinora", database };
};

interface TestParts {
  readonly environment?: Partial<Environment>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly parts?: Partial<HostParts>;
}

/**
 * A real host whose services have databases of their own: copies of a template that is migrated once per run. Arguments
 * and answers are copied, as if every service were on another machine.
 */
export class TestHost implements AsyncDisposable {
  readonly #databases = new Map<string, Db<unknown>>();
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
          metrics: prometheusMetrics(),
          blob: new DiskBlobStore({
            folder,
            disk: environment.disk,
            failpoints: environment.failpoints,
            now: environment.now,
          }),
          cache: embeddedCache(),
          outgoing: guardedOutgoing({ allow: [], log: silentLog }),
          instance: "test",
          node: 0,
          clone: true,
          secret: async (name) => createHash("sha256").update(`test ${name}`).digest("base64url"),
          // A case that is under way when the clock strikes would see what no other time does.
          schedule: () => ({ stop: async () => undefined }),
          settings: (service) => settings[service],
          open: async (service, migrations, committed) => {
            const db = openDb<unknown>(server(await copyOf(service, migrations)), { committed });
            this.#databases.set(service, db);
            return db;
          },
          ...parts,
        }),
    );
  }

  /** Starts a service; its jobs and relay run at once. */
  async add<C extends Contract, T, S>(plugin: Plugin<C, T, S>): Promise<void> {
    const host = await this.#host;
    await host.add(plugin);
    await host.run();
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

  /** Settles when every event has been heard and every due job worked off. */
  async drain(): Promise<void> {
    await (await this.#host).drain();
  }

  /** A service's database, to look at tables the contract does not show. */
  database<Tables>(service: string): Db<Tables> {
    const db = this.#databases.get(service);
    assert.ok(db, `${service} is not started`);
    return db as Db<Tables>; // The caller names the tables its migrations made.
  }

  /** What must never be in this service's tables and is; what is counted and drifted among it. */
  async findings(service: string): Promise<string[]> {
    const all = await Array.fromAsync((await this.#host).verify({ readsAll: false }));
    return all.filter((one) => one.service === service).map(({ finding }) => finding);
  }

  /** Empties every table of every service, between two cases of a file; again where a job that came due was in the way. */
  async clear(): Promise<void> {
    await this.drain();
    await Promise.all([...this.#databases.values()].map((db) => db.tx((tx) => truncateAll.execute(tx))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#host).stop();
    await rm(await this.#folder, { recursive: true, force: true });
  }
}

/** A call of a signed-in user, or of nobody. */
export const callOf = (userId?: number, parts: Partial<Call> = {}): Call =>
  newCall({ waitMs: 60_000, ...(userId !== undefined && { userId, role: "user" }), ...parts });

const truncateAll = sql`
  DO $$ BEGIN EXECUTE (
    SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') || ' RESTART IDENTITY CASCADE'
    FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('migration', 'marks')
  ); END $$`;

async function copyOf(service: string, migrations: readonly string[]): Promise<string> {
  const template = `${service}_${createHash("sha256").update(migrations.join()).digest("hex").slice(0, 12)}`;
  const name = `${template}_${randomBytes(6).toString("hex")}`;
  const client = new pg.Client(server("postgres"));
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [template]);
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [template]);
    if (rowCount === 0) {
      await client.query(`CREATE DATABASE ${template}`);
      await migrate({ address: server(template), service, migrations });
    }
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  } finally {
    await client.end();
  }
  return name;
}

/** A new migrated database of this run, for suites that open it themselves. */
export const testDatabase = async (service: string, migrations: readonly string[]) =>
  server(await copyOf(service, migrations));

/** `table.column` of everything a service's migrations made. */
export async function columnsOf(service: string, migrations: readonly string[]): Promise<string[]> {
  const db = openDb<unknown>(server(await copyOf(service, migrations)));
  const { rows } = await sql<{ name: string }>`
    SELECT table_name || '.' || column_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> ALL(${kernelTables})`.execute(db);
  await db.close();
  return rows.map((row) => row.name);
}
const kernelTables = ["outbox", "inbox", "dead_events", "idempotency", "jobs", "marks", "migration"];
