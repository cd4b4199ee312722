import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isNightly } from "../depth.ts";
import { until } from "../until.ts";
import type { Person } from "./person.ts";

export const uploadBytes = 2 ** 18;
/** Pauses of each client. Writes are frequent, so that one is under way when a process stops; reads are repeated then. */
const pauseMs = isNightly ? { read: 5, write: 5, upload: 5 } : { read: 240, write: 60, upload: 240 };

/** Clients of a gateway or load balancer: readers, writers, an uploader and a socket, until they are stopped. */
export class Load {
  readonly failures: string[] = [];
  uploads = 0;
  sockets = 0;
  #count = 0;
  #isStopped = false;
  readonly #running: readonly Promise<void>[];

  constructor(url: string, person: Person, videoId: number) {
    const paths = [`/videos/${videoId}`, "/recommend/feed", `/videos/${videoId}/comments`, "/users/me"];
    const reader = async (n: number) => this.#ask(person, "GET", paths[n % paths.length] ?? "");
    const writer = async (n: number) =>
      this.#ask(person, "POST", `/videos/${videoId}/comments`, { body: { content: `comment ${n}` } });
    const uploader = async (n: number) => {
      const raw = { type: "application/octet-stream", bytes: randomBytes(uploadBytes) };
      await this.#ask(person, "POST", `/upload?name=${n}.bin&purpose=drive`, { raw });
      this.uploads += 1;
    };
    this.#running = [
      ...[reader, reader, reader].map((work) => this.#repeat(work, pauseMs.read)),
      ...[writer, writer].map((work) => this.#repeat(work, pauseMs.write)),
      this.#repeat(uploader, pauseMs.upload),
      this.#repeat(() => this.#listen(url, person), pauseMs.read),
    ];
  }

  /** Settles when so many more requests were answered. */
  async requests(count: number): Promise<void> {
    const end = this.#count + count;
    await until(() => this.#count >= end, { said: () => this.failures.join("\n") });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#running);
  }

  async #repeat(work: (n: number) => Promise<void>, waitMs: number): Promise<void> {
    for (let n = 0; !this.#isStopped; n++) {
      await work(n);
      await sleep(waitMs);
    }
  }

  async #ask(person: Person, method: string, path: string, parts: Parameters<Person["ask"]>[2] = {}): Promise<void> {
    const failure = await person.ask(method, path, parts).then(
      ({ status, error }) => (status >= 400 ? `${status} ${error}` : undefined),
      (error: unknown) => String(error),
    );
    this.#count += 1;
    if (failure !== undefined) this.failures.push(`${method} ${path}: ${failure}`);
  }

  /** Holds a socket until it is closed. */
  async #listen(url: string, person: Person): Promise<void> {
    const { data } = await person.ask("POST", "/ws/ticket", { body: {} });
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/ws?ticket=${String(data["ticket"])}`);
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    const opened = new Promise((resolve) => socket.addEventListener("open", () => resolve(true)));
    if ((await Promise.race([opened, closed])) === true) this.sockets += 1;
    else this.failures.push("a socket was not opened");
    await Promise.race([closed, until(() => this.#isStopped, { waitMs: 600_000 })]);
    socket.close();
  }
}
