import {
  audited,
  type Call,
  callerOf,
  can,
  Gather,
  type Host,
  type Id,
  inOrderOf,
  job,
  KeptRows,
  on,
  plugin,
  rowsFor,
  type Tx,
} from "#kernel";
import { eventHandlers } from "#kernel/bus/administration";
import { jobHandlers } from "#kernel/jobs/administration";
import { markGone } from "#kernel/db/gone";
import { forgetSilenced, silencedAfter } from "#kernel/db/silence";
import { noteWatched, watchedCopy } from "#kernel/db/watched";
import { firstCharacters } from "#kernel/text";
import { erase, mustBeThere, userErased } from "#services/auth/contract";
import { media, mediaFailed, mediaReady } from "#services/media/contract";
import {
  contentFlagged,
  contentRemoved,
  contentRestored,
  excerptMax,
  silencing,
  wordsChanged,
} from "#services/moderation/contract";
import { relation } from "#services/relation/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import type { z } from "zod";
import { browsing } from "./browsing.ts";
import { categories } from "./categories.ts";
import { chaptersOf } from "./chapters.ts";
import { changesOf, passwordHashFor, visibilityOf } from "./changes.ts";
import {
  MediaMissing,
  NotAVideo,
  NoPassword,
  NothingToPublish,
  NotYourVideo,
  playlistDeleted,
  playlistUpdated,
  PublishedAlready,
  TooLate,
  UnknownCategory,
  UnknownUser,
  type Video,
  VideoNotFound,
  video,
  videoDeleted,
  videoMediaReleased,
  videoMediaReplaced,
  videoPublished,
  videoUpdated,
  WrongPassword,
} from "./contract.ts";
import { addressOf, type Cover } from "./covers.ts";
import { derivedOf } from "./derived.ts";
import { fetching, standIn } from "./fetching.ts";
import { migrations } from "./migrations.ts";
import { listsOfUsers } from "./list-store.ts";
import * as playlistStore from "./playlist-store.ts";
import { playlists } from "./playlists.ts";
import { showing, shownSince } from "./showing.ts";
import { shown } from "./shown.ts";
import { speakingOf } from "./speaking.ts";
import * as store from "./store.ts";
import { hashtagsOf } from "./tags.ts";
import { triesOf } from "./tries.ts";
import { hashPassword, isPassword, unlockLifeMs, writeUnlock } from "./unlocking.ts";
import { watching } from "./watching.ts";

type Create = z.output<(typeof video)["methods"]["create"]["input"]>;

/** Deleted rows are kept this long, so that what was decided can still be explained. */
const aheadMsMax = 366 * 24 * 3_600_000;
/** A video that is later than that was forgotten. */
const lateMs = 60_000;
const publishing = "publish";
/** What its owner may not publish is looked at again after so long: they may be heard again before it was said they would. */
const silentMsMax = 10 * 60_000;
/** Of a video with what is made of it. */
const keptBytes = 8_000;
/** Changes of these say something to others. */
const saying = ["title", "description", "tags", "hashtags"];
const deletedKeptMs = 30 * 24 * 3_600_000;

