import { type Id, KinoraError, type Tx } from "#kernel";
import { type Import, ImportCompleted } from "#services/upload/contract";
import { FetchCancelled, MediaMissing } from "../contract.ts";
import type { Publication } from "./publication.ts";
import * as store from "../store.ts";
import { type MediaState, recordMedia } from "../media/media-store.ts";

/** `mediaId` stands for the media object that is made when the bytes are there: no object has such a number. */
export interface Fetch {
  readonly videoId: Id;
  readonly userId: Id;
  readonly mediaId: Id;
  readonly importId: Id;
}

type Parts = Pick<Publication, "applyReady" | "applyFailure" | "releaseIfUnused">;

/** Applies the end of a fetch: the video shows the fetched media object, or the reason for its failure. */
export interface FetchOutcomes {
  /** The video can never be watched; its owner sees why. */
  readonly fail: (tx: Tx<store.Tables>, mediaId: Id, failure: Pick<KinoraError, "code" | "message">) => Promise<void>;
  /** A media object that no video shows is not kept. */
  readonly discard: (tx: Tx<store.Tables>, fetch: Fetch, mediaId: Id) => Promise<void>;
  /** Shows the media object in place of the stand-in; discards it where the video waits for it no longer. */
  readonly complete: (tx: Tx<store.Tables>, fetch: Fetch, mediaId: Id, media: MediaState) => Promise<void>;
}

export function createFetchOutcomes({ applyReady, applyFailure, releaseIfUnused }: Parts): FetchOutcomes {
  async function fail(tx: Tx<store.Tables>, mediaId: Id, { code, message }: Pick<KinoraError, "code" | "message">) {
    await store.lockByMedia(tx, mediaId);
    await recordMedia(tx, mediaId, { state: "failed", error: code, message });
    await applyFailure(tx, mediaId);
  }

  async function discard(tx: Tx<store.Tables>, { videoId: id, userId }: Fetch, mediaId: Id): Promise<void> {
    await recordMedia(tx, mediaId, { state: "processing" });
    await releaseIfUnused(tx, { id, userId }, mediaId);
  }

  async function complete(tx: Tx<store.Tables>, fetch: Fetch, mediaId: Id, media: MediaState): Promise<void> {
    const row = await store.lock(tx, fetch.videoId);
    const { state, isReleased } = await recordMedia(tx, mediaId, media);
    if (row?.mediaId !== fetch.mediaId) return discard(tx, fetch, mediaId);
    if (isReleased) return fail(tx, fetch.mediaId, MediaMissing({}));
    await store.replaceStandIn(tx, fetch.videoId, { standIn: fetch.mediaId, mediaId });
    if (state === "ready") await applyReady(tx, mediaId);
    if (state === "failed") await applyFailure(tx, mediaId);
  }

  return { fail, discard, complete };
}

/** @throws every error but that there is no such import. */
export function unlessNotFound(error: unknown): undefined {
  if (!(error instanceof KinoraError) || error.kind !== "not_found") throw error;
}

/** True if the import was complete before it could be cancelled; false if there is none. */
export const isCompleteAlready = (cancellation: Promise<unknown>): Promise<boolean> =>
  cancellation.then(
    () => false,
    (error: unknown) => {
      if (error instanceof KinoraError && error.code === ImportCompleted.code) return true;
      unlessNotFound(error);
      return false;
    },
  );

/** True if a repeated call would be refused again. */
export const isRefusal = (error: unknown): error is KinoraError =>
  error instanceof KinoraError && !error.retryable && error.kind !== "internal";

/** Why there is no file. Pure. */
export function failureOf(ended: Import | undefined): KinoraError {
  if (ended?.status !== "failed" || ended.reason === null) return FetchCancelled({});
  const { error: code, message } = ended.reason;
  return new KinoraError({ kind: "conflict", code, message });
}
