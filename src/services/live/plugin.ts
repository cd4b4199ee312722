import { userErased } from "#events/auth";
import { contentFlagged } from "#events/moderation";
import { giftSent, liveCreated, liveDeleted, liveEnded, liveRecorded, liveStarted, liveUpdated } from "#events/live";
import { audited, type Id, plugin, type Subscription, type Tx, joinHandlers } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { deletedUsers, erase } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import { createClips } from "./stage/clips/clips.ts";
import { forgetUser } from "./room/log/message-store.ts";
import { createRecordedChat } from "./stage/recording/recorded-chat.ts";
import { Attendance } from "./stage/ingest/attendance.ts";
import { createIngestAdmissions } from "./stage/ingest/admission.ts";
import { createIngestRefusals } from "./stage/ingest/refusals.ts";
import { createRtmpServer } from "./stage/ingest/rtmp-server.ts";
import { createRecordingPublication } from "./stage/recording/publication.ts";
import { createRecordingHistory } from "./stage/recording/history.ts";
import { deleteOf as deleteRecordings } from "./stage/recording/recording-store.ts";
import { Recorders } from "./stage/recording/recorders.ts";
import { createCoins } from "./coins/coins.ts";
import { live } from "./contract.ts";
import { forgetGuest } from "./stage/guests/guest-store.ts";
import { createRoomsAndGuests } from "./stage/guests/rooms-and-guests.ts";
import { migrations } from "./migrations.ts";
import { projectionsOf } from "./projections.ts";
import { createLiveRealtime } from "./realtime.ts";
import { createLiveTools, rungsOf } from "./stage/renditions/rungs.ts";
import { createBanCheck } from "./room/moderation/bans.ts";
import { RoomStanding } from "./room/moderation/room-state.ts";
import { type TextGate, createTextGate } from "./room/moderation/text-gate.ts";
import { type RoomAccess, createRoomAccess } from "./room/rooms/access.ts";
import { createRoomCreation } from "./room/rooms/creation.ts";
import { createRoomLifecycle } from "./stage/lifecycle.ts";
import { createRoomLists } from "./room/rooms/lists.ts";
import { createRoomPolicy, type RoomPolicy } from "./room/rooms/posting-policy.ts";
import { createRoomRemoval } from "./room/rooms/removal.ts";
import { createRoomEvents, type RoomEvents } from "./room/rooms/room-events.ts";
import type { Row } from "./room/rooms/room-store.ts";
import { createRooms } from "./room/rooms/rooms.ts";
import { createStreamArrival } from "./room/rooms/stream-arrival.ts";
import { createRoomTakeDown } from "./room/rooms/take-down.ts";
import { createStreamHealth } from "./stage/watch/health.ts";
import { createMediaStream } from "./stage/streams/media-stream.ts";
import { createStreamPictures } from "./stage/streams/pictures.ts";
import { createRoomWatch } from "./stage/watch/room-watch.ts";
import { measureStreams } from "./stage/streams/metrics.ts";
import { Streams } from "./stage/streams/streams.ts";
import { type LiveHost, Settings } from "./settings.ts";
import type { Tables } from "./store.ts";
import { Peers } from "./stage/webrtc/peers.ts";
import { createWebrtc } from "./stage/webrtc/webrtc.ts";

