import { type Call, type Host, type Id, type Job, job, KinoraError, type Tx } from "#kernel";
import { media } from "#services/media/contract";
import { type Import, ImportCompleted, upload } from "#services/upload/contract";
import { FetchCancelled, FetchFailed, Fetching, MediaMissing } from "../contract.ts";
import { type MediaState, noteMedia } from "./media-store.ts";
import type { showing } from "../publication/publication.ts";
import * as store from "../store.ts";

/** How often a fetch under way is looked at: less often the longer it lasts. */
const lookMs = { first: 1_000, last: 15_000 };
/** Whoever has to be asked is away: that is no try. */
const awayMs = 5_000;
const kind = "fetch";

/** `mediaId` stands for the media object that is made when the bytes are there: no object has such a number. */
export interface Fetch {
  readonly videoId: Id;
  readonly userId: Id;
  readonly mediaId: Id;
  readonly importId: Id;
}
interface Parts extends Pick<ReturnType<typeof showing>, "mediaIsReady" | "mediaHasFailed" | "release"> {
  /** @throws MediaMissing, NotAVideo */
  readonly ownMedia: (mediaId: Id, call: Call) => Promise<MediaState>;
}

/**
 * The number of a stand-in. Services number alone, so that two of them may give one number to two things; ids count up
 * from nothing since 2026 (kernel/id), and these down from the last there is: they meet in 2047.
 */
export const standIn = (id: Id): Id => Number.MAX_SAFE_INTEGER - id;

/**
 * Videos whose file is fetched from an address: upload fetches it under the limits of its owner, media makes a media
 * object of it, and the video, which is there from the beginning, gets that in place of its stand-in.
 */
export function fetching({ client, call: newCall, jobs, db, now }: Host<store.Tables>, parts: Parts) {
  const { mediaIsReady, mediaHasFailed, release, ownMedia } = parts;

  /** It can never be watched, and says why to its owner. */
  async function fail(tx: Tx<store.Tables>, mediaId: Id, { code, message }: Pick<KinoraError, "code" | "message">) {
    await store.lockConcerned(tx, mediaId);
    await noteMedia(tx, mediaId, { state: "failed", error: code, message });
    await mediaHasFailed(tx, mediaId);
  }

  /** Shows what was made of the bytes; where nobody waits for them any more, lets them go. */
  async function settle(tx: Tx<store.Tables>, fetch: Fetch, mediaId: Id, known: MediaState): Promise<void> {
    const row = await store.lock(tx, fetch.videoId);
    const { state, isReleased } = await noteMedia(tx, mediaId, known);
    if (row?.mediaId !== fetch.mediaId) return letGo(tx, fetch, mediaId);
    if (isReleased) return fail(tx, fetch.mediaId, MediaMissing({}));
    await store.takePlace(tx, fetch.videoId, { of: fetch.mediaId, mediaId });
    if (state === "ready") await mediaIsReady(tx, mediaId);
    if (state === "failed") await mediaHasFailed(tx, mediaId);
  }

  /** A media object that no video shows is not kept. */
  async function letGo(tx: Tx<store.Tables>, { videoId: id, userId }: Fetch, mediaId: Id): Promise<void> {
    await noteMedia(tx, mediaId, { state: "processing" });
    await release(tx, { id, userId }, mediaId);
  }

  async function look(running: Job<Fetch>): Promise<void> {
    const { traceId, signal, payload: fetch } = running;
    const { userId, importId: id } = fetch;
    const asOwner = newCall({ userId, traceId, signal });
    const isWanted = (await store.byId(db, fetch.videoId))?.mediaId === fetch.mediaId;
    const found = await client(upload).importStatus({ id }, asOwner).catch(absent);
    const isUnderWay = found?.status === "queued" || found?.status === "running";
    if (isUnderWay && isWanted) {
      const forMs = (now() - found.createdAtMs) / 10;
      return running.putOff(Math.min(Math.max(forMs, lookMs.first), lookMs.last), "it is being fetched");
    }
    if (isUnderWay && (await isThereAlready(client(upload).cancelImport({ id }, asOwner))))
      return running.putOff(lookMs.first, "it was there before it could be given up");
    const { fileId = null } = found ?? {};
    let mediaId: Id | undefined;
    try {
      if (fileId === null) throw whyOf(found);
      const made = await client(media).upload({ fileId }, asOwner);
      mediaId = made.id;
      const known = await ownMedia(made.id, asOwner);
      await running.finish<store.Tables>((tx) => settle(tx, fetch, made.id, known));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await running.finish<store.Tables>(async (tx) => {
        await fail(tx, fetch.mediaId, error);
        if (mediaId !== undefined) await letGo(tx, fetch, mediaId);
      });
    }
  }

  return {
    /** @throws BadUrl, TooManyImports, QuotaExceeded */
    begin: (url: string, call: Call): Promise<Import> => client(upload).importUrl({ url, purpose: "media" }, call),

    /** What is known of the stand-in. */
    known: { state: "processing", error: Fetching.code, message: Fetching.text } as const,

    add: (tx: Tx<store.Tables>, fetch: Fetch) =>
      jobs.add(tx, kind, { payload: fetch, uniqueKey: String(fetch.videoId), ownerId: fetch.userId }),

    /** Nobody waits for it after all; where it cannot be given up, what comes of it is a media object of its owner's. */
    giveUp: (importId: Id, call: Call): Promise<unknown> =>
      client(upload)
        .cancelImport({ id: importId }, call)
        .catch(() => undefined),

    job: job<Fetch>({
      kind,
      concurrency: 4,
      attemptsMax: 20,
      leaseMs: 60_000,
      async run(running) {
        try {
          await look(running);
        } catch (error) {
          const isAway = error instanceof KinoraError && error.kind === "unavailable" && !running.signal.aborted;
          if (!isAway) throw error;
          await running.putOff(awayMs, error.message);
        }
      },
      async died(tx, { payload: { mediaId } }, error) {
        await fail(tx, mediaId, FetchFailed({}, error));
      },
    }),
  };
}

function absent(error: unknown): undefined {
  if (!(error instanceof KinoraError) || error.kind !== "not_found") throw error;
}

/** Whether it was complete before it could be given up; one that is gone is not. */
const isThereAlready = (cancelling: Promise<unknown>): Promise<boolean> =>
  cancelling.then(
    () => false,
    (error: unknown) => {
      if (error instanceof KinoraError && error.code === ImportCompleted.code) return true;
      absent(error);
      return false;
    },
  );

/** Whether asking again would be refused again. */
const isRefusal = (error: unknown): error is KinoraError =>
  error instanceof KinoraError && !error.retryable && error.kind !== "internal";

/** Why there is no file. Pure. */
function whyOf(ended: Import | undefined): KinoraError {
  if (ended?.status !== "failed" || ended.reason === null) return FetchCancelled({});
  const { error: code, message } = ended.reason;
  return new KinoraError({ kind: "conflict", code, message });
}
