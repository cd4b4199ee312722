import assert from "node:assert/strict";
import { sql } from "kysely";
import type { z } from "zod";
import type { EventType, Id } from "../contract.ts";
import { leaves, type Reader, type Tx } from "../db/port.ts";
import { clockMs, kernel, type KernelTables } from "../db/tables.ts";
import { uuidv7 } from "../uuid.ts";
import { type Delivery, eventBytesMax } from "./port.ts";

export interface Fact<Payload> {
  readonly key: Id;
  readonly payload: Payload;
  /** Of the request it belongs to, where that is not the one under way. */
  readonly traceId?: string;
}

/** Stores facts with the change that made them true. */
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
  // What is committed can be delivered, by every bus; bytes go to the blob store and the event carries the key.
  for (const payload of payloads)
    assert.ok(Buffer.byteLength(payload) <= eventBytesMax, `${type.name} is larger than an event may be`);
  const traceIds = facts.map(({ traceId = stamp.traceId }) => traceId);
  // Lists as parameters: one text for any number of facts, planned once. In the order they were told.
  await sql`
    INSERT INTO ${kernel.outbox} (event_id, type, key, payload, trace_id, created_at_ms)
    SELECT id, ${type.name}::text, key, payload, trace, ${stamp.nowMs}::bigint
    FROM unnest(${ids}::text[], ${keys}::bigint[], ${payloads}::text[], ${traceIds}::text[])
      WITH ORDINALITY AS fact (id, key, payload, trace, place) ORDER BY place`.execute(tx);
}

export interface Waiting extends Delivery {
  readonly seq: number;
  readonly attempts: number;
}

/** The oldest facts whose key is not waiting for a retry, in the order they were told. */
export const waiting = (db: Reader<KernelTables>, limit: number): Promise<Waiting[]> =>
  db
    .selectFrom("outbox")
    .select(["seq", "event_id as eventId", "type", "key", "payload", "trace_id as traceId", "attempts"])
    .where("key", "not in", (e) => e.selectFrom("outbox").select("key").where("due_ms", ">", clockMs))
    .orderBy("seq")
    .limit(limit)
    .execute();

/** How long the oldest fact has been waiting, in seconds; 0 when none waits. */
export async function lagSeconds(db: Reader<KernelTables>, nowMs: number): Promise<number> {
  const oldest = await db.selectFrom("outbox").select("created_at_ms").orderBy("seq").limit(1).executeTakeFirst();
  return oldest === undefined ? 0 : Math.max(0, (nowMs - oldest.created_at_ms) / 1000);
}

export async function delivered(db: Reader<KernelTables>, seqs: readonly number[]): Promise<void> {
  await sql`DELETE FROM ${kernel.outbox} WHERE seq = ANY(${seqs})`.execute(db);
}

/** Puts a fact off; its key waits with it, so that order holds. */
export async function postpone(db: Reader<KernelTables>, seq: number, error: string, delayMs: number): Promise<void> {
  await sql`UPDATE ${kernel.outbox} SET attempts = attempts + 1, due_ms = ${clockMs} + ${delayMs}::bigint, last_error = ${error}
    WHERE seq = ${seq}`.execute(db);
}

/** When the next postponed fact is due, in milliseconds from now; undefined when none waits. */
export async function nextDueMs(db: Reader<KernelTables>): Promise<number | undefined> {
  const { rows } = await sql<{
    wait: number | null;
  }>`SELECT min(due_ms) - ${clockMs} AS wait FROM ${kernel.outbox}`.execute(db);
  return rows[0]?.wait ?? undefined;
}
