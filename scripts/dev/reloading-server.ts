import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { Program } from "./program.ts";

interface Settings {
  readonly root: string;
  readonly argv: readonly string[];
  readonly nodeArguments: readonly string[];
  /** The socket of the database that stays up across reloads; undefined for a database elsewhere. */
  readonly socket: string | undefined;
  readonly say: (message: string) => void;
}

const watched = ["cmd", "src", "demo", "api"];
/** Editors save in several steps, and a checkout changes many files. */
const quietMs = 50;

/** The server, started again whenever one of its files changes. */
export class ReloadingServer {
  readonly #settings: Settings;
  readonly #watchers = new Map<string, FSWatcher>();
  #current: Program | undefined;
  #next: Program | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    for (const folder of watched) this.#watch(folder);
  }

  /** Returns true if it became ready. */
  start(): Promise<boolean> {
    return this.#replace();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#quiet);
    for (const watcher of this.#watchers.values()) watcher.close();
    await Promise.all([this.#current?.stop(), this.#next?.stop()]);
    await this.#turn;
  }

  /** Each folder by itself: on Linux Node's recursive watch loses files that are saved by a rename. */
  #watch(folder: string): void {
    const path = join(this.#settings.root, folder);
    let entries: string[];
    try {
      const all = readdirSync(path, { withFileTypes: true });
      this.#watchers.get(folder)?.close();
      const watcher = watch(path, (_, name) => {
        const changed = join(folder, name ?? "");
        // A name without an ending may be a new folder.
        if (!/\.\w+$/.test(changed)) this.#watch(changed);
        this.#onChange(changed);
      });
      watcher.on("error", () => watcher.close());
      this.#watchers.set(folder, watcher);
      entries = all.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    } catch {
      return; // The path is no folder, or was removed.
    }
    for (const name of entries) this.#watch(join(folder, name));
  }

  #onChange(file: string): void {
    if (!/\.(?:ts|json)$|\/[\w-]+$/.test(file) || file.endsWith(".test.ts") || this.#isStopping) return;
    const began = performance.now();
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#turn = this.#turn.then(async () => {
        if (this.#isStopping) return;
        this.#settings.say(`${file} changed`);
        if (await this.#replace())
          this.#settings.say(`reloaded in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
      });
    }, quietMs);
  }

  /** The new process reads our files while the old one stops; one that has read the packages stands by. */
  async #replace(): Promise<boolean> {
    const { nodeArguments, say } = this.#settings;
    const old = this.#current;
    // The inspector has one port.
    const hasInspector = nodeArguments.length > 0;
    if (hasInspector) await old?.stop();
    const next = this.#next ?? this.#begin();
    this.#next = undefined;
    this.#current = next;
    const ready = new Promise<void>((resolve) => next.onMessage((message) => message === "ready" && resolve()));
    next.send("load");
    await old?.stop();
    next.send("start");
    await Promise.race([ready, next.ended]);
    if (this.#isStopping) return false;
    if (!hasInspector) this.#next = this.#begin();
    if (next.hasEnded) say("the server did not start; it is tried again at the next change");
    else void next.ended.then(() => this.#current === next && !this.#isStopping && say("the server ended by itself"));
    return !next.hasEnded;
  }

  #begin(): Program {
    const { root, argv, nodeArguments, socket } = this.#settings;
    return new Program("server", {
      args: [...nodeArguments, join(root, "scripts/dev/server.ts"), ...argv],
      cwd: process.cwd(),
      env: {
        KINORA_LOG_FORMAT: process.env["KINORA_LOG_FORMAT"] ?? "pretty",
        ...(socket !== undefined && { DEV_POSTGRES_SOCKET: socket }),
      },
    });
  }
}
