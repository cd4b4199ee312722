import { command, Id, Instant } from "#kernel";
import { GateKind } from "#policy/gates/fields";
import { RefundOver } from "#policy/gates/failures";
import { z } from "zod";
import { TooFewCoins } from "../ledger/contract.ts";

/* Access that coins open; the owners of the things decide about it by the events. */

const thing = { kind: GateKind, thingId: Id };

export const accessMethods = {
  /** The caller pays the seller, unless they have paid already. `balance`: coins that can open things. */
  buyAccess: command({
    auth: "service",
    idempotent: true,
    input: z.object({
      ...thing,
      sellerId: Id,
      price: z.int().min(1).max(1_000_000),
      rentHours: z.int().min(1).max(8_760).optional(),
    }),
    output: z.object({ balance: z.int(), untilMs: Instant.nullable(), version: z.int() }),
    errors: [TooFewCoins],
  }),
  /** The caller gets back what they paid within the last 24 hours; for a live room until a minute of it was to be seen. */
  refundAccess: command({
    auth: "service",
    idempotent: true,
    input: z.object(thing),
    output: z.object({ balance: z.int(), version: z.int() }),
    errors: [RefundOver],
  }),
};
