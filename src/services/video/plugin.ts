import { audited, type Host, plugin } from "#kernel";
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
import { playlistItems } from "./playlists/playlist-items.ts";
import { playlists } from "./playlists/playlists.ts";
import { removing } from "./publication/removal.ts";
import { ofMedia, replacing } from "./publication/replacement.ts";
import { showing } from "./publication/publication.ts";
import { speakingOf } from "./publication/posting-policy.ts";
import * as store from "./store.ts";
import { statistics } from "./details/statistics.ts";
import { catalogue } from "./lists/catalogue.ts";
import { videoAudit } from "./publication/audit.ts";
import { userCheck } from "./access/user-check.ts";
import { inconsistencies } from "./consistency.ts";
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
    const { db, now, client, call: newCall, secret, log } = host;
    const key = await secret("unlock");
    const sight = watching({ relations: client(relation), call: newCall, log, now, key });
    const { seen, mine } = sight;
    const shows = showing(host);
    const speaking = speakingOf(host);
    const own = ownMedia(host);
    const planned = planning(host, shows);
    const fetches = fetching(host, { ...shows, ownMedia: own.film });

    const note = videoAudit(host);
    const requireUser = userCheck(host);
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
        ...browsing(host, { ...sight, requireUser }),
        ...playlists(host, { ...sight, requireUser, speaking }),
        ...playlistItems(host, {
          ...sight,
          requireVideo: async (id, call) => seen(await store.byId(db, id), call, call),
        }),
        ...statistics(host, sight),
        ...catalogue(host),
      },

      subscriptions: [...ofMedia(shows), ...removal.subscriptions],

      jobs: [fetches.job, planned.job],

      verify: () => inconsistencies(db, planned),

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
