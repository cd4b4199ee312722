import type { z } from "zod";
import type { EventType } from "../contract.ts";
import type { Tx } from "../db/port.ts";
import { traced } from "../trace.ts";

/** A fact as one service hears it; the payload is parsed by its type. */
export interface Heard<Payload = unknown> {
  readonly payload: Payload;
  readonly traceId: string;
}
export interface Subscription<T = unknown> {
  readonly type: EventType;
  /** Facts of this type that were told one after the other, in their order. */
  handle(tx: Tx<T>, heard: readonly Heard[]): Promise<void>;
}
/** Hears a fact once: what `handle` does and the note that it was heard are one transaction. */
export const on = <P extends z.ZodType, T>(
  type: EventType<P>,
  handle: (tx: Tx<T>, payload: z.output<P>) => Promise<void>,
): Subscription<T> => ({
  type,
  async handle(tx, heard) {
    for (const { payload, traceId } of heard) await traced(traceId, () => handle(tx, payload as z.output<P>)); // As parsed.
  },
});
/** As {@link on}, for what is done more cheaply for many at once; its trace is that of the first of them. */
export const onAll = <P extends z.ZodType, T>(
  type: EventType<P>,
  handle: (tx: Tx<T>, payloads: readonly z.output<P>[]) => Promise<void>,
): Subscription<T> => ({
  type,
  handle: (tx, heard) =>
    traced(heard[0]?.traceId ?? "", () =>
      handle(
        tx,
        heard.map(({ payload }) => payload as z.output<P>), // As parsed.
      ),
    ),
});
