import { z } from "zod";
import type { Call } from "../call.ts";
import { command, query } from "../contract.ts";
import { Instant } from "../fields.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { deadLetters, discardDeadLetter, retryDeadLetter } from "./dead-letters.ts";

export const DeadEvent = z.object({
  id: z.string().max(64),
  type: z.string(),
  /** Its key: what it is about. Events of a source and key are consumed in order. */
  subjectId: z.int(),
  tries: z.int(),
  error: z.string(),
  diedAtMs: Instant,
});
const { id, diedAtMs } = DeadEvent.shape;
const one = z.object({ id });

/** What every service that consumes events lets the administering service do with its dead letters. */
export const eventMethods = {
  /** Dead letters, latest first; those that come after `after`. */
  deadEvents: query({
    auth: "service",
    input: z.object({ after: z.object({ diedAtMs, id }).optional(), limit: z.int().min(1).max(2_000) }),
    output: z.object({ items: z.array(DeadEvent) }),
  }),
  retryEvent: command({
    auth: "service",
    idempotent: true,
    input: one,
    output: z.object({ isThere: z.boolean() }),
  }),
  discardEvent: command({
    auth: "service",
    idempotent: true,
    input: one,
    output: z.object({ isThere: z.boolean() }),
  }),
};

type Asked<Name extends keyof typeof eventMethods> = z.output<(typeof eventMethods)[Name]["input"]>;

/** The handlers of {@link eventMethods}; what is decided is in the audit trail, with whom it is done for. */
export function eventHandlers<Tables>(own: Db<Tables>) {
  const db = own as unknown as Db<KernelTables>; // Every service's database has the kernel's tables.
  return {
    deadEvents: async ({ after, limit }: Asked<"deadEvents">, _: Call) => ({
      items: await deadLetters(db, limit, after),
    }),
    retryEvent: async ({ id }: Asked<"retryEvent">, asked: Call) => ({ isThere: await retryDeadLetter(db, id, asked) }),
    discardEvent: async ({ id }: Asked<"discardEvent">, asked: Call) => ({
      isThere: await discardDeadLetter(db, id, asked),
    }),
  };
}
