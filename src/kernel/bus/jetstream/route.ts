import { headers } from "@nats-io/transport-node";
import type { Route, Sent } from "../port.ts";
import type { Broker } from "./broker.ts";
import { partitionOf, partitionOfDurable, partitions, stream, subjectOf } from "./stream.ts";

const publishMs = 5_000;
/** The state of the broker's consumers is asked for at most so often. */
const stateMs = 200;

/** An event in the stream that not every consumer has acknowledged. */
interface Unconfirmed {
  /** Of the stream, as far as it was known. */
  readonly created: string | undefined;
  readonly position: number;
  readonly partition: number;
  readonly seq: number;
}

/** What consumers have acknowledged of each partition, and what the stream has. */
interface State {
  readonly acknowledged: readonly number[];
  readonly firstSeq: number;
  /** Of the stream; another one has other events under the same numbers. */
  readonly created: string;
}

/**
 * The route to the broker. Its store is transport alone (reliability D2): an event stays in the outbox until each durable
 * consumer has acknowledged it, and is sent again when the broker has lost it.
 */
export class BrokerRoute implements Route {
  readonly name = "jetstream";
  readonly #broker: Broker;
  readonly #unconfirmed = new Map<string, Unconfirmed[]>();
  /** Names of durable consumers that were seen. One that is missing lost its state with the broker. */
  readonly #durables = new Set<string>();
  #state: Promise<State> | undefined;
  #stateMs = 0;
  #created: string | undefined;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  carries(): boolean {
    return true;
  }

  async send(events: readonly Sent[]): Promise<void> {
    const sent = await Promise.all(
      Array.from({ length: partitions }, (_, partition) =>
        this.#publish(
          events.filter(({ key }) => partitionOf(key) === partition),
          partition,
        ),
      ),
    );
    const source = events[0]?.source ?? "";
    const open = this.#unconfirmed.get(source) ?? [];
    this.#unconfirmed.set(source, [...open, ...sent.flat().toSorted((a, b) => a.position - b.position)]);
  }

  /** One after the other, so that a failure cannot change their order. */
  async #publish(events: readonly Sent[], partition: number): Promise<Unconfirmed[]> {
    const sent: Unconfirmed[] = [];
    const { js } = await this.#broker.connected();
    for (const { eventId, type, source, key, payload, traceId, position } of events) {
      const head = headers();
      head.set("Kinora-Type", type);
      head.set("Kinora-Source", source);
      head.set("Kinora-Key", String(key));
      head.set("Kinora-Trace", traceId);
      const { seq } = await js.publish(subjectOf(partition, source, type), payload, {
        msgID: eventId,
        headers: head,
        timeout: publishMs,
      });
      sent.push({ created: this.#created, position, partition, seq });
    }
    return sent;
  }

  async confirmed(source: string): Promise<number | "lost"> {
    const open = this.#unconfirmed.get(source) ?? [];
    if (open.length === 0) return Number.POSITIVE_INFINITY;
    const { acknowledged, firstSeq, created } = await this.#currentState();
    const next = open.findIndex(({ partition, seq }) => seq > (acknowledged[partition] ?? 0));
    const left = next === -1 ? [] : open.slice(next);
    const isLost = open.some((one) => one.created !== undefined && one.created !== created);
    if (isLost || left.some(({ seq }) => seq < firstSeq)) {
      this.#unconfirmed.delete(source);
      return "lost";
    }
    this.#unconfirmed.set(source, left);
    return left[0] === undefined ? Number.POSITIVE_INFINITY : left[0].position - 1;
  }

  /** Forgets what was sent, where a lane begins anew. */
  reset(source: string): void {
    this.#unconfirmed.delete(source);
  }

  #currentState(): Promise<State> {
    const now = performance.now();
    if (this.#state === undefined || now - this.#stateMs > stateMs) {
      this.#stateMs = now;
      this.#state = this.#askState();
      this.#state.catch(() => (this.#state = undefined));
    }
    return this.#state;
  }

  async #askState(): Promise<State> {
    const { jsm } = await this.#broker.connected();
    const before = await jsm.streams.info(stream);
    // What is published from now on is not acknowledged by a consumer that has nothing left.
    const acknowledged = Array.from({ length: partitions }, () => before.state.last_seq);
    const present = new Set<string>();
    for await (const { name, ack_floor: floor, num_pending: unsent, num_ack_pending: sent } of jsm.consumers.list(
      stream,
    )) {
      present.add(name);
      this.#durables.add(name);
      if (unsent > 0 || sent > 0) lower(acknowledged, name, floor.stream_seq);
    }
    for (const name of this.#durables) if (!present.has(name)) lower(acknowledged, name, 0);
    // Asked last: what expired before it was acknowledged must not look acknowledged.
    const { state, created } = await jsm.streams.info(stream);
    this.#created = created;
    return { acknowledged, firstSeq: state.first_seq, created };
  }
}

function lower(acknowledged: number[], durable: string, seq: number): void {
  const partition = partitionOfDurable(durable);
  acknowledged[partition] = Math.min(acknowledged[partition] ?? 0, seq);
}
