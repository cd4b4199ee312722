import { jetstream, type JetStreamClient, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { within } from "../../deadline.ts";
import { ServiceUnavailable } from "../../errors.ts";
import type { Log } from "../../log/port.ts";
import { ensureStream } from "./stream.ts";

const waitMs = 5_000;

interface Connected {
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
}

/** The connection to the broker. It is made and made again in the background for as long as that takes. */
export class Broker {
  readonly #opening: Promise<Connected>;
  #isOpen = false;
  #reconnects = 0;

  constructor(url: string, log: Log) {
    this.#opening = open(url, log, () => (this.#reconnects += 1)).then((connected) => {
      this.#isOpen = true;
      return connected;
    });
    this.#opening.catch((error: unknown) => log.error("the broker cannot be used", { err: error }));
  }

  /** How often the connection was made again. A broker that comes back may have lost what it had acknowledged. */
  get reconnects(): number {
    return this.#reconnects;
  }

  /** @throws {KinoraError} kernel.service_unavailable while the broker is away. */
  connection(): Promise<Connected> {
    return within(waitMs, this.#opening, () => ServiceUnavailable({ service: "nats" }));
  }

  async close(): Promise<void> {
    if (this.#isOpen) await (await this.#opening).connection.close();
    else void this.#opening.then(({ connection }) => connection.close()).catch(() => undefined);
  }
}

async function open(url: string, log: Log, reconnected: () => void): Promise<Connected> {
  const connection = await connect({
    servers: url,
    name: "kinora",
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 1_000,
    // A broker that vanished without a word is noticed within some ten seconds.
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreClusterUpdates: true,
  });
  void watchStatus(connection, log, reconnected);
  const options = { timeout: waitMs };
  // The first request shows if JetStream is switched on; each connection asks again.
  const jsm = await jetstreamManager(connection, { ...options, checkAPI: false });
  await ensureStream(jsm).catch((error: unknown) => log.warn("the stream of events is not there yet", { err: error }));
  return { connection, jsm, js: jetstream(connection, options) };
}

async function watchStatus(connection: NatsConnection, log: Log, reconnected: () => void): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === "disconnect") log.warn("the broker is away");
    if (type !== "reconnect") continue;
    reconnected();
    log.info("the broker is back");
  }
}
