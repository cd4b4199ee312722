import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { serverOptions } from "../../scripts/bootstrap/server-options.mjs";
import { until } from "../until.ts";

const root = join(import.meta.dirname, "../..");
/** A start is quick; only one that hangs takes so long, and says so before the time of its test is over. */
const readyMsMax = 110_000;
/** How long a stop takes depends on the machine; the suite about it sets the limit that operators have. */
const stopMsMax = "120s";
/** Each connection costs a start some 50 ms of CPU, and a server of tests answers few requests at once. */
const connectionsMax = "8";

export interface InstanceOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder to start on; a new one when left out. Either way it is removed in the end. */
  readonly data?: string;
  /** The port it asks for; one that is free when left out. */
  readonly port?: number;
  /** The folder of the program; this checkout when left out. */
  readonly program?: string;
  /** The command line that runs it, such as one that makes it another user. */
  readonly through?: readonly string[];
}

/** How a server's process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A whole Kinora in a process of its own, on a folder of its own. */
export class Instance implements AsyncDisposable {
  readonly data: string;
  readonly log: string[] = [];
  readonly #options: InstanceOptions;
  #child: ChildProcess | undefined;
  #url = "";
  #port = "0";
  #firstRun = "";
  #exited: Promise<Exit> = Promise.resolve({ code: null, signal: null });

  private constructor(data: string, options: InstanceOptions) {
    this.data = data;
    this.#options = options;
    this.#port = String(options.port ?? 0);
  }

  static async start(options: InstanceOptions = {}): Promise<Instance> {
    const instance = await Instance.on(options);
    await instance.restart();
    return instance;
  }

  /** One that is not started yet. */
  static async on(options: InstanceOptions): Promise<Instance> {
    return new Instance(options.data ?? (await mkdtemp(join(tmpdir(), "kinora-e2e-"))), options);
  }

  get url(): string {
    return this.#url;
  }
  /** The one-time link of the first run; empty once there is an administrator. */
  get firstRun(): string {
    return this.#firstRun;
  }
  get pid(): number {
    return this.#child?.pid ?? 0;
  }
  /** Settles when the process that was started last has ended. */
  get exited(): Promise<Exit> {
    return this.#exited;
  }

  /** Starts it on the same folder and port as before; settles when it is ready. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.begin(env);
    await this.ready();
  }

  /** Starts it and waits for nothing. */
  begin(env: Readonly<Record<string, string>> = {}): void {
    if (this.#url !== "") this.#port = new URL(this.#url).port;
    const { through = [], flags = [], program: folder = root } = this.#options;
    const startArgs = ["--data", this.data, "--port", this.#port, "--rtmp-port", "0", ...flags];
    const node = [process.execPath, ...serverOptions];
    const [program = "", ...args] = [...through, ...node, join(folder, "cmd/start.ts"), ...startArgs];
    const child = spawn(program, args, {
      cwd: this.data,
      env: {
        ...process.env,
        KINORA_STOP_MAX: stopMsMax,
        // Nobody balances the load of most.
        KINORA_STOP_DELAY: "0s",
        KINORA_DB_CONNECTIONS: connectionsMax,
        ...this.#options.env,
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => this.#readLine(line));
    this.#url = "";
    // Its last words are read by then.
    this.#exited = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  }

  /** Settles when it is ready; fails when it ends instead. */
  async ready(): Promise<void> {
    let hasEnded = false;
    const ended = this.#exited.then(({ code, signal }) => {
      hasEnded = true;
      throw new Error(`the server ended with ${code ?? signal}:\n${this.log.slice(-30).join("\n")}`);
    });
    ended.catch(() => undefined);
    const isReady = async () =>
      this.#url !== "" && (await fetch(`${this.#url}/ready`).catch(() => undefined))?.ok === true;
    const said = () => this.log.slice(-30).join("\n");
    // An ended process is not watched any more: that would keep the process of the tests alive.
    await Promise.race([ended, until(async () => hasEnded || (await isReady()), { waitMs: readyMsMax, said })]);
  }

  #readLine(line: string): void {
    this.log.push(line);
    this.#url ||= line.match(/^Kinora is ready at (\S+)/)?.[1] ?? "";
    this.#firstRun ||= line.match(/make the administrator: (\S+)/)?.[1] ?? "";
  }

  /** Ends the whole group as a power button would, or the server alone; settles when it has ended. */
  async kill(what: "group" | "leader" = "group"): Promise<void> {
    await this.#end(what === "group" ? -this.pid : this.pid, "SIGKILL");
  }

  /** Asks it to stop; yields the exit code. */
  async stop(): Promise<number | null> {
    return this.#end(this.pid, "SIGTERM");
  }

  async #end(target: number, signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    assert.ok(child, "it runs");
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
    process.kill(target, signal);
    return exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child) await this.stop().catch(() => undefined);
    try {
      if (this.pid > 0) process.kill(-this.pid, "SIGKILL");
    } catch {
      // Nobody of the group is left, as it should be.
    }
    // Its children may still write as they end: another attempt removes that.
    await rm(this.data, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
