import { connect, type Socket } from "node:net";

/*
 * Viewers of a live stream, in a process of their own, which behave as players of Low-Latency HLS. Each has a
 * connection for the pictures and one for the sound. It asks for each playlist before the playlist has the part, and
 * fetches every part.
 */

/** The request of the bench. */
export interface ViewersTask {
  readonly port: number;
  /** The folder of the playlists. */
  readonly path: string;
  readonly viewers: number;
}
/** The counts of the viewers; the line "watching" comes once before. */
export interface ViewersCounts {
  requests: number;
  bytes: number;
  failures: number;
}

const counts: ViewersCounts = { requests: 0, bytes: 0, failures: 0 };
process.once("message", (task: ViewersTask) => void run(task));

async function run({ port, path, viewers }: ViewersTask): Promise<void> {
  const begun: Promise<void>[] = [];
  for (let n = 0; n < viewers; n++)
    for (const track of ["video", "audio"]) {
      const { promise, resolve } = Promise.withResolvers<void>();
      begun.push(promise);
      void watch(new Connection(port, path), track, resolve);
      // In groups, so that the backlog of the listener is not what is measured.
      if (begun.length % 50 === 0) await Promise.all(begun);
    }
  await Promise.all(begun);
  process.send?.("watching");
  process.on("message", () => process.send?.(counts));
}

async function watch(connection: Connection, track: string, begun: () => void): Promise<void> {
  let query = "";
  for (let last = ""; ; ) {
    const playlist = await connection.get(`${track}.m3u8${query}`);
    const parts = [...playlist.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)].map(([, uri = ""]) => uri);
    // The first time only the newest is fetched: where a player begins is not what is measured.
    const fresh = last === "" ? parts.slice(-1) : parts.slice(parts.indexOf(last) + 1);
    for (const uri of fresh) await connection.get(uri);
    last = parts.at(-1) ?? last;
    const [, msn, part] = /#EXT-X-PRELOAD-HINT:.*-(\d+)\.(\d+)\.m4s/.exec(playlist) ?? [];
    if (msn === undefined) return;
    query = `?_HLS_msn=${msn}&_HLS_part=${part}&_HLS_skip=YES`;
    begun();
  }
}

/** Requests over one connection, one after the other. A library would cost more than the server that is measured. */
class Connection {
  readonly #socket: Socket;
  readonly #path: string;
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #bodyAt = 0;
  #answer: ((body: string) => void) | undefined;

  constructor(port: number, path: string) {
    this.#path = path;
    this.#socket = connect({ host: "127.0.0.1", port });
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#socket.on("error", () => counts.failures++);
  }

  get(file: string): Promise<string> {
    counts.requests++;
    this.#socket.write(`GET ${this.#path}${file} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    return new Promise((resolve) => (this.#answer = resolve));
  }

  #take(chunk: Buffer): void {
    counts.bytes += chunk.length;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#wanted === Number.POSITIVE_INFINITY) this.#readHead();
    if (this.#length < this.#wanted) return;
    const body = Buffer.concat(this.#chunks).toString("latin1", this.#bodyAt);
    this.#chunks = [];
    this.#length = 0;
    this.#wanted = Number.POSITIVE_INFINITY;
    this.#answer?.(body);
  }

  #readHead(): void {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return;
    const head = bytes.toString("latin1", 0, end);
    if (!head.startsWith("HTTP/1.1 200")) counts.failures++;
    this.#bodyAt = end + 4;
    this.#wanted = this.#bodyAt + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  }
}
