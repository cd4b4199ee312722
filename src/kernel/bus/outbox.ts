import assert from "node:assert/strict";
import { sql } from "kysely";
import type { z } from "zod";
import type { Reader, Tx } from "../db/transaction.ts";
import type { EventType } from "../contract.ts";
import type { Id } from "../fields.ts";
import { leaves } from "../db/port.ts";
import { kernel, type KernelTables } from "../db/tables.ts";
import { uuidv7 } from "../ids/uuid.ts";
import { eventBytesMax } from "./port.ts";

export interface Fact<Payload> {
  readonly key: Id;
  readonly payload: Payload;
  /** The trace of the request it belongs to, if that is not the current one. */
  readonly traceId?: string;
}

/** Stores events with the change that made them true. */
export async function emit<P extends z.ZodType>(
  tx: Tx<KernelTables>,
  type: EventType<P>,
  facts: readonly Fact<z.input<P>>[],
  stamp: { readonly traceId: string; readonly nowMs: number },
): Promise<void> {
  if (facts.length === 0) return;
  leaves(tx, "events");
  const ids = facts.map(() => uuidv7(stamp.nowMs));
  const keys = facts.map(({ key }) => key);
  const payloads = facts.map(({ payload }) => JSON.stringify(type.payload.parse(payload)));
  // Every bus can deliver every committed event; bytes go to the blob store and the event carries the key.
  for (const payload of payloads)
    assert.ok(Buffer.byteLength(payload) <= eventBytesMax, `${type.name} is larger than an event may be`);
  const traceIds = facts.map(({ traceId = stamp.traceId }) => traceId);
  // Lists as parameters: one text for any number of events, planned once. In the order they were given.
  await sql`
    INSERT INTO ${kernel.outbox} (event_id, type, key, payload, trace_id, created_at_ms)
    SELECT id, ${type.name}::text, key, payload, trace, ${stamp.nowMs}::bigint
    FROM unnest(${ids}::text[], ${keys}::bigint[], ${payloads}::text[], ${traceIds}::text[])
      WITH ORDINALITY AS fact (id, key, payload, trace, place) ORDER BY place`.execute(tx);
}

/** The age of the oldest event that not every consumer has, in seconds; 0 when there is none. */
export async function lagSeconds(db: Reader<KernelTables>, nowMs: number): Promise<number> {
  const oldest = await db.selectFrom("outbox").select("created_at_ms").orderBy("seq").limit(1).executeTakeFirst();
  return oldest === undefined ? 0 : Math.max(0, (nowMs - oldest.created_at_ms) / 1000);
}
