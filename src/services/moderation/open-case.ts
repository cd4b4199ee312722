import type { Kind } from "#events/moderation";
import type { Id, Tx } from "#kernel";
import * as caseStore from "./case-store.ts";
import * as store from "./store.ts";

type Tables = store.Tables;

/** The open case of a thing, locked; opened with the replica row of the thing where there is none. */
export async function openCase(
  tx: Tx<Tables>,
  { caseId, kind, id }: { readonly caseId: Id; readonly kind: Kind; readonly id: Id },
  nowMs: number,
): Promise<caseStore.Row> {
  await store.lockThing(tx, kind, id);
  const thing =
    kind === "user" ? { authorId: id, videoId: null, excerpt: "", isVisible: true } : await store.thing(tx, kind, id);
  return caseStore.open(tx, {
    id: caseId,
    kind,
    thing_id: id,
    author_id: thing?.authorId ?? null,
    video_id: thing?.videoId ?? null,
    // Moderators do not read private content.
    excerpt: thing?.isVisible ? thing.excerpt : "",
    created_at_ms: nowMs,
  });
}
