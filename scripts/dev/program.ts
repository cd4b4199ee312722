import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

interface Settings {
  /** The arguments of this Node. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A stop that takes longer than this is ended by force: what must not be lost is in the database. */
const stopMsMax = 5_000;

/** A Node program whose lines appear in our output behind its name; it ends when we do. */
export class Program {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;

  constructor(name: string, { args, cwd, env }: Settings) {
    this.#child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: "1" }), ...env },
      // A group of its own: Ctrl-C of the terminal is for us, who stop everything in order. Vite ends with its input.
      detached: true,
      stdio: ["pipe", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface({ input: stream }).on("line", (line) => console.log(`${name.padEnd(6)} │ ${line}`));
    this.ended = new Promise((resolve) => {
      this.#child.once("error", () => resolve({ code: 127, signal: null }));
      this.#child.once("exit", (code, signal) => resolve({ code, signal }));
    });
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  send(message: string): void {
    if (this.#child.connected) this.#child.send(message);
  }

  onMessage(handle: (message: unknown) => void): void {
    this.#child.on("message", handle);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#child.kill("SIGKILL"), stopMsMax);
    await this.ended;
    clearTimeout(late);
  }
}
