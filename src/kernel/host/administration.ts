import { sql } from "kysely";
import type { z } from "zod";
import type { Tx } from "../db/transaction.ts";
import { type Decided, deadLetters, discardDeadLetter, retryDeadLetter } from "../bus/dead-letters.ts";
import { emit } from "../bus/outbox.ts";
import type { Call } from "../call.ts";
import type { Handlers } from "../contract.ts";
import type { Db } from "../db/port.ts";
import { clockMs, type KernelTables } from "../db/tables.ts";
import type { Id } from "../fields.ts";
import * as jobStore from "../jobs/store.ts";
import type { Administration } from "../service.ts";
import { audited } from "./audited.ts";

/** The handlers of what every service has for administrators; each decision is in the audit trail, with its user. */
export function createAdministration(
  service: string,
  db: Db<KernelTables>,
): Handlers<{ name: string; version: number; methods: Administration }> {
  const aboutJob = (act: string, id: Id, call: Call) => (tx: Tx<KernelTables>, kind: string) =>
    audit(tx, { act, subject: { kind: "job", id }, detail: `${service} ${kind}` }, call);
  // The number in the audit trail is that of what the event is about; its own id is text.
  const aboutEvent = (act: string, id: string, call: Call) => (tx: Tx<KernelTables>, decided: Decided) =>
    audit(tx, { act, subject: { kind: "event", id: decided.key }, detail: `${decided.type} ${id}` }, call);

  return {
    deadJobs: async ({ before, limit }) => ({ items: await jobStore.dead(db, limit, before) }),
    retryJob: async ({ id }, call) => ({ result: await jobStore.revive(db, id, aboutJob("job.retried", id, call)) }),
    discardJob: async ({ id }, call) => ({
      isThere: await jobStore.discard(db, id, aboutJob("job.discarded", id, call)),
    }),
    deadEvents: async ({ after, limit }) => ({ items: await deadLetters(db, limit, after) }),
    retryEvent: async ({ id }, call) => ({
      isThere: await retryDeadLetter(db, id, aboutEvent("event.retried", id, call)),
    }),
    discardEvent: async ({ id }, call) => ({
      isThere: await discardDeadLetter(db, id, aboutEvent("event.discarded", id, call)),
    }),
  };
}

/** Publishes an administrator's decision in its transaction (security S8.5), by the clock that recorded the failure. */
async function audit(
  tx: Tx<KernelTables>,
  decision: Pick<z.input<typeof audited.payload>, "act" | "subject" | "detail">,
  { userId, traceId }: Call,
): Promise<void> {
  const { rows } = await sql<{ nowMs: number }>`SELECT ${clockMs} AS "nowMs"`.execute(tx);
  const nowMs = rows[0]?.nowMs ?? 0;
  const payload = { ...decision, atMs: nowMs, ...(userId !== undefined && { actorId: userId }) };
  // One key for all decisions: no other event waits for them, and they wait for none.
  await emit(tx, audited, [{ key: 1, payload }], { traceId, nowMs });
}
