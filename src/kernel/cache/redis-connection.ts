import { createClient, ErrorReply, type RedisClientType } from "@redis/client";
import { within } from "../deadline.ts";
import type { Log } from "../log/port.ts";

/** GETDEL and PXAT are as old as this. */
const versionMin = 6_02;
/** A connection is opened and greeted within this time, or given up. */
const openMs = 2_000;
const againMs = { first: 50, last: 1_000 };
/** How long a reading of Redis's clock is valid. */
const clockMs = 60_000;

export interface RedisSettings {
  readonly url: string;
  readonly log: Log;
  /** A command that takes longer is given up, and the connection with it. */
  readonly commandMsMax?: number;
}

type Client = RedisClientType;

/** A connection that has answered, with the known properties of its server. */
export interface Open {
  readonly client: Client;
  /** Names this run of the server as a master: another one after each start or fail-over, whatever data it has then. */
  readonly run: string;
  /** The server's clock, in milliseconds since 1970; never ahead of it. */
  readonly now: () => number;
}

const clientOf = (url: string): Client =>
  createClient({
    url,
    name: "kinora",
    disableOfflineQueue: true,
    maintNotifications: "disabled",
    // Opening again is done here: it has to end a connection that no longer answers, too.
    socket: { connectTimeout: openMs, reconnectStrategy: false },
  });

/**
 * A connection to Redis that is there or is not: a command is never kept for later, because what it says may be wrong by
 * then. A lost connection is opened again until it is closed; the loss and the return are logged once each.
 */
export class RedisConnection {
  readonly #settings: RedisSettings;
  readonly #commandMsMax: number;
  #open: Open | undefined;
  #reason: string | undefined = "it was not reached yet";
  #isReported = false;
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(settings: RedisSettings) {
    this.#settings = settings;
    this.#commandMsMax = settings.commandMsMax ?? 250;
  }

  /** Settles when Redis answered for the first time, or did not. */
  async start(): Promise<void> {
    await this.#connect();
  }

  /** Why there is no connection; undefined while there is one. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Runs commands now. @throws Error where there is no connection, or no answer in time */
  async run<T>(commands: (open: Open) => Promise<T>): Promise<T> {
    const open = this.#open;
    if (!open) throw new Error(`Redis is away: ${this.#reason}`);
    try {
      const answer = await within(this.#commandMsMax, commands(open), lateAfter(this.#commandMsMax));
      this.#failures = 0;
      return answer;
    } catch (error) {
      // A refusal is an answer, unless this server refuses everything now: it became a replica, or reads its data.
      if (!(error instanceof ErrorReply) || /^(?:READONLY|LOADING)/.test(error.message)) this.#lose(open.client, error);
      throw error;
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#again);
    const client = this.#open?.client;
    this.#open = undefined;
    this.#reason = "it is closed";
    if (client?.isOpen === true) client.destroy();
  }

  async #connect(): Promise<void> {
    const client = clientOf(this.#settings.url);
    client.on("error", (error: unknown) => this.#lose(client, error));
    try {
      const open = await within(openMs, greet(client), lateAfter(openMs));
      if (this.#isClosed) return client.destroy();
      this.#open = open;
      this.#reason = undefined;
      this.#settings.log.info("Redis answers");
      this.#isReported = false;
    } catch (error) {
      if (client.isOpen) client.destroy();
      this.#handleFailure(error);
    }
  }

  #lose(client: Client, error: unknown): void {
    if (this.#open?.client !== client) return;
    this.#open = undefined;
    // Remaining commands of the connection are refused.
    if (client.isOpen) client.destroy();
    this.#handleFailure(error);
  }

  #handleFailure(error: unknown): void {
    if (this.#isClosed) return;
    this.#reason = messageOf(error);
    if (!this.#isReported)
      this.#settings.log.warn("Redis is away: limits count per process and nothing is kept until it is back", {
        err: error,
      });
    this.#isReported = true;
    const pauseMs = Math.min(againMs.first * 2 ** this.#failures++, againMs.last);
    this.#again = setTimeout(() => void this.#connect(), pauseMs);
    this.#again.unref();
  }
}

async function greet(client: Client): Promise<Open> {
  await client.connect();
  const info = (await Promise.all([client.info("server"), client.info("replication")])).join("\n");
  const [, major = 0, minor = 0] = /^redis_version:(\d+)\.(\d+)/m.exec(info) ?? [];
  if (Number(major) * 100 + Number(minor) < versionMin) throw new Error("it is older than Redis 6.2");
  if (!/^role:master/m.test(info)) throw new Error("it is a replica, which takes no writes");
  const [, run = ""] = /^run_id:(\w+)/m.exec(info) ?? [];
  const [, history = ""] = /^master_replid:(\w+)/m.exec(info) ?? [];
  let clock = await readClock(client);
  let isReading = false;
  const readAgain = async () => {
    isReading = true;
    try {
      clock = await readClock(client);
    } catch {
      // The connection is over; the next one reads its own.
    } finally {
      isReading = false;
    }
  };
  return {
    client,
    run: `${run}.${history}`,
    now: () => {
      const passedMs = performance.now() - clock.at;
      if (passedMs > clockMs && !isReading) void readAgain();
      return Math.floor(clock.toldMs + passedMs);
    },
  };
}

/** Read when the answer came, so that what is made of it is behind the server's clock and never ahead. */
async function readClock(client: Client): Promise<{ toldMs: number; at: number }> {
  const [seconds, microseconds] = await client.time();
  return { toldMs: Number(seconds) * 1_000 + Number(microseconds) / 1_000, at: performance.now() };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const lateAfter = (ms: number) => () => new Error(`Redis did not answer within ${ms} ms`);
