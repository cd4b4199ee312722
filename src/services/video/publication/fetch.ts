import { type Call, type Host, type Id, type Job, job, KinoraError, type Tx, type JobKind } from "#kernel";
import { media } from "#services/media/contract";
import { type Import, upload } from "#services/upload/contract";
import { FetchFailed, Fetching } from "../contract.ts";
import type { Publication } from "./publication.ts";
import * as store from "../store.ts";
import {
  type Fetch,
  failureOf,
  createFetchOutcomes,
  isCompleteAlready,
  isRefusal,
  unlessNotFound,
} from "./fetch-outcome.ts";
import type { MediaState } from "../media/media-store.ts";

/** How often a fetch under way is polled: less often the longer it lasts. */
const pollMs = { first: 1_000, last: 15_000 };
/** While a service is away the job waits; that is no try. */
const awayMs = 5_000;
const kind = "fetch";

interface Parts extends Pick<Publication, "applyReady" | "applyFailure" | "releaseIfUnused"> {
  /** @throws MediaMissing, NotAVideo */
  readonly ownMedia: (mediaId: Id, call: Call) => Promise<MediaState>;
}

/**
 * The number of a stand-in. Services number alone, so that two of them may give one number to two things; ids count up
 * from nothing since 2026 (kernel/id), and these down from the last there is: they meet in 2047.
 */
export const standIn = (id: Id): Id => Number.MAX_SAFE_INTEGER - id;

/**
 * Videos whose file is fetched from an address. Upload fetches it under the limits of its owner, and media makes a
 * media object of it. The video is there from the beginning, with a stand-in that the media object replaces.
 */
export interface MediaFetches {
  /** @throws BadUrl, TooManyImports, QuotaExceeded */
  readonly begin: (url: string, call: Call) => Promise<Import>;
  /** The state of the stand-in. */
  readonly standInState: { readonly state: "processing"; readonly error: string; readonly message: string };
  readonly add: (tx: Tx<store.Tables>, fetch: Fetch) => Promise<number>;
  /** No video needs the import after all; where it cannot be cancelled, its media object stays with its owner. */
  readonly cancel: (importId: Id, call: Call) => Promise<unknown>;
  readonly job: JobKind;
}

export function createMediaFetches(
  { client, call: newCall, jobs, db, now }: Host<store.Tables>,
  parts: Parts,
): MediaFetches {
  const { fail, discard, complete } = createFetchOutcomes(parts);

  async function poll(running: Job<Fetch>): Promise<void> {
    const { traceId, signal, payload: fetch } = running;
    const { userId, importId: id } = fetch;
    const asOwner = newCall({ userId, traceId, signal });
    const isWanted = (await store.byId(db, fetch.videoId))?.mediaId === fetch.mediaId;
    const status = await client(upload).importStatus({ id }, asOwner).catch(unlessNotFound);
    const isUnderWay = status?.status === "queued" || status?.status === "running";
    if (isUnderWay && isWanted) {
      const delayMs = (now() - status.createdAtMs) / 10;
      return running.putOff(Math.min(Math.max(delayMs, pollMs.first), pollMs.last), "it is being fetched");
    }
    if (isUnderWay && (await isCompleteAlready(client(upload).cancelImport({ id }, asOwner))))
      return running.putOff(pollMs.first, "it was complete before it could be cancelled");
    await finish(running, status, asOwner);
  }

  async function finish(running: Job<Fetch>, status: Import | undefined, asOwner: Call): Promise<void> {
    const { payload: fetch } = running;
    const { fileId = null } = status ?? {};
    let mediaId: Id | undefined;
    try {
      if (fileId === null) throw failureOf(status);
      const { id } = await client(media).upload({ fileId }, asOwner);
      mediaId = id;
      const state = await parts.ownMedia(id, asOwner);
      await running.finish<store.Tables>((tx) => complete(tx, fetch, id, state));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await running.finish<store.Tables>(async (tx) => {
        await fail(tx, fetch.mediaId, error);
        if (mediaId !== undefined) await discard(tx, fetch, mediaId);
      });
    }
  }

  return {
    begin: (url: string, call: Call): Promise<Import> => client(upload).importUrl({ url, purpose: "media" }, call),

    standInState: { state: "processing", error: Fetching.code, message: Fetching.text } as const,

    add: (tx: Tx<store.Tables>, fetch: Fetch) =>
      jobs.add(tx, kind, { payload: fetch, uniqueKey: String(fetch.videoId), ownerId: fetch.userId }),

    cancel: (importId: Id, call: Call): Promise<unknown> =>
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
          await poll(running);
        } catch (error) {
          const isAway = error instanceof KinoraError && error.kind === "unavailable" && !running.signal.aborted;
          if (!isAway) throw error;
          await running.putOff(awayMs, error.message);
        }
      },
      async onGiveUp(tx, { payload: { mediaId } }, error) {
        await fail(tx, mediaId, FetchFailed({}, error));
      },
    }),
  };
}
