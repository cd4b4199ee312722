import { userErased } from "#events/auth";
import { contentFlagged } from "#events/moderation";
import {
  playlistDeleted,
  playlistUpdated,
  videoDeleted,
  videoMediaReleased,
  videoMediaReplaced,
  videoPublished,
  videoUpdated,
} from "#events/video";
import { audited, type Host, plugin, handlersOf, joinHandlers } from "#kernel";
import { media } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import { deletedUsers } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { blocklist } from "#policy/copies/blocklist";
import { createVideoLists } from "./lists/lists.ts";
import { video } from "./contract.ts";
import { createVideoCreation } from "./publication/creation.ts";
import { projectionsOf } from "./projections.ts";
import * as growthStore from "./growth-store.ts";
import { createMediaFetches } from "./publication/fetch.ts";
import { migrations } from "./migrations.ts";
import { createOwnMedia } from "./media/own-media.ts";
import { createPublicFiles } from "./media/public-files.ts";
import { createPublicationSchedule } from "./publication/schedule.ts";
import { createPlaylistAccess } from "./playlists/playlist-access.ts";
import { createPlaylistItems } from "./playlists/playlist-items.ts";
import { createPlaylists } from "./playlists/playlists.ts";
import { createChangesOfMany } from "./publication/change-many.ts";
import { createBackdate } from "./publication/backdate.ts";
import { createVideoRemoval } from "./publication/removal.ts";
import { mediaSubscriptions, createMediaReplacement } from "./publication/media-replacement.ts";
import { createPublication } from "./publication/publication.ts";
import { createPostingPolicy } from "./posting-policy.ts";
import * as store from "./store.ts";
import { createStatistics } from "./statistics.ts";
import { createCatalogue } from "./lists/catalogue.ts";
import { createVideoAudit } from "./publication/audit.ts";
import { createUserCheck } from "./access/user-check.ts";
import { inconsistencies } from "./consistency.ts";
import { createPasswordUnlock } from "./access/unlock.ts";
import { createVideoUpdate } from "./publication/update.ts";
import { createVideoLookup } from "./lists/lookup.ts";
import { createViewerAccess } from "./access/viewer-access.ts";

/** Deleted rows stay this long, so that decisions about them can still be explained. */
const deletedRowMs = 30 * 24 * 3_600_000;

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
    const { db, now, client, call: newCall, secret, log } = host;
    const key = await secret("unlock");
    const access = createViewerAccess({ relations: client(relation), call: newCall, log, now, key });
    const { requireVisible, requireOwn } = access;
    const publications = createPublication(host);
    const policy = createPostingPolicy(host);
    const ownFiles = createOwnMedia(host);
    const schedule = createPublicationSchedule(host, publications);
    const fetches = createMediaFetches(host, { ...publications, ownMedia: ownFiles.film });
    const note = createVideoAudit(host);
    const requireUser = createUserCheck(host);
    const create = createVideoCreation(host, { ...publications, ownFiles, policy, schedule, fetches });
    const removal = createVideoRemoval(host, { ...publications, requireVisible, requireOwn, note });
    const update = createVideoUpdate(host, {
      ...publications,
      requireVisible,
      requireOwn,
      ownFiles,
      policy,
      schedule,
      note,
    });
    const items = createPlaylistItems(host, {
      ...access,
      requireVideo: async (id, call) => requireVisible(await store.byId(db, id), call, call),
    });

    return {
      handlers: joinHandlers(
        update,
        createChangesOfMany({ ...update, ...items, ...removal, requirePlaylist: createPlaylistAccess({ db }).own }),
        createMediaReplacement(host, { ...publications, requireVisible, requireOwn, ownFiles }),
        removal.handlers,
        createBackdate(host, publications),
        createPasswordUnlock(host, { requireVisible, key }),
        createVideoLookup(host, access),
        createVideoLists(host, { ...access, requireUser }),
        createPlaylists(host, { ...access, requireUser, policy }),
        items,
        createPublicFiles(host),
        createStatistics(host, access),
        createCatalogue(host),
        handlersOf(video, {
          create,
          post: (input, call) => create({ ...input, draft: false }, call),
          growth: ({ sinceDay }) => growthStore.growth(db, sinceDay),
        }),
      ),

      subscriptions: [...mediaSubscriptions(publications), ...removal.subscriptions],

      jobs: [fetches.job, schedule.job],

      verify: () => inconsistencies(db, schedule),

      schedules: [
        {
          name: "video.forget",
          pattern: "41 3 * * *",
          run: async () => void (await db.tx((tx) => store.purgeDeleted(tx, now() - deletedRowMs))),
        },
      ],
    };
  },
  projections: projectionsOf,
});
