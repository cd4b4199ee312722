import { type ChildProcess, spawn } from "node:child_process";
import { readFile, statfs } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Say } from "./say.ts";
import type { Binaries } from "./binaries.ts";
import { type Disguise, environment } from "./disguise.ts";
import { fromServer, PostgresError } from "./error.ts";
import { isServerOf } from "./process-table.ts";

/** How the server ended: `code` 0 after a stop that was asked for. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}
export interface Server {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Its last words. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/**
 * A start is given up when the server was silent for this long. Every ten seconds it logs how far its repair is
 * (`log_startup_progress_interval`), but not how far the checkpoint at its end is.
 */
const silenceMsMax = 300_000;
/** How often a start that takes long says so. */
const progressEveryMs = 10_000;
/** How long a predecessor's last children may keep its shared memory. */
const predecessorWaitMs = 30_000;
/**
 * The share of the server in the ten seconds that a stop has at least. A server that is killed after it repairs itself
 * at the next start.
 */
const stopWaitMs = 8_000;
const logLinesMax = 40;

/**
 * The server's settings: small, since Kinora keeps hot data itself, and durable: `fsync`, `synchronous_commit` and
 * `full_page_writes` stay on unless the caller says otherwise. `log_min_messages=log` leaves out statements that
 * failed, whose text may hold users' text.
 */
export function settingsFor(
  major: number,
  socket: string,
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    listen_addresses: "",
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // A process has one pool, of twenty, and several may share a server.
    max_connections: "100",
    shared_buffers: "32MB",
    max_wal_size: "256MB",
    // At a start after a crash one call for the whole file system, where opening each file may take minutes.
    ...(process.platform === "linux" && { recovery_init_sync_method: "syncfs" }),
    min_wal_size: "32MB",
    max_wal_senders: "0",
    max_replication_slots: "0",
    max_logical_replication_workers: "0",
    max_worker_processes: "2",
    max_parallel_workers: "0",
    max_parallel_workers_per_gather: "0",
    autovacuum: "on",
    autovacuum_max_workers: "2",
    huge_pages: "off",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_min_messages: "log",
    log_checkpoints: "off",
    ...(major >= 18 && { io_method: "sync" }),
    ...settings,
  };
}

/** Runs the server and yields when it takes connections. Throws {@link PostgresError} when it ends instead. */
export async function launch(
  { postgres }: Binaries,
  data: string,
  as: Disguise,
  settings: Readonly<Record<string, string>>,
  say: Say,
): Promise<Server> {
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const [program, args] = as.command(postgres, ["-D", data, ...options], true);
  for (const patientUntil = performance.now() + predecessorWaitMs; ; await sleep(50)) {
    const server = begin(program, args, say);
    const ready = await untilReady(server, data, say);
    if (ready) return server;
    const error = await whyEnded(server.log, data);
    if (error.reason !== "in_use" || performance.now() > patientUntil) throw error;
  }
}

interface Launched extends Server {
  /** The time since its last line of log. */
  readonly silentMs: number;
}

function begin(program: string, args: string[], say: Say): Launched {
  // A session of its own: Ctrl-C in the terminal reaches only this process, which stops the server after its last use.
  const child = spawn(program, args, {
    cwd: "/",
    env: environment,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const log: string[] = [];
  let saidAtMs = performance.now();
  createInterface(child.stderr).on("line", (line) => {
    if (noise.test(line)) return;
    log.push(line);
    if (log.length > logLinesMax) log.shift();
    saidAtMs = performance.now();
    if (/not properly shut down|was interrupted/.test(line)) say("the database repairs itself after a crash", { line });
    else if (/ (?:FATAL|PANIC): {2}/.test(line)) say("the database reports a fault", { line });
  });
  const exited = exitOf(child, log);
  return {
    pid: child.pid ?? 0,
    exited,
    log,
    stop: () => stop(child, exited, say),
    get silentMs() {
      return performance.now() - saidAtMs;
    },
  };
}

/** The answers to clients while the server cannot serve them; they would push out the reason. */
const noise = / FATAL: {2}(?:terminating connection|the database system is)/;

/** The reason from its last lines of log, or else from the disk: of a checkpoint the log only says that it failed. */
export async function whyEnded(log: readonly string[], data: string): Promise<PostgresError> {
  const logged = fromServer(log, data);
  if (logged.reason !== "failed") return logged;
  const { bavail, bsize } = await statfs(data);
  return bavail * bsize < segmentBytes
    ? new PostgresError("disk_full", `there is no space left for the database in ${data}`)
    : logged;
}
/** One file of the write-ahead log. */
const segmentBytes = 16 * 2 ** 20;

/** Settles when the process has ended and its last lines are read; a program that cannot be run counts as ended. */
function exitOf(child: ChildProcess, log: string[]): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      log.push(error.message);
      resolve({ code: null, signal: null });
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

/** The socket folder of the server that works in this data folder right now; undefined when none does. */
export async function socketOf(data: string): Promise<string | undefined> {
  const lines = (await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const [pid = "", , , , socket = ""] = lines;
  return lines[7]?.trim() === "ready" && isServerOf(Number(pid), data) && socket !== "" ? socket : undefined;
}

/** PostgreSQL writes its state into line 8 of the lock file (`src/include/utils/pidfile.h`). */
async function untilReady(server: Launched, data: string, say: Say): Promise<boolean> {
  const began = performance.now();
  let over = false;
  void server.exited.then(() => (over = true));
  for (let sayAt = began + progressEveryMs; server.silentMs < silenceMsMax; await sleep(10)) {
    const lines = (await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return true;
    if (over) return false;
    if (performance.now() < sayAt) continue;
    sayAt += progressEveryMs;
    const seconds = Math.round((performance.now() - began) / 1_000);
    say("the database is still starting", { seconds, line: server.log.at(-1) });
  }
  await server.stop();
  throw new PostgresError(
    "failed",
    `the database in ${data} said nothing for ${silenceMsMax / 1000} s and was not ready`,
  );
}

async function stop(child: ChildProcess, exited: Promise<Exit>, say: Say): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (signal === "SIGQUIT") say("the database did not stop in time: it is cut, and repairs itself at the next start");
    child.kill(signal);
    const waiting = new AbortController();
    const late = sleep(stopWaitMs, "late", { signal: waiting.signal, ref: true }).catch(() => "ended");
    const first = await Promise.race([exited.then(() => "ended"), late]);
    waiting.abort();
    if (first === "ended") return;
  }
}
