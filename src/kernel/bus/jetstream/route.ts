import { JetStreamApiCodes, JetStreamApiError, type JetStreamClient } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import type { Route, Sent } from "../port.ts";
import type { Broker } from "./broker.ts";
import { partitionOf, partitionOfDurable, partitions, stream, subjectOf } from "./stream.ts";

const publishMs = 5_000;
/** The least time between two requests for the state of the broker's consumers. */
const stateMs = 200;

/** An event in the stream that not every consumer has acknowledged. */
interface Unconfirmed {
  /** How often the connection had been made again when it was sent. */
  readonly reconnects: number;
  readonly position: number;
  readonly partition: number;
  readonly seq: number;
}

/** The positions that consumers have acknowledged of each partition, and the stream's own. */
interface State {
  readonly acknowledged: readonly number[];
  readonly firstSeq: number;
}

/**
 * The route to the broker. Its store is transport alone (reliability D2): an event stays in the outbox until each durable
 * consumer has acknowledged it, and is sent again when the broker has lost it.
 */
export class BrokerRoute implements Route {
  readonly name = "jetstream";
  readonly #broker: Broker;
  readonly #unconfirmed = new Map<string, Unconfirmed[]>();
  /** By subject: the last event that the stream has from here. */
  readonly #lastSeqs = new Map<string, number>();
  /** Publishers of which the stream lacks events that it had acknowledged. */
  readonly #lost = new Set<string>();
  /** Names of durable consumers that were seen. One that is missing lost its state with the broker. */
  readonly #durables = new Set<string>();
  #state: Promise<State> | undefined;
  #stateMs = 0;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  carries(): boolean {
    return true;
  }

  async send(events: readonly Sent[]): Promise<void> {
    const source = events[0]?.source ?? "";
    if (this.#lost.has(source)) throw new Error("the broker has lost events, which have to be sent first");
    const sent = await Promise.all(
      Array.from({ length: partitions }, (_, partition) =>
        this.#publish(
          events.filter(({ key }) => partitionOf(key) === partition),
          partition,
        ),
      ),
    );
    const open = this.#unconfirmed.get(source) ?? [];
    this.#unconfirmed.set(source, [...open, ...sent.flat().toSorted((a, b) => a.position - b.position)]);
  }

  /**
   * One after the other, so that a failure cannot change their order. Each says which event it follows: a broker that has
   * lost that one refuses, so that the lost ones are sent first.
   */
  async #publish(events: readonly Sent[], partition: number): Promise<Unconfirmed[]> {
    const [first] = events;
    if (!first) return [];
    const subject = subjectOf(partition, first.source);
    const { js, jsm } = await this.#broker.connection();
    const { reconnects } = this.#broker;
    let lastSeq =
      this.#lastSeqs.get(subject) ?? (await jsm.streams.getMessage(stream, { last_by_subj: subject }))?.seq ?? 0;
    const sent: Unconfirmed[] = [];
    for (const event of events) {
      const seq = await publish(js, subject, event, lastSeq).catch((error: unknown) => {
        if (isWrongLast(error)) this.#forget(event.source);
        throw error;
      });
      // An event that the stream had already keeps its old number.
      lastSeq = Math.max(lastSeq, seq);
      this.#lastSeqs.set(subject, lastSeq);
      sent.push({ reconnects, position: event.position, partition, seq });
    }
    return sent;
  }

  #forget(source: string): void {
    for (let partition = 0; partition < partitions; partition++) this.#lastSeqs.delete(subjectOf(partition, source));
    if (this.#unconfirmed.get(source)?.length) this.#lost.add(source);
  }

  async confirmedPosition(source: string): Promise<number | "lost"> {
    const open = this.#unconfirmed.get(source) ?? [];
    if (open.length === 0) return Number.POSITIVE_INFINITY;
    const { acknowledged, firstSeq } = await this.#currentState();
    const next = open.findIndex(({ partition, seq }) => seq > (acknowledged[partition] ?? 0));
    const remaining = next === -1 ? [] : open.slice(next);
    // After a loss, other events take the sequence numbers of the lost ones, and acknowledgements then mean other
    // events.
    const isUncertain = this.#lost.has(source) || open.some(({ reconnects }) => reconnects !== this.#broker.reconnects);
    if (isUncertain || remaining.some(({ seq }) => seq < firstSeq)) {
      this.reset(source);
      return "lost";
    }
    this.#unconfirmed.set(source, remaining);
    return remaining[0] === undefined ? Number.POSITIVE_INFINITY : remaining[0].position - 1;
  }

  /** Forgets the events that were sent from a source, where its lane begins anew. */
  reset(source: string): void {
    this.#unconfirmed.delete(source);
    this.#forget(source);
    this.#lost.delete(source);
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
    const { jsm } = await this.#broker.connection();
    const before = await jsm.streams.info(stream);
    // A consumer that has nothing left has not acknowledged later events.
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
    const { state } = await jsm.streams.info(stream);
    return { acknowledged, firstSeq: state.first_seq };
  }
}

/** The number in the stream, which takes the event only if `lastSeq` is the number of the last one of the subject. */
async function publish(js: JetStreamClient, subject: string, event: Sent, lastSeq: number): Promise<number> {
  const head = headers();
  head.set("Kinora-Type", event.type);
  head.set("Kinora-Source", event.source);
  head.set("Kinora-Key", String(event.key));
  head.set("Kinora-Trace", event.traceId);
  const { seq } = await js.publish(subject, event.payload, {
    msgID: event.eventId,
    headers: head,
    timeout: publishMs,
    expect: { lastSubjectSequence: lastSeq },
  });
  return seq;
}

const isWrongLast = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;

function lower(acknowledged: number[], durable: string, seq: number): void {
  const partition = partitionOfDurable(durable);
  acknowledged[partition] = Math.min(acknowledged[partition] ?? 0, seq);
}
