import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../until.ts";

/** The settings of an image that a container engine reads. */
export interface ImageSettings {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly user: number;
  readonly folder: string;
}

/** The root of a container: settings of its image, and options of bubblewrap that lay its files, all read-only. */
export interface ContainerImage {
  readonly settings: ImageSettings;
  readonly files: readonly string[];
}

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments in the place of the image's command. */
  readonly command?: readonly string[];
  /** False as in engines that forbid user namespaces to their containers. */
  readonly hasUserNamespaces?: boolean;
}

/**
 * A container as an engine runs it: a read-only root, its user without capabilities and without new ones, node as
 * process 1, and only `/data` and `/tmp` to write to. Bubblewrap makes it. Its network is that of this machine.
 */
export class Container implements AsyncDisposable {
  readonly log: string[] = [];
  readonly #image: ContainerImage;
  readonly #data: string;
  #child: ChildProcess | undefined;

  private constructor(image: ContainerImage, data: string) {
    this.#image = image;
    this.#data = data;
  }

  static async of(image: ContainerImage): Promise<Container> {
    const data = await mkdtemp(join(tmpdir(), "kinora-container-"));
    await chown(data, image.settings.user, image.settings.user);
    return new Container(image, data);
  }

  /** Starts its program, and waits for nothing. */
  async begin(options: Options = {}): Promise<void> {
    // Without further user namespaces, bubblewrap makes one in which this user has the number of the image's.
    if (options.hasUserNamespaces === false) await chown(this.#data, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
    const { entrypoint, command } = this.#image.settings;
    this.#child = this.#spawn([...entrypoint, ...(options.command ?? command)], options);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => this.log.push(...text.split("\n")));
  }

  /** Starts its program; settles when its health check succeeds, as an engine asks it. */
  async start(options: Options = {}): Promise<void> {
    await this.begin(options);
    await until(
      async () => {
        assert.equal(this.#child?.exitCode, null, this.log.join("\n"));
        return (await this.run(this.#image.settings.healthcheck, options)).code === 0;
      },
      { waitMs: 110_000, said: () => this.log.slice(-30).join("\n") },
    );
  }

  /** Runs a program beside it, as `exec` of an engine does; yields its output. */
  async run(command: readonly string[], options: Options = {}): Promise<{ code: number | null; output: string }> {
    const child = this.#spawn(command, options);
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output };
  }

  /** Sends SIGTERM to its process 1; yields the exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    assert.ok(child, "it runs");
    if (child.exitCode !== null) return child.exitCode;
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    process.kill(await this.#firstProcess(), "SIGTERM");
    return exited;
  }

  /** Bubblewrap stays outside and waits for it. */
  async #firstProcess(): Promise<number> {
    const { stdout } = spawnText(["ps", "-o", "pid=", "--ppid", String(this.#child?.pid)]);
    const [pid = 0] = (await stdout).trim().split(/\s+/).map(Number);
    assert.ok(pid > 1, "its process 1 is there");
    return pid;
  }

  #spawn(command: readonly string[], { env = {}, hasUserNamespaces = true }: Options): ChildProcess {
    const { user, env: ofImage, folder } = this.#image.settings;
    const id = String(user);
    const variables = { HOME: "/", ...ofImage, ...env };
    const [becoming, becomes] = hasUserNamespaces
      ? [
          ["SETUID", "SETGID", "SETPCAP"].flatMap((name) => ["--cap-add", `CAP_${name}`]),
          flags(
            `setpriv --reuid=${id} --regid=${id} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all`,
          ),
        ]
      : [flags(`--unshare-user --disable-userns --uid ${id} --gid ${id}`), []];
    const args = [
      ...flags("--unshare-pid --unshare-ipc --unshare-uts --die-with-parent --as-pid-1 --new-session --clearenv"),
      ...becoming,
      ...this.#image.files,
      ...flags("--proc /proc --dev /dev --tmpfs /tmp --chmod 1777 /tmp"),
      "--bind",
      this.#data,
      ...flags(`/data --chdir ${folder} --remount-ro /`),
      ...Object.entries(variables).flatMap(([name, value]) => ["--setenv", name, value]),
      "--",
      ...becomes,
      ...command,
    ];
    return spawn("bwrap", args, { stdio: ["ignore", "pipe", "pipe"] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await exited;
    }
    await rm(this.#data, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

const flags = (text: string): string[] => text.split(" ");

function spawnText([program = "", ...args]: readonly string[]): { readonly stdout: Promise<string> } {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  return { stdout: new Promise((resolve) => child.once("close", () => resolve(text))) };
}
