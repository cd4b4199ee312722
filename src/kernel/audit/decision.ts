import { sql } from "kysely";
import type { z } from "zod";
import { audited } from "./audited.ts";
import { emit } from "../bus/outbox.ts";
import type { Call } from "../call.ts";
import type { Tx } from "../db/port.ts";
import { clockMs, type KernelTables } from "../db/tables.ts";

/**
 * Notes what an administrator did with a job or an event that was given up, in the transaction in which it is done: every
 * service that keeps any tells it (security S8.5). By the clock that said when it was given up.
 */
export async function noteDecision(
  tx: Tx<KernelTables>,
  noted: Pick<z.input<typeof audited.payload>, "act" | "subject" | "detail">,
  { userId, traceId }: Call,
): Promise<void> {
  const { rows } = await sql<{ nowMs: number }>`SELECT ${clockMs} AS "nowMs"`.execute(tx);
  const nowMs = rows[0]?.nowMs ?? 0;
  const payload = { ...noted, atMs: nowMs, ...(userId !== undefined && { actorId: userId }) };
  // A key of its own: what is decided about waits for nobody to hear of it, nor does this wait for what is told again.
  await emit(tx, audited, [{ key: 1, payload }], { traceId, nowMs });
}
