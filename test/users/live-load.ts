import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { publish } from "../encoder.ts";
import { until } from "../until.ts";
import type { Person } from "./person.ts";

/** The pause of an encoder before it connects again. */
const reconnectMs = 500;
/** A playlist that waits for its next part answers within this time. */
const answerMs = 30_000;
const pauseMs = 300;

interface Addresses {
  /** The address of a gateway, or of a load balancer for HTTP. */
  readonly url: string;
  /** Another gateway that segments are fetched from, as behind a balancer; the same where there is none. */
  readonly segmentUrl?: string;
  /** The address for encoders, without the key. */
  readonly pushUrl: string;
}

/**
 * A live room of a person: an encoder that connects again when its connection ends, a player that fetches the playlist
 * and every segment, and a socket of the room.
 */
export class LiveLoad {
  readonly failures: string[] = [];
  /** Connections of the encoder. */
  connections = 0;
  sockets = 0;
  readonly #url: string;
  readonly #segmentUrl: string;
  readonly #person: Person;
  readonly #segments = new Set<number>();
  #pushUrl: string;
  #key = "";
  roomId = "";
  #encoder: ChildProcess | undefined;
  #isStopped = false;
  #running: readonly Promise<void>[] = [];

  private constructor({ url, segmentUrl = url, pushUrl }: Addresses, person: Person) {
    this.#url = url;
    this.#segmentUrl = segmentUrl;
    this.#pushUrl = pushUrl;
    this.#person = person;
  }

  /** Settles when the player has the first segment. */
  static async start(addresses: Addresses, person: Person): Promise<LiveLoad> {
    const load = new LiveLoad(addresses, person);
    const { data } = await person.ask("POST", "/lives", { body: { title: "Harbour" } });
    load.roomId = String(data["id"]);
    load.#key = String(data["stream_key"]);
    await person.ask("POST", `/lives/${load.roomId}/start`);
    const encoding = load.#encode();
    const playlist = async () => (await fetch(load.addressOf("video.m3u8"))).text();
    await until(async () => (await playlist()).includes("#EXTINF"));
    load.#running = [encoding, load.#play(), load.#listen()];
    await load.segments(1);
    return load;
  }

  /** Settles when the player has so many more segments. */
  async segments(count: number): Promise<void> {
    const end = this.#segments.size + count;
    await until(() => this.#segments.size >= end, { said: () => this.failures.join("\n") });
  }

  /** The numbers of the segments that no playlist had, between the first and the last that was played. */
  get missing(): readonly number[] {
    const numbers = [...this.#segments].toSorted((a, b) => a - b);
    const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
    return Array.from({ length: last - first + 1 }, (_, n) => first + n).filter((n) => !this.#segments.has(n));
  }

  /** The encoder leaves, and connects to another address. */
  encodeTo(pushUrl: string): void {
    this.#pushUrl = pushUrl;
    this.#encoder?.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#encoder?.kill("SIGKILL");
    await Promise.all(this.#running);
    await this.#person.ask("POST", `/lives/${this.roomId}/end`);
  }

  addressOf(file: string, url = this.#url): string {
    return `${url}/api/v1/lives/${this.roomId}/hls/${file}`;
  }

  async #encode(): Promise<void> {
    while (!this.#isStopped) {
      this.#encoder = publish(`${this.#pushUrl}/${this.#key}`);
      this.connections += 1;
      await once(this.#encoder, "close");
      await sleep(reconnectMs);
    }
  }

  /** Asks for the part after the newest one, as players of Low-Latency HLS do, and for each new segment. */
  async #play(): Promise<void> {
    let reload = "";
    while (!this.#isStopped) {
      const playlist = await this.#fetch(`video.m3u8${reload}`);
      const numbers = Array.from(playlist.matchAll(/^video-(\d+)\.m4s$/gm), ([, number]) => Number(number));
      for (const number of numbers) {
        if (this.#segments.has(number)) continue;
        await this.#fetch(`video-${number}.m4s`, this.#segmentUrl);
        this.#segments.add(number);
      }
      const last = numbers.at(-1);
      reload = last === undefined ? "" : `?_HLS_msn=${last + 1}`;
      await sleep(pauseMs);
    }
  }

  async #fetch(file: string, url?: string): Promise<string> {
    try {
      const answer = await fetch(this.addressOf(file, url), { signal: AbortSignal.timeout(answerMs) });
      const text = await answer.text();
      if (answer.ok) return text;
      this.failures.push(`${file}: ${answer.status} ${text}`);
    } catch (error) {
      this.failures.push(`${file}: ${String(error)} ${error instanceof Error ? String(error.cause) : ""}`);
    }
    return "";
  }

  /** Holds a socket of the room, and opens the next one when it is closed. */
  async #listen(): Promise<void> {
    while (!this.#isStopped) {
      const { data } = await this.#person.ask("POST", `/lives/${this.roomId}/join`, { body: {} });
      const { pathname, search } = new URL(String(data["ws_url"]));
      const socket = new WebSocket(this.#url.replace("http", "ws") + pathname + search);
      const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
      const opened = new Promise((resolve) => socket.addEventListener("open", () => resolve(true)));
      if ((await Promise.race([opened, closed])) === true) this.sockets += 1;
      else this.failures.push("a socket of the room was not opened");
      await Promise.race([closed, until(() => this.#isStopped, { waitMs: 600_000 })]);
      socket.close();
    }
  }
}
