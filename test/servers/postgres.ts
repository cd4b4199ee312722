import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

const run = promisify(execFile);
const user = "kinora";
/** PostgreSQL does not run as root; in a namespace of its own, root is another user. */
const unlessRoot = process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=65534", "--map-group=65534"] : [];

/** A PostgreSQL of this system, on loopback. */
export class Server {
  readonly #programs: string;
  readonly #folder: string;
  readonly port: number;
  #child: ChildProcess | undefined;

  constructor(programs: string, folder: string, port: number) {
    this.#programs = programs;
    this.#folder = folder;
    this.port = port;
  }

  url(database = "postgres"): string {
    return `postgresql://${user}@127.0.0.1:${this.port}/${database}`;
  }

  async start(): Promise<void> {
    const settings = [
      "shared_buffers=32MB",
      "max_connections=100",
      "unix_socket_directories=",
      "listen_addresses=127.0.0.1",
    ];
    const args = ["-D", this.#folder, "-p", String(this.port), ...settings.flatMap((one) => ["-c", one])];
    const [first = "", ...rest] = [...unlessRoot, join(this.#programs, "postgres"), ...args];
    const child = spawn(first, rest, { stdio: "ignore" });
    this.#child = child;
    await until(async () => {
      assert.equal(child.exitCode, null, "PostgreSQL ended");
      return this.ask("SELECT 1").then(
        () => true,
        () => false,
      );
    });
  }

  /** Ends it and its children as a crash does. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGQUIT");
    await ended;
  }

  async ask<Row extends object>(statement: string, database?: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database), connectionTimeoutMillis: 2_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(statement)).rows;
    } finally {
      await client.end();
    }
  }
}

/** Runs a program of this system's PostgreSQL, such as `initdb`. */
export async function runProgram(programs: string, name: string, args: readonly string[]): Promise<void> {
  const [file = "", ...rest] = [...unlessRoot, join(programs, name), ...args];
  await run(file, rest);
}

export function programsOfSystem(): string {
  const programs = globSync("/usr/lib/postgresql/*/bin").toSorted().at(-1);
  assert.ok(programs, "PostgreSQL is not installed");
  return programs;
}

/** Creates a server in a folder and starts it. */
export async function startServer(programs: string, folder: string, port: number): Promise<Server> {
  const args = ["-D", folder, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  await runProgram(programs, "initdb", args);
  const server = new Server(programs, folder, port);
  await server.start();
  return server;
}

/** A PostgreSQL of this system as an operator has it: a role that owns its databases, and nothing more. */
export interface OutsidePostgres extends AsyncDisposable {
  readonly server: Server;
  /** Creates a database of that role; yields its URL. */
  create(name: string): Promise<string>;
}

const owner = "films";

export async function startOutsidePostgres(): Promise<OutsidePostgres> {
  const root = await mkdtemp(join(tmpdir(), "kinora-outside-"));
  const [port = 0] = await freePorts(1);
  const server = await startServer(programsOfSystem(), join(root, "data"), port);
  await server.ask(`CREATE ROLE ${owner} LOGIN`);
  return {
    server,
    async create(name) {
      await server.ask(`CREATE DATABASE ${name} OWNER ${owner}`);
      return `postgresql://${owner}@127.0.0.1:${port}/${name}`;
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
