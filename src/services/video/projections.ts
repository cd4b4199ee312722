import { isDeepStrictEqual } from "node:util";
import type { Host } from "#kernel";
import type { Derived } from "#kernel/db/projection";
import { media } from "#services/media/contract";
import { correctMedia, type KnownMedia, mediaStates } from "./media/media-store.ts";
import { showing } from "./publication/publication.ts";
import * as store from "./store.ts";

/** As many as media tells of at once. */
const atOnce = 200;

/** What is known here of media objects, as media knows them. Those that are gone are no longer of any video that is there. */
export const derivedOf = ({ db, client, emit, now }: Host<store.Tables>): readonly Derived[] => [
  {
    async *repair(call) {
      const { mediaIsReady, mediaHasFailed } = showing({ emit, now });
      for (let after = 0; ; ) {
        const kept = await mediaStates(db, after, atOnce);
        const { items } = await client(media).briefs({ ids: kept.map(({ id }) => id) }, call);
        for (const known of kept) {
          const owned = items.find(({ id }) => id === known.id);
          const right = owned && rightly(known, owned);
          if (!right || isDeepStrictEqual(known, right)) continue;
          const isRight = await db.tx(async (tx) => {
            await store.lockConcerned(tx, known.id);
            if (!(await correctMedia(tx, known, right))) return false;
            if (right.state === "ready") await mediaIsReady(tx, known.id);
            else if (right.state === "failed") await mediaHasFailed(tx, known.id);
            return true;
          });
          if (isRight) yield `media object ${known.id} was not known as it is`;
        }
        const last = kept.at(-1);
        if (kept.length < atOnce || !last) return;
        after = last.id;
      }
    },
  },
];

interface Owned {
  readonly status: "uploaded" | "processing" | "ready" | "failed";
  readonly statusReason: { readonly error: string; readonly message: string } | null;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly hasCover: boolean;
}
/** What should be known. What could be played once stays so here, whatever comes of later tries. Pure. */
function rightly(known: KnownMedia, owned: Owned): KnownMedia {
  const { status, statusReason, width, height, durationMs, sizeBytes, hasCover } = owned;
  if (status === "ready") return { ...known, state: "ready", width, height, durationMs, sizeBytes, hasCover };
  if (status === "failed" && known.state !== "ready")
    return { ...known, state: "failed", error: statusReason?.error ?? null, message: statusReason?.message ?? null };
  return known;
}
