import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isRunning, type Running, running } from "../../src/kernel/postgres/process-table.ts";

/** The order in which processes are stopped: first those whose clients are users, last what the others stand on. */
const ranks = ["gateway", "service", "database"] as const;
type Rank = (typeof ranks)[number];

/** A process that runs in the background, by its file in the folder of logs. */
export interface BackgroundProcess extends Running {
  readonly name: string;
  readonly rank: Rank;
  /** The path of its log. */
  readonly log: string;
}

/** Its first line is the number of the process alone, for other programs. */
const PidFile = z.tuple([z.coerce.number().int().positive(), z.string().min(1), z.enum(ranks)]);
const pollMs = 100;
const tailLines = 20;

interface Start {
  readonly name: string;
  readonly rank: Rank;
  /** Arguments of Node. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The processes of this machine that a start into the folder has begun, and a stop has not ended yet. */
export class BackgroundProcesses {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts a process of its own session, whose output goes on at the end of its log. */
  start({ name, rank, argv, env }: Start): BackgroundProcess {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const log = join(this.#folder, `${name}.log`);
    const file = openSync(log, "a", 0o600);
    const child = spawn(process.execPath, [...process.execArgv, ...argv], {
      env: { ...env },
      stdio: ["ignore", file, file],
      detached: true,
    });
    closeSync(file);
    child.unref();
    const identity = running(child.pid ?? 0) ?? { pid: child.pid ?? 0, since: "ended" };
    writeFileSync(this.#fileOf(name), `${identity.pid}\n${identity.since}\n${rank}\n`, { mode: 0o600 });
    return { ...identity, name, rank, log };
  }

  /** Processes with a file, in the order in which they are stopped. One may have ended, and another have its number. */
  list(): BackgroundProcess[] {
    let files: string[] = [];
    try {
      files = readdirSync(this.#folder).filter((file) => file.endsWith(".pid"));
    } catch {
      // Nothing was started here.
    }
    const all = files.flatMap((file) => {
      const name = file.slice(0, -".pid".length);
      const { data } = PidFile.safeParse(readFileSync(this.#fileOf(name), "utf8").trim().split("\n"));
      return data
        ? [{ name, pid: data[0], since: data[1], rank: data[2], log: join(this.#folder, `${name}.log`) }]
        : [];
    });
    return all.toSorted((a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank));
  }

  /**
   * Stops processes of one rank after another: each is asked, and killed when its time is over.
   * @param report called for each of them with how it ended
   */
  async stop(
    processes: readonly BackgroundProcess[],
    waitMs: number,
    report: (process: BackgroundProcess, how: "stopped" | "killed" | "had ended") => void,
  ): Promise<void> {
    for (const rank of ranks)
      await Promise.all(
        processes
          .filter((process) => process.rank === rank)
          .map(async (process) => {
            const how = await end(process, waitMs);
            rmSync(this.#fileOf(process.name), { force: true });
            report(process, how);
          }),
      );
  }

  #fileOf(name: string): string {
    return join(this.#folder, `${name}.pid`);
  }
}

async function end(process: Running, waitMs: number): Promise<"stopped" | "killed" | "had ended"> {
  if (!signal(process, "SIGTERM")) return "had ended";
  const endMs = performance.now() + waitMs;
  while (isRunning(process)) {
    if (performance.now() > endMs) {
      signal(process, "SIGKILL");
      return "killed";
    }
    await sleep(pollMs);
  }
  return "stopped";
}

/** False where that process has ended: a number that another process has now is left alone. */
function signal(who: Running, name: NodeJS.Signals): boolean {
  try {
    return isRunning(who) && process.kill(who.pid, name);
  } catch {
    return false; // It ended at this moment.
  }
}

/** The last lines of a log. */
export const tailOf = (log: string): string =>
  readFileSync(log, "utf8").trimEnd().split("\n").slice(-tailLines).join("\n");
