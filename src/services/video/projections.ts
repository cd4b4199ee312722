import { isDeepStrictEqual } from "node:util";
import type { Host } from "#kernel";
import type { Projection } from "#kernel/db/projection";
import { media } from "#services/media/contract";
import type { Chapter } from "./contract.ts";
import { chaptersJson } from "./details/chapters.ts";
import { correctMedia, type MediaStateRow, mediaStates } from "./media/media-store.ts";
import { createPublication } from "./publication/publication.ts";
import * as store from "./store.ts";

/** The most that media answers in one call. */
const batchMax = 200;

/** Reconciles the local copies of media objects with media. Deleted objects belong to no video any more. */
export const projectionsOf = ({ db, client, emit, now }: Host<store.Tables>): readonly Projection[] => [
  {
    async *repair(call) {
      const { applyReady, applyFailure } = createPublication({ emit, now });
      for (let after = 0; ; ) {
        const copies = await mediaStates(db, after, batchMax);
        const { items } = await client(media).briefs({ ids: copies.map(({ id }) => id) }, call);
        for (const copy of copies) {
          const owned = items.find(({ id }) => id === copy.id);
          const correct = owned && correctedState(copy, owned);
          if (!correct || isDeepStrictEqual(copy, correct)) continue;
          const isCorrected = await db.tx(async (tx) => {
            await store.lockByMedia(tx, copy.id);
            if (!(await correctMedia(tx, copy, correct))) return false;
            if (correct.state === "ready") await applyReady(tx, copy.id);
            else if (correct.state === "failed") await applyFailure(tx, copy.id);
            return true;
          });
          if (isCorrected) yield `media object ${copy.id} has an outdated replica row`;
        }
        const last = copies.at(-1);
        if (copies.length < batchMax || !last) return;
        after = last.id;
      }
    },
  },
];

interface MediaBrief {
  readonly status: "uploaded" | "processing" | "ready" | "failed";
  readonly statusReason: { readonly error: string; readonly message: string } | null;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly hasCover: boolean;
  readonly chapters: readonly Chapter[];
}
/** The correct copy. A media object that could be played once stays so here, whatever later attempts yield. Pure. */
function correctedState(copy: MediaStateRow, brief: MediaBrief): MediaStateRow {
  const { status, statusReason, width, height, durationMs, sizeBytes, hasCover } = brief;
  const chapters = chaptersJson(brief.chapters);
  if (status === "ready") return { ...copy, state: "ready", width, height, durationMs, sizeBytes, hasCover, chapters };
  if (status === "failed" && copy.state !== "ready")
    return { ...copy, state: "failed", error: statusReason?.error ?? null, message: statusReason?.message ?? null };
  return copy;
}
