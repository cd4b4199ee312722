import { userErased } from "#events/auth";
import { gateChanged } from "#events/gate";
import { contentFlagged } from "#events/moderation";
import {
  metadataCreated,
  metadataDeleted,
  metadataUpdated,
  playlistDeleted,
  playlistUpdated,
  videoDeleted,
  videoMediaReleased,
  videoMediaReplaced,
  videoPublished,
  videoUpdated,
} from "#events/video";
import { audited, type Host, plugin, handlersOf, joinHandlers } from "#kernel";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import { upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import { deletedUsers } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { blocklist } from "#policy/copies/blocklist";
import { createGateCheck } from "#policy/gates/check";
import { clubLevels } from "#policy/gates/club-levels";
import { createGateFacts } from "#policy/gates/facts";
import { gateGrants } from "#policy/gates/grants";
import { createThingAccess } from "#policy/gates/thing-access";
import { createListHandlers } from "./lists/handlers.ts";
import { createPlaylistAccess } from "./playlists/playlist-access.ts";
import { createPlaylistHandlers } from "./playlists/handlers.ts";
import { createPublicationHandlers } from "./publication/handlers.ts";
import { video } from "./contract.ts";
import { projectionsOf } from "./projections.ts";
import * as growthStore from "./growth-store.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { createPublicFiles } from "./media/public-files.ts";
import { createPostingPolicy } from "./posting-policy.ts";
import * as store from "./store.ts";
import { createStatistics } from "./statistics.ts";
import { createUserCheck } from "./access/user-check.ts";
import { inconsistencies } from "./consistency.ts";
import { createPasswordUnlock } from "./access/unlock.ts";
import { createVideoGate } from "./access/gate.ts";
import { createViewerAccess } from "./access/viewer-access.ts";

/** Deleted rows stay this long, so that decisions about them can still be explained. */
const deletedRowMs = 30 * 24 * 3_600_000;

export const videoPlugin = plugin({
  contract: video,
  needs: [auth, user, media, relation, upload],
  migrations,
  partitionKeys,
  copies: [deletedUsers, mutes, blocklist, gateGrants, clubLevels],
  events: [
    audited,
    contentFlagged,
    gateChanged,
    userErased,
    videoPublished,
    videoUpdated,
    videoMediaReplaced,
    videoMediaReleased,
    videoDeleted,
    metadataCreated,
    metadataUpdated,
    metadataDeleted,
    playlistUpdated,
    playlistDeleted,
  ],
  keys: ["unlock"],
  async start(host: Host<store.Tables>) {
    const { db, now, client, call: newCall, log } = host;
    const key = host.key("unlock");
    const relations = client(relation);
    const thingsOf = (kind: "video" | "playlist") => {
      const facts = createGateFacts({ db, kind, relations, wallets: client(auth), call: newCall, log, now });
      return createThingAccess({ facts, key, now });
    };
    const things = thingsOf("video");
    const playlistAccess = createPlaylistAccess(host, { things: thingsOf("playlist") });
    const checkGate = createGateCheck({ wallets: client(auth), call: newCall });
    const access = createViewerAccess({ relations, call: newCall, log, things });
    const requireUser = createUserCheck(host);
    const policy = createPostingPolicy(host);
    const playlists = createPlaylistHandlers(host, {
      ...access,
      playlistAccess,
      checkGate,
      key,
      requireUser,
      policy,
    });
    const publication = createPublicationHandlers(host, { ...access, ...playlists, playlistAccess, checkGate, policy });

    return {
      handlers: joinHandlers(
        publication.handlers,
        playlists,
        createListHandlers(host, { ...access, requireUser }),
        createPasswordUnlock(host, { ...access, key }),
        createVideoGate(host, access),
        createPublicFiles(host),
        createStatistics(host, access),
        handlersOf(video, { growth: ({ sinceDay }) => growthStore.growth(db, sinceDay) }),
      ),

      subscriptions: publication.subscriptions,

      jobs: publication.jobs,

      verify: () => inconsistencies(db, publication.schedule),

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
