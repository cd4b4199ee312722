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
import { videoLists } from "./lists/lists.ts";
import { video } from "./contract.ts";
import { videoCreation } from "./publication/creation.ts";
import { projectionsOf } from "./projections.ts";
import * as growthStore from "./growth-store.ts";
import { mediaFetches } from "./publication/fetch.ts";
import { migrations } from "./migrations.ts";
import { ownMedia } from "./media/own-media.ts";
import { publicFiles } from "./media/public-files.ts";
import { publicationSchedule } from "./publication/schedule.ts";
import { playlistAccess } from "./playlists/playlist-access.ts";
import { playlistItems } from "./playlists/playlist-items.ts";
import { playlists } from "./playlists/playlists.ts";
import { changesOfMany } from "./publication/many.ts";
import { importedPast } from "./publication/imported-past.ts";
import { videoRemoval } from "./publication/removal.ts";
import { mediaSubscriptions, mediaReplacement } from "./publication/replacement.ts";
import { publication } from "./publication/publication.ts";
import { postingPolicy } from "./posting-policy.ts";
import * as store from "./store.ts";
import { statistics } from "./statistics.ts";
import { catalogue } from "./lists/catalogue.ts";
import { videoAudit } from "./publication/audit.ts";
import { userCheck } from "./access/user-check.ts";
import { inconsistencies } from "./consistency.ts";
import { passwordUnlock } from "./access/unlock.ts";
import { videoUpdate } from "./publication/update.ts";
import { videoLookup } from "./lists/lookup.ts";
import { viewerAccess } from "./access/viewer-access.ts";

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
    const access = viewerAccess({ relations: client(relation), call: newCall, log, now, key });
    const { requireVisible, requireOwn } = access;
    const publications = publication(host);
    const policy = postingPolicy(host);
    const ownFiles = ownMedia(host);
    const schedule = publicationSchedule(host, publications);
    const fetches = mediaFetches(host, { ...publications, ownMedia: ownFiles.film });
    const note = videoAudit(host);
    const requireUser = userCheck(host);
    const create = videoCreation(host, { ...publications, ownFiles, policy, schedule, fetches });
    const removal = videoRemoval(host, { ...publications, requireVisible, requireOwn, note });
    const update = videoUpdate(host, { ...publications, requireVisible, requireOwn, ownFiles, policy, schedule, note });
    const items = playlistItems(host, {
      ...access,
      requireVideo: async (id, call) => requireVisible(await store.byId(db, id), call, call),
    });

    return {
      handlers: joinHandlers(
        update,
        changesOfMany({ ...update, ...items, ...removal, requirePlaylist: playlistAccess({ db }).own }),
        mediaReplacement(host, { ...publications, requireVisible, requireOwn, ownFiles }),
        removal.handlers,
        importedPast(host, publications),
        passwordUnlock(host, { requireVisible, key }),
        videoLookup(host, access),
        videoLists(host, { ...access, requireUser }),
        playlists(host, { ...access, requireUser, policy }),
        items,
        publicFiles(host),
        statistics(host, access),
        catalogue(host),
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
