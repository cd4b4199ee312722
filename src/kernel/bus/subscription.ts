import type { z } from "zod";
import type { Tx } from "../db/transaction.ts";
import type { EventType } from "../contract.ts";
import { withTrace } from "../trace.ts";

/** An event as a consumer receives it; the payload is parsed by its type. */
export interface ReceivedEvent<Payload = unknown> {
  readonly payload: Payload;
  readonly traceId: string;
}
export interface Subscription<T = unknown> {
  readonly type: EventType;
  /** Handles events of this type in the order of their publication. */
  handle(tx: Tx<T>, events: readonly ReceivedEvent[]): Promise<void>;
}
/** Consumes an event once: the effect of `handle` and its inbox row are one transaction. */
export const on = <P extends z.ZodType, T>(
  type: EventType<P>,
  handle: (tx: Tx<T>, payload: z.output<P>) => Promise<void>,
): Subscription<T> => ({
  type,
  async handle(tx, events) {
    for (const { payload, traceId } of events) await withTrace(traceId, () => handle(tx, payload as z.output<P>)); // As parsed.
  },
});
/** As {@link on}, for work that is cheaper for many events at once; its trace is that of the first event. */
export const onAll = <P extends z.ZodType, T>(
  type: EventType<P>,
  handle: (tx: Tx<T>, payloads: readonly z.output<P>[]) => Promise<void>,
): Subscription<T> => ({
  type,
  handle: (tx, events) =>
    withTrace(events[0]?.traceId ?? "", () =>
      handle(
        tx,
        events.map(({ payload }) => payload as z.output<P>), // As parsed.
      ),
    ),
});
