import { decisionMade, type Outcome } from "#events/moderation";
import type { Host, Tx } from "#kernel";
import type { z } from "zod";
import type * as caseStore from "./case-store.ts";
import type { Tables } from "./store.ts";

/** Publishes the outcome of a case to its author, where they are known. */
export async function publishDecision(
  { emit, now }: Pick<Host<Tables>, "emit" | "now">,
  tx: Tx<Tables>,
  { id: caseId, authorId: userId }: Pick<caseStore.Row, "id" | "authorId">,
  outcome: z.output<typeof Outcome>,
  note: string,
): Promise<void> {
  if (userId !== null) await emit(tx, decisionMade, userId, { caseId, userId, outcome, note, atMs: now() });
}
