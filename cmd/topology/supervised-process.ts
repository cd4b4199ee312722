import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../src/kernel/log/port.ts";
import { ProcessFailed } from "../compose/process-failed.ts";
import { untilAnswered } from "./answers.ts";
import type { LineOutput, ProcessLines } from "./lines.ts";
import type { ProcessPlan } from "./plan.ts";

/** The program of a process of a topology. */
export const processProgram = join(import.meta.dirname, "../start.ts");
/** Waits before the restarts of a process that keeps ending; a run of a minute begins again with the first. */
const backoffMs: readonly number[] = [250, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const steadyMs = 60_000;
const announcementMsMax = 10_000;
const announcementPollMs = 20;

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

interface Parts {
  readonly plan: ProcessPlan;
  /** Settings over those of the plan. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly output: LineOutput;
  readonly log: Log;
  /** How long a start may take. */
  readonly readyMsMax: number;
}

/** One process of a topology, which is started again when it ends by itself. */
export class SupervisedProcess {
  readonly plan: ProcessPlan;
  readonly #parts: Parts;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #lines: ProcessLines = { tail: [], announcement: [] };
  #exited: Promise<Exit> = Promise.resolve({ code: 0, signal: null });

  constructor(parts: Parts) {
    this.plan = parts.plan;
    this.#parts = parts;
  }

  /** Its lines for people, which it prints a moment after it is ready. */
  async announcement(): Promise<readonly string[]> {
    const endMs = performance.now() + announcementMsMax;
    while (this.#lines.announcement.length === 0 && performance.now() < endMs) await sleep(announcementPollMs);
    return this.#lines.announcement.length > 0 ? this.#lines.announcement : [`Kinora is ready at ${this.plan.url}`];
  }

  /**
   * Settles when it is ready; from then on it is restarted.
   * @throws ProcessFailed with its last lines, where it ended before, or took too long
   */
  async start(): Promise<void> {
    const startedMs = performance.now();
    await this.#startOnce();
    if (!this.#stopping.signal.aborted) void this.#supervise(startedMs);
  }

  async #startOnce(): Promise<void> {
    this.#spawn();
    const { name, url } = this.plan;
    const { readyMsMax } = this.#parts;
    const ended = new AbortController();
    const stopped = AbortSignal.any([ended.signal, this.#stopping.signal]);
    const exit = this.#exited.then((how) => {
      ended.abort();
      return how;
    });
    const isReady = await untilAnswered(url, "/ready", { waitMs: readyMsMax, signal: stopped });
    if (isReady || this.#stopping.signal.aborted) return;
    const how = ended.signal.aborted ? await exit : undefined;
    const says = how
      ? `ended with ${how.code ?? how.signal} before it was ready`
      : `was not ready in ${readyMsMax / 1_000} s`;
    throw new ProcessFailed(`the process ${name} ${says}${lastLines(this.#lines.tail)}`, how?.code === 2 ? 2 : 1);
  }

  #spawn(): void {
    const { plan, settings, output } = this.#parts;
    // A session of its own: Ctrl-C in a terminal reaches the supervisor alone, which stops processes in order. The channel
    // closes when the supervisor is killed, and the process ends.
    const child = spawn(process.execPath, [...process.execArgv, ...plan.nodeOptions, processProgram, ...plan.argv], {
      env: { ...plan.env, ...settings },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
    });
    this.#child = child;
    const { stdout, stderr } = child;
    if (stdout && stderr) this.#lines = output.attach(plan.name, { stdout, stderr });
    this.#exited = new Promise((resolve) => {
      child.once("error", () => resolve({ code: 127, signal: null }));
      child.once("close", (code, signal) => resolve({ code, signal }));
    });
  }

  async #supervise(firstStartMs: number): Promise<void> {
    const { log, plan } = this.#parts;
    const { signal } = this.#stopping;
    let startedMs = firstStartMs;
    for (let restarts = 0; ; restarts++) {
      const exit = await this.#exited;
      if (signal.aborted) return;
      if (performance.now() - startedMs > steadyMs) restarts = 0;
      const delayMs = backoffMs[Math.min(restarts, backoffMs.length - 1)] ?? 0;
      log.error("a process ended by itself and is restarted", { process: plan.name, ...exit, delayMs });
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      startedMs = performance.now();
      try {
        await this.#startOnce();
        if (!signal.aborted) log.info("a process is ready again", { process: plan.name, pid: this.#child?.pid });
      } catch (error) {
        log.error("a process cannot be restarted", { process: plan.name, err: error });
        this.#child?.kill("SIGKILL");
      }
    }
  }

  /** Asks it to stop and no longer restarts it; settles with how it ended. */
  async stop(): Promise<Exit> {
    this.#stopping.abort();
    this.#child?.kill("SIGTERM");
    return this.#exited;
  }

  /** Ends it at once; yields false where it had ended. */
  kill(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null && this.#child.kill("SIGKILL");
  }
}

const lastLines = (lines: readonly string[]): string =>
  lines.length === 0 ? "" : `; its last lines:\n${lines.slice(-20).join("\n")}`;
