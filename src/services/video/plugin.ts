import { audited, type Call, type Host, type Id, plugin, type Tx } from "#kernel";
import { userErased } from "#policy/deleted-users";
import { media } from "#services/media/contract";
import { contentFlagged } from "#services/moderation/contract";
import { relation } from "#services/relation/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import { browsing } from "./lists/lists.ts";
import {
  playlistDeleted,
  playlistUpdated,
  UnknownUser,
  video,
  videoDeleted,
  videoMediaReleased,
  videoMediaReplaced,
  videoPublished,
  videoUpdated,
} from "./contract.ts";
import { creating } from "./publication/creation.ts";
import { derivedOf } from "./projections.ts";
import { fetching } from "./media/fetch.ts";
import { deletedUsers } from "#policy/deleted-users";
import { mutes } from "#policy/mutes";
import { blocklist } from "#policy/blocklist";
import { migrations } from "./migrations.ts";
import { ownMedia } from "./media/own-media.ts";
import { planning } from "./publication/schedule.ts";
import * as playlistStore from "./playlists/playlist-store.ts";
import { playlists } from "./playlists/playlists.ts";
import { removing } from "./publication/removal.ts";
import { ofMedia, replacing } from "./publication/replacement.ts";
import { showing, shownSince } from "./publication/publication.ts";
import { speakingOf } from "./publication/posting-policy.ts";
import * as store from "./store.ts";
import { hashtagsOf } from "./details/tags.ts";
import { unlocking } from "./access/unlock.ts";
import { updating } from "./publication/update.ts";
import { viewing } from "./lists/lookup.ts";
import { watching } from "./access/viewer-access.ts";

/** Deleted rows are kept this long, so that what was decided can still be explained. */
const deletedKeptMs = 30 * 24 * 3_600_000;

export const videoPlugin = plugin({
  contract: video,
  needs: [user, media, relation, upload],
  migrations,
  copies: [deletedUsers, mutes, blocklist],
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
    const { db, emit, now, client, call: newCall, secret, log } = host;
    const key = await secret("unlock");
    const sight = watching({ relations: client(relation), call: newCall, log, now, key });
    const { seen, mine } = sight;
    const shows = showing(host);
    const speaking = speakingOf(host);
    const own = ownMedia(host);
    const planned = planning(host, shows);
    const fetches = fetching(host, { ...shows, ownMedia: own.film });

    /** An act that matters for security (S8.5). */
    const note = (tx: Tx<store.Tables>, act: string, id: Id, { userId: actorId }: Call, detail?: string) =>
      emit(tx, audited, id, {
        act,
        subject: { kind: "video", id },
        atMs: now(),
        ...(detail !== undefined && { detail }),
        ...(actorId !== undefined && { actorId }),
      });

    /** @throws UnknownUser */
    async function mustBe(id: Id, { traceId, signal }: Call): Promise<void> {
      const { items: known } = await client(user).briefs({ ids: [id] }, newCall({ traceId, signal }));
      if (known.length === 0) throw UnknownUser({});
    }

    const create = creating(host, { ...shows, own, speaking, planned, fetches });
    const removal = removing(host, { ...shows, seen, mine, note });

    return {
      handlers: {
        create,
        post: (given, call) => create({ ...given, draft: false }, call),
        ...updating(host, { ...shows, seen, mine, own, speaking, planned, note }),
        ...replacing(host, { ...shows, seen, mine, own }),
        ...removal.handlers,
        ...unlocking(host, { seen, key }),
        ...viewing(host, sight),
        ...browsing(host, { ...sight, mustBe }),
        ...playlists(host, {
          ...sight,
          mustBe,
          speaking,
          mustSee: async (id, call) => seen(await store.byId(db, id), call, call),
        }),

        async statistics({ id }, call) {
          const { row } = await seen(await store.byId(db, id), call, call);
          const { createdAtMs, publishedAtMs, durationMs, sizeBytes } = mine(row, "change", call);
          const count = await playlistStore.playlistCount(db.read(call), id);
          return { id, createdAtMs, publishedAtMs, durationMs, sizeBytes, playlistCount: count };
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

        authorCounts: async ({ userIds }, call) => ({ items: await store.publicCounts(db.read(call), userIds) }),
      },

      subscriptions: [...ofMedia(shows), ...removal.subscriptions],

      jobs: [fetches.job, planned.job],

      async *verify() {
        for (const { id } of await planned.forgotten()) yield `video ${id} should have been published`;
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
