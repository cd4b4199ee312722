import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Exit } from "./instance.ts";

const cli = join(import.meta.dirname, "../../cmd/cli.ts");

/** A runner in a process of its own, on a folder of its own. */
export class RunnerProcess implements AsyncDisposable {
  readonly data: string;
  readonly log: string[] = [];
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  private constructor(data: string, env: Readonly<Record<string, string>>) {
    this.data = data;
    this.#child = spawn(process.execPath, [cli, "runner", "--data", data], {
      cwd: data,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface({ input: stream }).on("line", (line) => this.log.push(line));
    this.exited = new Promise((resolve) => this.#child.once("close", (code, signal) => resolve({ code, signal })));
  }

  /** @param data a folder of an earlier runner; a new one when left out. Either way it is removed in the end. */
  static async start(env: Readonly<Record<string, string>>, data?: string): Promise<RunnerProcess> {
    return new RunnerProcess(data ?? (await mkdtemp(join(tmpdir(), "kinora-runner-"))), env);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Sends a signal to the runner, or to it and the media processes that it started. */
  signal(name: NodeJS.Signals, to: "leader" | "group" = "leader"): void {
    process.kill(to === "group" ? -this.pid : this.pid, name);
  }

  async stop(): Promise<Exit> {
    this.signal("SIGTERM");
    return this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.signal("SIGCONT");
      this.signal("SIGKILL", "group");
      await this.exited;
    }
    await rm(this.data, { recursive: true, force: true });
  }
}
