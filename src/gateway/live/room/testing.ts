import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { type Account, Platform } from "#test/platform/platform";
import { WebSocket } from "ws";
import type { BatchFrame } from "./frames.ts";

export interface Frame {
  readonly type: string;
  readonly room_id: number;
  readonly user_id: number;
  readonly username: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly timestamp: string;
  readonly seq?: number;
}

const waitMs = 60_000;

/** A connection to a room, and what it was sent. */
export class RoomClient {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  /** Texts that came, each of one frame of the protocol below. */
  texts = 0;
  /** Those of them that were packed. */
  packed = 0;
  /** The code that it was closed with. */
  readonly closed: Promise<number>;
  readonly #wake = new Set<() => void>();

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.socket = new WebSocket(url, { headers, perMessageDeflate: true });
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => this.socket.once("close", (code) => resolve(code)));
    this.socket.on("message", (bytes: Buffer, isPacked: boolean) => {
      this.texts += 1;
      if (isPacked) this.packed += 1;
      const said = JSON.parse(textOf({ bytes, isPacked })) as Frame | { batch: Frame[] }; // Our own words.
      this.frames.push(...("batch" in said ? said.batch : [said]));
      for (const wake of this.#wake) wake();
      this.#wake.clear();
    });
  }

  send(type: string, payload?: unknown): void {
    this.socket.send(JSON.stringify({ type, payload }));
  }

  /** The first frame of which this holds, among those that came and those to come. */
  async until(holds: (frame: Frame) => boolean): Promise<Frame> {
    const { promise, reject } = Promise.withResolvers<never>();
    const late = () => reject(new Error(`it did not come; there were ${JSON.stringify(this.frames).slice(-2_000)}`));
    const timer = setTimeout(late, waitMs);
    try {
      for (;;) {
        const match = this.frames.find(holds);
        if (match) return match;
        await Promise.race([promise, new Promise<void>((resolve) => this.#wake.add(resolve))]);
      }
    } finally {
      clearTimeout(timer);
    }
  }
  type(type: string): Promise<Frame> {
    return this.until((frame) => frame.type === type);
  }
  chat(text: string): Promise<Frame> {
    return this.until((frame) => frame.type === "chat" && frame.payload["message"] === text);
  }
  /** The texts of the chat, in the order they came. */
  get said(): unknown[] {
    return this.frames.filter(({ type }) => type === "chat").map(({ payload }) => payload["message"]);
  }
  /** The last number of the room's sequence. */
  get last(): number {
    return Math.max(0, ...this.frames.map(({ seq = 0 }) => seq));
  }
}

/** The text of a frame of a tick, as a client reads it. */
export const textOf = ({ bytes, isPacked }: BatchFrame): string =>
  (isPacked ? inflateRawSync(bytes) : bytes).toString();

/** A platform with a server, on which rooms are live. */
export class Rooms {
  readonly platform: Platform;
  readonly opened: RoomClient[] = [];
  port = 0;

  constructor(checkMs = 600_000, settings: Readonly<Record<string, unknown>> = {}) {
    this.platform = new Platform(
      { pace: { room: { checkMs, pingMs: 600_000 } } },
      { live: { tickMs: 20, ...settings } },
    );
  }

  async open(): Promise<void> {
    await this.platform.open();
    this.port = await this.platform.app.listen({ host: "127.0.0.1", port: 0 });
  }

  async close(): Promise<void> {
    for (const { socket } of this.opened) socket.terminate();
    await this.platform[Symbol.asyncDispose]();
  }

  /** A room of this owner that is live. */
  async live(owner: Account, fields: object = {}): Promise<number> {
    const room = await this.platform.ask("/api/v1/lives", {
      method: "POST",
      token: owner.token,
      body: { title: "Harbour", ...fields },
    });
    const id = Number(room.data["id"]);
    await this.post(owner, `${id}/start`);
    return id;
  }

  post({ token }: Account, path: string, body: object = {}) {
    return this.platform.ask(`/api/v1/lives/${path}`, { method: "POST", token, body });
  }

  /** The address that `join` gives a viewer, on this server. */
  async addressFor(viewer: Account, id: number): Promise<string> {
    const { data, text } = await this.post(viewer, `${id}/join`);
    const address = data["ws_url"];
    assert.ok(typeof address === "string", text);
    const url = new URL(address);
    return `ws://127.0.0.1:${this.port}${url.pathname}${url.search}`;
  }

  /** A viewer's socket, ready when it knows how many watch. */
  async enter(viewer: Account, id: number, query = ""): Promise<RoomClient> {
    const client = this.connect(`/api/v1/lives/${id}/ws?x${query}`, { authorization: `Bearer ${viewer.token}` });
    await client.type("online");
    return client;
  }

  connect(path: string, headers: Readonly<Record<string, string>> = {}): RoomClient {
    const client = new RoomClient(path.startsWith("ws") ? path : `ws://127.0.0.1:${this.port}${path}`, headers);
    this.opened.push(client);
    return client;
  }

  /** The status that an upgrade is answered with, or 101. */
  async statusOf(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const { socket } = this.connect(path, headers);
    return new Promise((resolve) => {
      socket.once("open", () => resolve(101));
      socket.once("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode));
    });
  }
}
