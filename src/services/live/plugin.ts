import { userErased } from "#events/auth";
import { contentFlagged } from "#events/moderation";
import { gateChanged, gateGranted, gateRevoked } from "#events/gate";
import {
  clubLevelChanged,
  giftSent,
  liveCreated,
  liveDeleted,
  liveEnded,
  liveRecorded,
  liveStarted,
  liveUpdated,
  userJoined,
  userLeft,
} from "#events/live";
import { audited, type Id, joinHandlers, plugin, type Subscription, type Tx } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { deletedUsers, erase } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { createGateCheck } from "#policy/gates/check";
import { clubLevels } from "#policy/gates/club-levels";
import { gateGrants } from "#policy/gates/grants";
import { auth } from "#services/auth/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import { createActivity } from "./activity/activity.ts";
import { startCoins } from "./coins/coins.ts";
import { createFanLevels } from "./coins/fan-clubs/fan-clubs.ts";
import { giftTexts } from "./coins/gifts/gift-texts.ts";
import { live } from "./contract.ts";
import { migrations, partitionKeys } from "./migrations.ts";
import { projectionsOf } from "./projections.ts";
import { forgetUser } from "./room/log/message-store.ts";
import { createRoomBasis, startRoom } from "./room/room.ts";
import { RoomSignals } from "./room/room-signals.ts";
import { type LiveHost, Settings } from "./settings.ts";
import { forgetGuest } from "./stage/guests/guest-store.ts";
import { deleteOf as deleteRecordings } from "./stage/recording/recording-store.ts";
import { startStage } from "./stage/stage.ts";
import { createPlayback } from "./stage/watch/playback.ts";
import type { Tables } from "./store.ts";

export const livePlugin = plugin({
  contract: live,
  needs: [auth, video, user, relation, media, upload],
  migrations,
  partitionKeys,
  copies: [deletedUsers, mutes, blocklist, gateGrants, clubLevels],
  events: [
    audited,
    gateChanged,
    gateGranted,
    gateRevoked,
    clubLevelChanged,
    contentFlagged,
    userErased,
    liveCreated,
    liveUpdated,
    liveStarted,
    liveEnded,
    liveRecorded,
    liveDeleted,
    userJoined,
    userLeft,
    giftSent,
  ],
  keys: ["unlock", "playback"],
  settings: Settings,
  async start(host: LiveHost) {
    const key = host.key("unlock");
    const basis = createRoomBasis(host, key, new RoomSignals());
    const playback = createPlayback(host, { access: basis.access, key: host.key("playback") });
    const { addressesFor } = playback;
    const checkGate = createGateCheck({ wallets: host.client(auth), call: host.call });
    const fanLevelOf = createFanLevels(host);
    const { room, ...rooms } = startRoom(host, { ...basis, key, addressesFor, fanLevelOf, giftTexts, checkGate });
    const stage = await startStage(host, { ...basis, ...room, playback });
    const coins = startCoins(host, { ...basis, ...room.inRooms });

    return {
      handlers: joinHandlers(rooms.handlers, stage.handlers, coins.handlers, createActivity(host)),
      subscriptions: [
        ...coins.subscriptions,
        ...stage.subscriptions,
        eraseUser(host, [stage.removeOf, forgetGuest, forgetUser, deleteRecordings, (tx, id) => coins.eraseIn(tx, id)]),
      ],
      jobs: stage.jobs,
      schedules: [...coins.schedules, ...rooms.schedules, ...stage.schedules],
      verify: coins.verify,
      async stop() {
        stage.stopWatch();
        coins.stop();
        await rooms.stop();
        await stage.stop();
      },
    };
  },
  projections: projectionsOf,
});

/** Deletes what the service has of a deleted user, in one transaction. */
const eraseUser = (
  { emit }: LiveHost,
  parts: readonly ((tx: Tx<Tables>, userId: Id) => Promise<unknown>)[],
): Subscription<Tables> =>
  erase("live", emit, async (tx: Tx<Tables>, { userId }) => {
    for (const part of parts) await part(tx, userId);
  });