export const videoPlugin = plugin({
  contract: video,
  needs: [user, media, relation, upload],
  migrations,
  events: [
    audited,
    contentFlagged,
    userErased,
    videoPublished,
    videoUpdated,
    videoMediaReplaced,
    videoMediaReleased,
    videoDeleted,
    playlistUpdated,
    playlistDeleted,
  ],
  async start(host: Host<store.Tables>) {
    const { db, emit, nextId, now, client, call, cache, secret, log, jobs } = host;
    const key = await secret("unlock");
    const tries = triesOf(cache);
    const speaking = speakingOf({ db, now });
    const { seen, tiesOf, resource, isGranted } = watching({ relations: client(relation), call, log, now, key });
    const { tellPublished, tellUpdated, release, showMedia, mediaIsReady, mediaHasFailed } = showing({ emit, now });
    const within = (asked: Call) => call({ traceId: asked.traceId, signal: asked.signal });
    const named = new Gather(db, async (reader, ids: readonly Id[]) =>
      inOrderOf<Id, store.Row>(ids, await store.byIds(reader, ids), ({ id }) => id),
    );
    // Of lists alone: of a video that is named, what one may not see costs what is not there costs (security S2.4).
    const kept = new KeptRows(db, { versions: store.versions, rows: store.byIds }, rowsFor(keptBytes));
    const lists = listsOfUsers(db);

    async function ownMedia(mediaId: Id, asked: Call): Promise<store.MediaState> {
      const { items } = await client(media).briefs({ ids: [mediaId] }, within(asked));
      const [found] = items;
      if (!found || found.userId !== asked.userId) throw MediaMissing({});
      if (found.kind === "image") throw NotAVideo({});
      const { status, statusReason, width, height, durationMs, sizeBytes } = found;
      if (status === "failed") return { state: "failed", ...statusReason };
      return status === "ready" ? { state: "ready", width, height, durationMs, sizeBytes } : { state: "processing" };
    }

    const fetches = fetching(host, { mediaIsReady, mediaHasFailed, release, ownMedia });

    /** What is to be shown: a media object that is there, or the stand-in of one that is fetched. */
    async function filmOf({ mediaId, videoUrl }: Pick<Create, "mediaId" | "videoUrl">, asked: Call) {
      if (mediaId !== undefined) return { mediaId, known: await ownMedia(mediaId, asked) };
      if (videoUrl === undefined) throw NothingToPublish({});
      const { id: importId } = await fetches.begin(videoUrl, asked);
      return { mediaId: standIn(nextId()), known: fetches.known, importId };
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

    /** It publishes itself then, whatever process runs by that time. What was planned before finds another time, and rests. */
    async function plan(tx: Tx<store.Tables>, videoId: Id, atMs: number | null | undefined): Promise<void> {
      if (atMs === null || atMs === undefined) return;
      const delayMs = Math.max(0, atMs - now());
      await jobs.add(tx, publishing, { payload: { videoId, atMs }, uniqueKey: `${videoId}:${atMs}`, delayMs });
    }

    /** @throws UnknownCategory, TooLate */
    function check({
      categoryId,
      publishAtMs,
    }: Pick<Create, "categoryId"> & { publishAtMs?: number | null | undefined }) {
      if (categoryId !== undefined && !categories.some(({ id }) => id === categoryId)) throw UnknownCategory({});
      if (publishAtMs && publishAtMs > now() + aheadMsMax) throw TooLate({});
    }

    async function publish(tx: Tx<store.Tables>, before: store.Row): Promise<store.Row> {
      const isPublished = await store.publish(tx, before.id, now());
      const row = (await store.byId(tx, before.id)) ?? before;
      if (isPublished) await tellPublished(tx, row);
      return row;
    }

    /** It is shown, and a moderator is asked to look at it. */
    async function flag(tx: Tx<store.Tables>, { id, userId, title, description }: store.Row, heldFor: string) {
      const excerpt = firstCharacters(`${title}\n${description}`.trim(), excerptMax);
      const told = { kind: "video" as const, id, authorId: userId, videoId: null, isHeld: false };
      await emit(tx, contentFlagged, id, { ...told, excerpt, heldFor, atMs: now() });
    }

    /** An act that matters for security (S8.5). */
    const note = (tx: Tx<store.Tables>, act: string, id: Id, { userId: actorId }: Call, detail?: string) =>
      emit(tx, audited, id, {
        act,
        subject: { kind: "video", id },
        atMs: now(),
        ...(detail !== undefined && { detail }),
        ...(actorId !== undefined && { actorId }),
      });

    async function create({ draft, publishAtMs, ...given }: Create, asked: Call): Promise<Video> {
      check({ ...given, publishAtMs });
      await speaking.mayPublish(asked);
      const flaggedFor = await speaking.flagFor([given.title, given.description, ...(given.tags ?? [])], asked);
      const cover = await coverOf(given.coverUrl, undefined, asked);
      const userId = callerOf(asked);
      const id = nextId();
      const visibility = visibilityOf(given) ?? "public";
      const password_hash = passwordHashFor(visibility, await hashed(given.password, visibility), null);
      // Last, so that nothing is fetched for what is refused.
      const { mediaId, known, importId } = await filmOf(given, asked);
      const written = db.tx(async (tx) => {
        await mustBeThere(tx, userId);
        const { state, isReleased } = await store.noteMedia(tx, mediaId, known);
        // Its last video was deleted after media was asked; media hides it as soon as it hears of that.
        if (isReleased) throw MediaMissing({});
        const isReady = state === "ready";
        const isLater = publishAtMs !== undefined && publishAtMs > now();
        const isDraft = draft || isLater;
        const publish_at_ms = isLater ? publishAtMs : null;
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
          visibility,
          password_hash,
          is_draft: isDraft,
          publish_at_ms,
          status: isReady
            ? isDraft
              ? store.held
              : store.published
            : state === "failed"
              ? store.failed
              : store.processing,
          allow_comment: given.allowComment ?? true,
          allow_download: given.allowDownload ?? true,
          created_at_ms: now(),
          published_at_ms: isReady && !isDraft ? now() : null,
        });
        const made = await store.byId(tx, id);
        if (!made) throw new Error("a video that was just inserted is not there");
        await plan(tx, id, publish_at_ms);
        if (importId !== undefined) await fetches.add(tx, { videoId: id, userId, mediaId, importId });
        if (flaggedFor !== undefined) await flag(tx, made, flaggedFor);
        if (isReady && !isDraft) await tellPublished(tx, made);
        return shown(made, asked);
      });
      return written.catch(async (error: unknown) => {
        // Who asks again with a key is given the same fetch again.
        if (importId !== undefined && asked.idempotencyKey === undefined) await fetches.giveUp(importId, asked);
        throw error;
      });
    }

    const ownersOf = (rows: readonly store.Row[], asked: Call): Id[] =>
      rows.map(({ userId }) => userId).filter((userId) => userId !== asked.userId);

    /** Those of these, which they may see, that the caller may also be shown unasked. */
    async function met(rows: readonly store.Row[], asked: Call): Promise<store.Row[]> {
      const ties = await tiesOf(asked.userId, ownersOf(rows, asked), asked);
      return rows.filter((row) => can(asked, "meet", resource(row, asked, ties.get(row.userId))));
    }

    /** @throws UnknownUser */
    async function mustBe(id: Id, asked: Call): Promise<void> {
      const { items: known } = await client(user).briefs({ ids: [id] }, within(asked));
      if (known.length === 0) throw UnknownUser({});
    }

    const hashed = async (password: string | undefined, visibility: Video["visibility"] | undefined) =>
      password === undefined || (visibility ?? "password") !== "password" ? undefined : hashPassword(password);

    /** The row, when the caller may do this to it. They see it, as was decided before. */
    function mine(row: store.Row | undefined, action: "change" | "delete", asked: Call): store.Row {
      if (!row) throw VideoNotFound({});
      if (!can(asked, action, resource(row, asked))) throw NotYourVideo({});
      return row;
    }

    async function hide(tx: Tx<store.Tables>, row: store.Row): Promise<void> {
      const { id: videoId, userId, mediaId, nextMediaId, generation, coverMediaId } = row;
      await store.hide(tx, videoId, now());
      await playlistStore.forgetInPlaylists(tx, videoId);
      await release(tx, row, nextMediaId);
      const isLastOfMedia = await store.release(tx, mediaId);
      await emit(tx, videoDeleted, videoId, { videoId, userId, mediaId, isLastOfMedia, generation, coverMediaId });
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
        ...eventHandlers(db),
        ...jobHandlers(jobs),
        create,
        post: (given, asked) => create({ ...given, draft: false }, asked),

        async get({ id }, asked) {
          const found = await seen(await named.one(id), asked, asked);
          return shown(found.row, asked, found.isGranted);
        },

        async unlock({ id, password }, asked) {
          const row = await store.byId(db, id);
          const { passwordHash } = row ?? {};
          if (!row || !passwordHash || row.status !== store.published) {
            await seen(row, asked, asked);
            throw NoPassword({});
          }
          const viewerId = asked.userId ?? 0;
          const by = [`from:${asked.source ?? ""}`, ...(viewerId > 0 ? [`user:${viewerId}`] : [])];
          await tries.count(id, by);
          if (!(await isPassword(password, passwordHash))) throw WrongPassword({});
          await tries.forgive(id, by);
          const expiresAtMs = now() + unlockLifeMs;
          return { unlock: writeUnlock(key, { videoId: id, viewerId, passwordHash }, expiresAtMs), expiresAtMs };
        },

        async update({ id, coverUrl, password, ...given }, asked) {
          await seen(await store.byId(db, id), asked, asked);
          check(given);
          const cover = await coverOf(coverUrl, id, asked);
          const passwordHash = await hashed(password, given.visibility);
          const flaggedFor = await speaking.flagFor([given.title, given.description, ...(given.tags ?? [])], asked);
          return db.tx(async (tx) => {
            const before = mine(await store.lock(tx, id), "change", asked);
            const isHeld = given.publishAtMs !== undefined || given.draft;
            if (isHeld && !before.isDraft) throw PublishedAlready({});
            const { changes, changed } = changesOf(before, { ...given, cover, passwordHash });
            if (changed.length === 0) return shown(before, asked);
            // What is already there and seen by nobody new may be changed by whoever is muted; what is said anew may not.
            if (saying.some((name) => changed.includes(name))) await speaking.mayPublish(asked);
            await store.update(tx, id, changes, changed.includes("visibility") || changed.includes("password"));
            const row = (await store.byId(tx, id)) ?? before;
            await tellUpdated(tx, before, row, changed);
            if (flaggedFor !== undefined && saying.some((name) => changed.includes(name)))
              await flag(tx, row, flaggedFor);
            if (changed.includes("visibility"))
              await note(tx, "video.visibility_changed", id, asked, `${before.visibility} → ${row.visibility}`);
            if (changed.includes("publishAt")) await plan(tx, id, row.publishAtMs);
            return shown(row, asked);
          });
        },

        ...browsing({
          db,
          rowsOf: (versions) => kept.ofVersions(versions),
          shown: (row, asked) => shown(row, asked),
          met,
        }),

        async publish({ id }, asked) {
          await seen(await store.byId(db, id), asked, asked);
          await speaking.mayPublish(asked);
          return db.tx(async (tx) => shown(await publish(tx, mine(await store.lock(tx, id), "change", asked)), asked));
        },

        async remove({ id }, asked) {
          await seen(await store.byId(db, id), asked, asked);
          await db.tx(async (tx) => {
            await hide(tx, mine(await store.lock(tx, id), "delete", asked));
            await note(tx, "video.deleted", id, asked);
          });
          return {};
        },

        async replaceMedia({ id, mediaId }, asked) {
          const found = await seen(await store.byId(db, id), asked, asked);
          mine(found.row, "change", asked);
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

        async keepMedia({ id }, asked) {
          await seen(await store.byId(db, id), asked, asked);
          return db.tx(async (tx) =>
            shown(await awaitMedia(tx, mine(await store.lock(tx, id), "change", asked), null), asked),
          );
        },

        async statistics({ id }, asked) {
          const { row } = await seen(await store.byId(db, id), asked, asked);
          const { createdAtMs, publishedAtMs, durationMs, sizeBytes } = mine(row, "change", asked);
          const count = await playlistStore.playlistCount(db, id);
          return { id, createdAtMs, publishedAtMs, durationMs, sizeBytes, playlistCount: count };
        },

        ...playlists({
          db,
          emit,
          nextId,
          now,
          mustBe,
          speaking,
          mustSee: async (id, asked) => seen(await store.byId(db, id), asked, asked),
          shown: (row, asked) => shown(row, asked),
          met,
        }),

        async ofUser({ id, ...page }, asked) {
          const ties = asked.userId === id ? undefined : (await tiesOf(asked.userId, [id], asked)).get(id);
          if (ties?.isBlocked) {
            await mustBe(id, asked);
            return { items: [], next: null, ...(page.count && { total: 0 }) };
          }
          const onlooker = asked.userId === id ? "owner" : ties?.isFollower ? "follower" : "anybody";
          const { items, ...rest } = await lists[onlooker]({ userId: id }, page);
          // Whose videos are there, is there.
          if (items.length === 0) await mustBe(id, asked);
          const found = await kept.ofVersions(items);
          // What was hidden or deleted between the two looks is not shown.
          const still = found.filter((row) => row && can(asked, "meet", resource(row, asked, ties)));
          return { ...rest, items: still.flatMap((row) => (row ? [shown(row, asked)] : [])) };
        },

        async visible({ ids }, asked) {
          const all = await (ids.length === 1 ? named : kept).all(ids);
          const found = all.filter((row) => row !== undefined);
          const ties = await tiesOf(asked.userId, ownersOf(found, asked), asked);
          const tied = found.filter((row) => can(asked, "meet", resource(row, asked, ties.get(row.userId))));
          return { items: tied.map((row) => shown(row, asked, isGranted(row, asked, ties.get(row.userId)))) };
        },

        async playable({ id, isGranted }, asked) {
          const { userId, role, unlock } = asked;
          const viewer = { userId, role, unlock, isGranted };
          const { row, ...found } = await seen(await named.one(id), viewer, asked);
          const { passwordHash: _, removedReason: __, ...told } = row;
          return { ...told, ...found, chapters: chaptersOf(row.description, row.durationMs) };
        },

        async batch({ after, limit }) {
          const found = await store.batch(db, after, limit);
          return {
            items: found.map((row) => ({
              ...row,
              videoId: row.id,
              hashtags: hashtagsOf(row),
              publishedAtMs: shownSince(row),
            })),
          };
        },

        publicOf: async ({ mediaId }) => ({ items: await store.publicOf(db, mediaId) }),

        silenced: (page) => silencedAfter(db, page),
        watched: () => watchedCopy(db),

        authorCounts: async ({ userIds }) => ({ items: await store.publicCounts(db, userIds) }),
      },

      subscriptions: [
        on(mediaReady, async (tx: Tx<store.Tables>, { mediaId, width, height, durationMs, sizeBytes, hasCover }) => {
          await store.lockConcerned(tx, mediaId);
          await store.noteMedia(tx, mediaId, { state: "ready", width, height, durationMs, sizeBytes, hasCover });
          await mediaIsReady(tx, mediaId);
        }),
        on(mediaFailed, async (tx: Tx<store.Tables>, { mediaId, error, message }) => {
          await store.lockConcerned(tx, mediaId);
          const { state } = await store.noteMedia(tx, mediaId, { state: "failed", error, message });
          if (state === "failed") await mediaHasFailed(tx, mediaId);
        }),
        on(contentRemoved, async (tx: Tx<store.Tables>, { kind, id, reason: said }) => {
          if (kind === "playlist") await playlistStore.setPlaylistRemoved(tx, id, true);
          if (kind !== "video") return;
          const before = await store.lock(tx, id);
          if (!before || !(await store.takeDown(tx, id, said))) return;
          await tellUpdated(tx, before, (await store.byId(tx, id)) ?? before, ["status"]);
        }),
        on(contentRestored, async (tx: Tx<store.Tables>, { kind, id }) => {
          if (kind === "playlist") await playlistStore.setPlaylistRemoved(tx, id, false);
          const before = kind === "video" ? await store.lock(tx, id) : undefined;
          if (!before || !(await store.bringBack(tx, id, now()))) return;
          const row = (await store.byId(tx, id)) ?? before;
          await tellUpdated(tx, before, row, ["status"]);
          if (before.publishedAtMs === null && row.status === store.published) await tellPublished(tx, row);
        }),
        ...silencing<store.Tables>(),
        on(wordsChanged, async (tx: Tx<store.Tables>, told) => {
          await noteWatched(tx, told);
        }),
        erase("video", emit, async (tx: Tx<store.Tables>, { userId }) => {
          await markGone(tx, userId, now());
          await playlistStore.forgetPlaylists(tx, userId);
          await forgetSilenced(tx, userId);
          for (const { id } of await store.ofUserToHide(tx, userId)) {
            const row = await store.lock(tx, id);
            if (row) await hide(tx, row);
          }
          await store.forgetOwner(tx, userId);
        }),
      ],

      jobs: [
        fetches.job,
        job<{ readonly videoId: Id; readonly atMs: number }>({
          kind: publishing,
          concurrency: 4,
          attemptsMax: 50,
          leaseMs: 30_000,
          async run(running) {
            const { videoId, atMs } = running.payload;
            // The database's clock was ahead of this one.
            if (now() < atMs) return running.putOff(atMs - now(), "it is not time yet");
            const silencedMs = await store.silencedFor(db, videoId, now());
            if (silencedMs !== undefined)
              return running.putOff(Math.min(silencedMs, silentMsMax), "whose it is may say nothing for now");
            await running.finish(async (tx: Tx<store.Tables>) => {
              const row = await store.lock(tx, videoId);
              if (row?.publishAtMs === atMs) await publish(tx, row);
            });
          },
        }),
      ],

      async *verify() {
        for (const { id } of await store.unpublished(db, now() - lateMs - silentMsMax, now()))
          yield `video ${id} should have been published`;
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
  derived: derivedOf,
});
