import type { z } from "zod";
import type { EventType } from "../contract.ts";
import type { Id } from "../fields.ts";
import type { Locks } from "../lock/port.ts";

/** The largest event of any bus; a larger one is refused together with the change it belongs to. */
export const eventBytesMax = 65_536;

/** One event on its way from the outbox of its publisher to a consumer. The payload is JSON. */
export interface Delivery {
  readonly eventId: string;
  readonly type: string;
  /** The service that published it. Events of one source and key are consumed in order. */
  readonly source: string;
  readonly key: Id;
  readonly payload: string;
  readonly traceId: string;
}

/** One service's end of the bus. */
export interface ConsumerEnd {
  readonly name: string;
  /** Names of the event types it subscribes to. */
  readonly types: ReadonlySet<string>;
  /**
   * Settles when each event is applied or stored as pending by the consumer, so that it may be forgotten by the sender.
   * Events it received before are skipped. A rejection means that all must be sent again.
   */
  receive(events: readonly Delivery[]): Promise<void>;
  /** The locks of its service, for processes that share its work. */
  readonly locks: Locks;
}

/** A destination of published events. A publisher's log keeps a cursor for each route. */
export interface Route {
  /** The consumer, or the broker. */
  readonly name: string;
  carries(type: string): boolean;
  /** Settles when the events are stored at the destination; a rejection means that all must be sent again. */
  send(events: readonly Sent[]): Promise<void>;
  /**
   * Only for a broker, which stores events before their consumers do. Answers the position up to which all consumers
   * have the events from `source`, Infinity for all. `lost` means that some have to be sent again. Without this method,
   * sent events count as stored.
   */
  confirmedPosition?(source: string): Promise<number | "lost">;
  /** Only for a broker: a lane begins anew with `source`. */
  reset?(source: string): void;
}

/** An event with its position in the log of its publisher. */
export interface Sent extends Delivery {
  readonly position: number;
}

/** Carries events from the outbox of each publisher to those services that subscribe to them: transport, never the truth (reliability D2). */
export interface Bus {
  /** The destinations of published events from this process. A relay asks again at every turn. */
  routes(): readonly Route[];
  /** Gives a consumer of this process its events from now on, including those published while it was away. */
  subscribe(consumer: ConsumerEnd): Promise<Subscribed>;
}

export interface Subscribed {
  /** Settles when nothing is being received any more. Further events are received after the next subscription. */
  stop(): Promise<void>;
}

/** The payload as its type declares it; a consumer that knows fewer fields ignores the others. */
export const payloadOf = <P extends z.ZodType>(type: EventType<P>, { payload }: Delivery): z.output<P> =>
  type.payload.parse(JSON.parse(payload));