export const livePlugin = plugin({
  contract: live,
  needs: [video, user, relation, media, upload],
  migrations,
  copies: [deletedUsers, mutes, blocklist],
  events: [
    audited,
    contentFlagged,
    userErased,
    liveCreated,
    liveUpdated,
    liveStarted,
    liveEnded,
    liveRecorded,
    liveDeleted,
    giftSent,
  ],
  settings: Settings,
  async start(host: LiveHost) {
    const [key, playbackKey] = await Promise.all([host.secret("unlock"), host.secret("playback")]);
    const changed = (row: Row, isNewKey?: boolean) => roomChanged(row, isNewKey);
    const parts = { ...roomRules(host, key), changed };
    const { own, present, handlers } = createRooms(host, parts);
    const recorders = new Recorders(host);
    const publication = createRecordingPublication(host, recorders);
    const lifecycle = createRoomLifecycle(host, { ...parts, own, present, publishLater: publication.later });
    const { remove, removeOf } = createRoomRemoval(host, { ...parts, endIn: lifecycle.endIn });

    const startedRooms = { ...lifecycle, ...createStreamArrival(host, parts), own };
    const published = createRoomsAndGuests(startedRooms, () => realtime.guests);
    const takeDown = createRoomTakeDown(host, { ...parts, end: published.end });
    const attendance: Attendance = new Attendance(host, { ...published, streams: () => streams });
    const [tools, refusals] = [createLiveTools(host), createIngestRefusals(host)];
    const streams = new Streams({
      rungs: rungsOf(host, tools),
      now: host.now,
      monotonicMs: () => performance.now(),
      partMs: host.settings.partMs,
      bitrateMaxBps: host.settings.bitrateMaxBps,
      attended: (liveId, isAttended) => attendance.changed(liveId, isAttended),
      refused: (liveId, reason, sentence) => refusals.write(liveId, reason, sentence),
      opened: (stream) => void recorders.opened(stream),
    });
    const realtime = createLiveRealtime(host, { ...parts, present, own, playbackKey, streams: () => streams });
    const watch = createRoomWatch(host, { streams, recorders, fanout: realtime.fanout });
    const roomChanged = (row: Row, isNewKey?: boolean): void => {
      watch.changed(row, isNewKey);
      realtime.changed(row, isNewKey);
    };
    const admissions = createIngestAdmissions(host, streams, refusals);
    const rtmp = await createRtmpServer(host, { streams, admissions, refusals });
    const peers = new Peers(host);
    measureStreams(host, streams);
    const clips = createClips(host, { ...parts, own });
    const coin = createCoins(host, { ...parts, ...realtime.inRooms, signal: realtime.signal });

    return {
      handlers: joinHandlers(
        handlers,
        lifecycle.handlers,
        createRoomLists(host, { ...parts, present, key }),
        createMediaStream(host, streams),
        createWebrtc(host, { peers, streams, admissions, ...published, mayWatch: realtime.mayWatch }),
        createStreamPictures(host, streams, tools),
        createRecordingHistory(host),
        createRecordedChat(host),
        clips.handlers,
        createStreamHealth(host, streams, { own, refusals }),
        realtime.handlers,
        coin.handlers,
        { create: createRoomCreation(host, { ...parts, present }), remove },
      ),
      subscriptions: [
        ...coin.subscriptions,
        ...takeDown.subscriptions,
        eraseUser(host, [removeOf, forgetGuest, forgetUser, deleteRecordings, (tx, id) => coin.eraseIn(tx, id)]),
      ],
      jobs: [publication.job, clips.job, takeDown.job],
      schedules: [
        ...coin.schedules,
        ...realtime.schedules,
        { name: "live.abandoned", pattern: "* * * * *", run: () => attendance.endAbandoned() },
        { name: "live.too_long", pattern: "* * * * *", run: () => attendance.endTooLong() },
      ],
      verify: coin.verify,
      async stop() {
        watch.stop();
        coin.stop();
        await realtime.stop();
        await rtmp?.close();
        peers.closeAll();
        streams.endAll();
        await recorders.idle();
        await attendance.stop();
      },
    };
  },
  projections: projectionsOf,
});

interface RoomRules {
  readonly access: RoomAccess;
  readonly standing: RoomStanding;
  readonly gate: TextGate;
  readonly policy: RoomPolicy;
  readonly events: RoomEvents;
}

/** The right to see rooms and to write into them, and the texts that are accepted. */
function roomRules(host: LiveHost, key: string): RoomRules {
  const access = createRoomAccess(host, { key, requireNotBanned: createBanCheck(host) });
  const standing = new RoomStanding(host, access);
  const gate = createTextGate(host, standing);
  return { access, standing, gate, policy: createRoomPolicy(host), events: createRoomEvents(host) };
}

/** Deletes what the service has of a deleted user, in one transaction. */
const eraseUser = (
  { emit }: LiveHost,
  parts: readonly ((tx: Tx<Tables>, userId: Id) => Promise<unknown>)[],
): Subscription<Tables> =>
  erase("live", emit, async (tx: Tx<Tables>, { userId }) => {
    for (const part of parts) await part(tx, userId);
  });
