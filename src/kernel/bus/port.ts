import type { z } from "zod";
import type { EventType, Id } from "../contract.ts";

/** What any bus carries; a fact that is larger is not told, and the change it belongs to is not made. */
export const eventBytesMax = 65_536;

/** One fact on its way from the outbox of its service to those who hear it. The payload is JSON. */
export interface Delivery {
  readonly eventId: string;
  readonly type: string;
  readonly key: Id;
  readonly payload: string;
  readonly traceId: string;
}

/**
 * Carries facts from the outbox to the services that hear them: transport, never the truth (reliability D2).
 * Settles when every hearer has committed what the fact causes; a rejection means that it must be delivered again.
 */
export interface Bus {
  deliver(event: Delivery): Promise<void>;
}

/** The payload as its type declares it; a consumer that knows fewer fields ignores the others. */
export const payloadOf = <P extends z.ZodType>(type: EventType<P>, { payload }: Delivery): z.output<P> =>
  type.payload.parse(JSON.parse(payload));
