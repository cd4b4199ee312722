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
class Server {
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

/** A primary and a streaming standby of it. */
export interface Replication extends AsyncDisposable {
  readonly primary: Server;
  readonly standby: Server;
  /** Stops the replay of the log on the standby, which goes on receiving it. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export async function startReplication(): Promise<Replication> {
  const programs = globSync("/usr/lib/postgresql/*/bin").toSorted().at(-1);
  assert.ok(programs, "PostgreSQL is not installed");
  const root = await mkdtemp(join(tmpdir(), "kinora-replication-"));
  const [one = 0, other = 0] = await freePorts(2);
  const [first, second] = [join(root, "primary"), join(root, "standby")];
  const program = async (name: string, args: readonly string[]) => {
    const [file = "", ...rest] = [...unlessRoot, join(programs, name), ...args];
    await run(file, rest);
  };
  await program("initdb", ["-D", first, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
  const primary = new Server(programs, first, one);
  await primary.start();
  await program("pg_basebackup", ["-D", second, "-d", primary.url(), "-R", "-X", "stream", "-c", "fast", "--no-sync"]);
  const standby = new Server(programs, second, other);
  await standby.start();
  return {
    primary,
    standby,
    async pause() {
      await standby.ask("SELECT pg_wal_replay_pause()");
      await until(async () => {
        const [row] = await standby.ask<{ state: string }>("SELECT pg_get_wal_replay_pause_state() AS state");
        return row?.state === "paused";
      });
    },
    resume: async () => void (await standby.ask("SELECT pg_wal_replay_resume()")),
    async [Symbol.asyncDispose]() {
      await Promise.all([primary.kill(), standby.kill()]);
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
