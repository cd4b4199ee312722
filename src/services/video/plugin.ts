import { type Call, can, type Host, type Id, on, plugin, type Tx } from "#kernel";
import { userDeleted } from "#services/auth/contract";
import { media, mediaFailed, mediaReady } from "#services/media/contract";
import { user } from "#services/user/contract";
import type { z } from "zod";
import { chaptersOf } from "./chapters.ts";
import { changesOf, visibilityOf } from "./changes.ts";
import {
  ImportNotBuilt,
  MediaMissing,
  NotAVideo,
  NothingToPublish,
  NotYourVideo,
  UnknownUser,
  type Video,
  VideoNotFound,
  video,
  videoDeleted,
  videoMediaReleased,
  videoMediaReplaced,
  videoPublished,
  videoUpdated,
} from "./contract.ts";
import { addressOf, type Cover } from "./covers.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";
import { hashtagsOf } from "./tags.ts";

type Create = z.output<(typeof video)["methods"]["create"]["input"]>;

const processing = 0;
const failed = 2;
/** Deleted rows are kept this long, so that what was decided can still be explained. */
const deletedKeptMs = 30 * 24 * 3_600_000;

export const videoPlugin = plugin({
  contract: video,
  needs: [user, media],
  migrations,
  events: [videoPublished, videoUpdated, videoMediaReplaced, videoMediaReleased, videoDeleted],
  start({ db, emit, nextId, now, client, call }: Host<store.Tables>) {
    const within = (asked: Call) => call({ traceId: asked.traceId, signal: asked.signal });

    async function ownMedia(mediaId: Id, asked: Call): Promise<store.MediaState> {
      const { items } = await client(media).briefs({ ids: [mediaId] }, within(asked));
      const [found] = items;
      if (!found || found.userId !== asked.userId) throw MediaMissing({});
      if (found.kind === "image") throw NotAVideo({});
      const { status, statusReason, width, height, durationMs, sizeBytes } = found;
      if (status === "failed") return { state: "failed", ...statusReason };
      return status === "ready" ? { state: "ready", width, height, durationMs, sizeBytes } : { state: "processing" };
    }

    /** What is meant by an address given for a cover, of the video `videoId` if there is one; undefined: it stays. */
    async function coverOf(url: string | undefined, videoId: Id | undefined, asked: Call): Promise<Cover | undefined> {
      if (url === undefined) return undefined;
      const address = addressOf(url);
      if (address.kind === "shown" && address.videoId === videoId) return undefined;
      if (address.kind !== "picture") return { mediaId: null, url };
      const { mediaId, isAbsolute } = address;
      const ids = Number.isSafeInteger(mediaId) && mediaId > 0 ? [mediaId] : [];
      const { items } = await client(media).briefs({ ids }, within(asked));
      const isOwn = items.some((item) => item.userId === asked.userId && item.kind === "image");
      if (isOwn) return { mediaId, url: "" };
      // Another instance has pictures under such paths too; ours shows this one to its owner alone.
      if (isAbsolute) return { mediaId: null, url };
      throw MediaMissing({});
    }

    async function tellPublished(
      tx: Tx<store.Tables>,
      row: Pick<store.Row, "id" | "userId" | "visibility" | "version" | store.Wording>,
    ): Promise<void> {
      const { id: videoId, userId, title, description, tags, visibility, version } = row;
      await emit(tx, videoPublished, videoId, {
        videoId,
        userId,
        title,
        description,
        tags,
        hashtags: hashtagsOf(row),
        visibility,
        version,
        publishedAtMs: now(),
      });
    }

    async function create({ mediaId, videoUrl, ...given }: Create, asked: Call): Promise<Video> {
      if (mediaId === undefined) throw videoUrl === undefined ? NothingToPublish({}) : ImportNotBuilt({});
      const known = await ownMedia(mediaId, asked);
      const cover = await coverOf(given.coverUrl, undefined, asked);
      const userId = asked.userId ?? 0;
      const id = nextId();
      return db.tx(async (tx) => {
        const { state, isReleased } = await store.noteMedia(tx, mediaId, known);
        // Its last video was deleted after media was asked; media hides it as soon as it hears of that.
        if (isReleased) throw MediaMissing({});
        const isReady = state === "ready";
        await store.insert(tx, {
          id,
          user_id: userId,
          media_id: mediaId,
          title: given.title,
          description: given.description ?? "",
          cover_url: cover?.url ?? "",
          cover_media_id: cover?.mediaId ?? null,
          category_id: given.categoryId ?? null,
          tags: given.tags ?? [],
          hashtags: given.hashtags ?? [],
          visibility: visibilityOf(given) ?? "public",
          status: isReady ? store.published : state === "failed" ? failed : processing,
          allow_comment: given.allowComment ?? true,
          allow_download: given.allowDownload ?? true,
          created_at_ms: now(),
          published_at_ms: isReady ? now() : null,
        });
        const made = await store.byId(tx, id);
        if (!made) throw new Error("a video that was just inserted is not there");
        if (isReady) await tellPublished(tx, made);
        return shown(made, asked);
      });
    }

    /** The row, when the caller may do this to it; what one may not see is not there. */
    function mine(row: store.Row | undefined, action: "change" | "delete", asked: Call): store.Row {
      if (!row || !can(asked, "see", resource(row))) throw VideoNotFound({});
      if (!can(asked, action, resource(row))) throw NotYourVideo({});
      return row;
    }

    async function hide(tx: Tx<store.Tables>, row: store.Row): Promise<void> {
      const { id: videoId, userId, mediaId, nextMediaId, generation, coverMediaId } = row;
      await store.hide(tx, videoId, now());
      await release(tx, row, nextMediaId);
      const isLastOfMedia = await store.release(tx, mediaId);
      await emit(tx, videoDeleted, videoId, { videoId, userId, mediaId, isLastOfMedia, generation, coverMediaId });
    }

    async function release(
      tx: Tx<store.Tables>,
      { id: videoId, userId }: store.Row,
      mediaId: Id | null,
    ): Promise<void> {
      if (mediaId !== null && (await store.release(tx, mediaId)))
        await emit(tx, videoMediaReleased, videoId, { videoId, userId, mediaId });
    }

    /** From here on the video shows this media object. Its own addresses end with its generation. */
    async function showMedia(tx: Tx<store.Tables>, before: store.Row, mediaId: Id): Promise<store.Row> {
      const { id: videoId, userId, mediaId: formerMediaId, nextMediaId } = before;
      await store.showMedia(tx, videoId, mediaId, now());
      await emit(tx, videoMediaReplaced, videoId, { videoId, userId, mediaId, formerMediaId });
      const row = (await store.byId(tx, videoId)) ?? before;
      await tellUpdated(tx, before, row, ["media"]);
      if (before.publishedAtMs === null) await tellPublished(tx, row);
      await release(tx, row, formerMediaId);
      if (nextMediaId !== mediaId) await release(tx, row, nextMediaId);
      return row;
    }

    async function tellUpdated(
      tx: Tx<store.Tables>,
      { mediaId, coverMediaId }: store.Row,
      row: store.Row,
      changed: string[],
    ): Promise<void> {
      const { id: videoId, userId, title, description, tags, visibility, publishedAtMs, generation, version } = row;
      await emit(tx, videoUpdated, videoId, {
        videoId,
        userId,
        changed,
        title,
        description,
        tags,
        hashtags: hashtagsOf(row),
        visibility,
        publishedAtMs,
        generation,
        version,
        mediaId,
        coverMediaId,
      });
    }

    /** What it awaited before is let go. */
    async function awaitMedia(tx: Tx<store.Tables>, before: store.Row, mediaId: Id | null): Promise<store.Row> {
      if (before.nextMediaId === mediaId) return before;
      await store.awaitMedia(tx, before.id, mediaId);
      await release(tx, before, before.nextMediaId);
      return (await store.byId(tx, before.id)) ?? before;
    }

    return {
      handlers: {
        create,

        async get({ id }, asked) {
          const row = await store.byId(db, id);
          if (!row || !can(asked, "see", resource(row))) throw VideoNotFound({});
          return shown(row, asked);
        },

        async update({ id, coverUrl, ...given }, asked) {
          const cover = await coverOf(coverUrl, id, asked);
          return db.tx(async (tx) => {
            const before = mine(await store.lock(tx, id), "change", asked);
            const { changes, changed } = changesOf(before, { ...given, cover });
            if (changed.length === 0) return shown(before, asked);
            await store.update(tx, id, changes, changed.includes("visibility"));
            const row = (await store.byId(tx, id)) ?? before;
            await tellUpdated(tx, before, row, changed);
            return shown(row, asked);
          });
        },

        async remove({ id }, asked) {
          await db.tx(async (tx) => {
            await hide(tx, mine(await store.lock(tx, id), "delete", asked));
          });
          return {};
        },

        async replaceMedia({ id, mediaId }, asked) {
          mine(await store.byId(db, id), "change", asked);
          const known = await ownMedia(mediaId, asked);
          return db.tx(async (tx) => {
            const before = mine(await store.lock(tx, id), "change", asked);
            const { state, isReleased } = await store.noteMedia(tx, mediaId, known);
            if (isReleased) throw MediaMissing({});
            const isNew = mediaId !== before.mediaId;
            if (isNew && state === "ready") return shown(await showMedia(tx, before, mediaId), asked);
            return shown(await awaitMedia(tx, before, isNew ? mediaId : null), asked);
          });
        },

        keepMedia: ({ id }, asked) =>
          db.tx(async (tx) =>
            shown(await awaitMedia(tx, mine(await store.lock(tx, id), "change", asked), null), asked),
          ),

        async ofUser({ id, ...page }, asked) {
          const { items: known } = await client(user).briefs({ ids: [id] }, within(asked));
          if (known.length === 0) throw UnknownUser({});
          const { items, ...rest } = await store.ofUser(db, id, asked.userId === id, page);
          return { ...rest, items: items.map((row) => shown(row, asked)) };
        },

        async visible({ ids }, asked) {
          const rows = new Map((await store.byIds(db, ids)).map((row) => [row.id, row]));
          const seen = ids.flatMap((id) => rows.get(id) ?? []).filter((row) => can(asked, "see", resource(row)));
          return { items: seen.map((row) => shown(row, asked)) };
        },

        async playable({ id }, asked) {
          const row = await store.byId(db, id);
          if (!row || !can(asked, "see", resource(row))) throw VideoNotFound({});
          return { ...row, chapters: chaptersOf(row.description, row.durationMs) };
        },

        async batch({ after, limit }) {
          const found = await store.batch(db, after, limit);
          return { items: found.map((row) => ({ ...row, videoId: row.id, hashtags: hashtagsOf(row) })) };
        },

        publicOf: async ({ mediaId }) => ({ items: await store.publicOf(db, mediaId) }),

        authorCounts: async ({ userIds }) => ({ items: await store.publicCounts(db, userIds) }),
      },

      subscriptions: [
        on(mediaReady, async (tx: Tx<store.Tables>, { mediaId, width, height, durationMs, sizeBytes, hasCover }) => {
          await store.lockConcerned(tx, mediaId);
          await store.noteMedia(tx, mediaId, { state: "ready", width, height, durationMs, sizeBytes, hasCover });
          for (const row of await store.settle(tx, mediaId, store.published, now())) await tellPublished(tx, row);
          for (const { id } of await store.awaiting(tx, mediaId)) {
            // It may have begun to wait since, and been given something else.
            const row = await store.lock(tx, id);
            if (row?.nextMediaId === mediaId) await showMedia(tx, row, mediaId);
          }
        }),
        on(mediaFailed, async (tx: Tx<store.Tables>, { mediaId, error, message }) => {
          await store.lockConcerned(tx, mediaId);
          const { state } = await store.noteMedia(tx, mediaId, { state: "failed", error, message });
          if (state === "failed") await store.settle(tx, mediaId, failed, null);
        }),
        on(userDeleted, async (tx: Tx<store.Tables>, { userId }) => {
          for (const { id } of await store.ofUserToHide(tx, userId)) {
            const row = await store.lock(tx, id);
            if (row) await hide(tx, row);
          }
        }),
      ],

      async *verify() {
        for (const { id, status, state } of await store.misjudged(db))
          yield `video ${id} has status ${status} and its media is ${state}`;
        for (const { id } of await store.overdue(db)) yield `video ${id} waits for media that is ready`;
      },

      schedules: [
        {
          name: "video.forget",
          pattern: "41 3 * * *",
          run: async () => void (await db.tx((tx) => store.forget(tx, now() - deletedKeptMs))),
        },
      ],
    };
  },
});

const resource = ({ userId, visibility, status }: store.Row) => ({
  ownerId: userId,
  visibility,
  isPublished: status === store.published,
});

function shown(row: store.Row, { userId }: Call): Video {
  const { version: _, error, message, nextMediaId, nextState, nextError, nextMessage, ...columns } = row;
  const isMine = row.userId === userId;
  return {
    ...columns,
    hashtags: hashtagsOf(row),
    statusReason: row.status === failed ? reason(error, message) : null,
    isPublic: row.visibility === "public",
    isMine,
    chapters: chaptersOf(row.description, row.durationMs),
    replacement:
      isMine && nextMediaId !== null
        ? {
            mediaId: nextMediaId,
            status: nextState === "failed" ? "failed" : "processing",
            statusReason: nextState === "failed" ? reason(nextError, nextMessage) : null,
          }
        : null,
  };
}

const reason = (error: string | null, message: string | null): Video["statusReason"] =>
  error === null ? null : { error, message: message ?? "" };
