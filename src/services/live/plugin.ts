import { userErased } from "#events/auth";
import { contentFlagged } from "#events/moderation";
import { giftSent, liveCreated, liveDeleted, liveEnded, liveRecorded, liveStarted, liveUpdated } from "#events/live";
import { audited, type Id, plugin, type Tx, joinHandlers } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { deletedUsers, erase } from "#policy/copies/deleted-users";
import { mutes } from "#policy/copies/mutes";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import { liveClips } from "./stage/clips/clips.ts";
import { forgetUser } from "./room/log/message-store.ts";
import { recordedChat } from "./stage/recording/recorded-chat.ts";
import { Attendance } from "./stage/ingest/attendance.ts";
import { ingestAdmission } from "./stage/ingest/admission.ts";
import { ingestRefusals } from "./stage/ingest/refusals.ts";
import { rtmpServer } from "./stage/ingest/rtmp-server.ts";
import { recordingPublication } from "./stage/recording/publication.ts";
import { recordingHistory } from "./stage/recording/history.ts";
import { deleteOf as deleteRecordings } from "./stage/recording/recording-store.ts";
import { Recorders } from "./stage/recording/recorders.ts";
import { coins } from "./coins/coins.ts";
import { live } from "./contract.ts";
import { forgetGuest } from "./stage/guests/guest-store.ts";
import { roomsAndGuests } from "./stage/guests/rooms-and-guests.ts";
import { migrations } from "./migrations.ts";
import { projectionsOf } from "./projections.ts";
import { liveRealtime } from "./realtime.ts";
import { liveTools, rungsOf } from "./stage/renditions/rungs.ts";
import { banCheck } from "./room/moderation/bans.ts";
import { RoomStanding } from "./room/moderation/room-state.ts";
import { type TextGate, textGate } from "./room/moderation/text-gate.ts";
import { type RoomAccess, roomAccess } from "./room/rooms/access.ts";
import { roomCreation } from "./room/rooms/creation.ts";
import { roomLifecycle } from "./stage/lifecycle.ts";
import { roomLists } from "./room/rooms/lists.ts";
import { roomPolicy } from "./room/rooms/posting-policy.ts";
import { roomRemoval } from "./room/rooms/removal.ts";
import { roomEvents } from "./room/rooms/room-events.ts";
import type { Row } from "./room/rooms/room-store.ts";
import { rooms } from "./room/rooms/rooms.ts";
import { streamArrival } from "./room/rooms/stream-arrival.ts";
import { roomTakeDown } from "./room/rooms/take-down.ts";
import { streamHealth } from "./stage/watch/health.ts";
import { mediaStream } from "./stage/streams/media-stream.ts";
import { streamPictures } from "./stage/streams/pictures.ts";
import { roomWatch } from "./stage/watch/room-watch.ts";
import { measureStreams } from "./stage/streams/metrics.ts";
import { Streams } from "./stage/streams/streams.ts";
import { type LiveHost, Settings } from "./settings.ts";
import type { Tables } from "./store.ts";
import { Peers } from "./stage/webrtc/peers.ts";
import { webrtc } from "./stage/webrtc/webrtc.ts";

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
    const access = roomAccess(host, { key, requireNotBanned: banCheck(host) });
    const changed = (row: Row, isNewKey?: boolean) => roomChanged(row, isNewKey);
    const parts = { access, ...roomTexts(host, access), policy: roomPolicy(host), events: roomEvents(host), changed };
    const { own, present, handlers } = rooms(host, parts);
    const recorders = new Recorders(host);
    const publication = recordingPublication(host, recorders);
    const lifecycle = roomLifecycle(host, { ...parts, own, present, publishLater: publication.later });
    const { remove, removeOf } = roomRemoval(host, { ...parts, endIn: lifecycle.endIn });

    const published = roomsAndGuests({ ...lifecycle, ...streamArrival(host, parts), own }, () => realtime.guests);
    const takeDown = roomTakeDown(host, { ...parts, end: published.end });
    const attendance: Attendance = new Attendance(host, { ...published, streams: () => streams });
    const [tools, refusals] = [liveTools(host), ingestRefusals(host)];
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
    const realtime = liveRealtime(host, { ...parts, present, own, playbackKey, streams: () => streams });
    const watch = roomWatch(host, { streams, recorders, fanout: realtime.fanout });
    const roomChanged = (row: Row, isNewKey?: boolean): void => {
      watch.changed(row, isNewKey);
      realtime.changed(row, isNewKey);
    };
    const admissions = ingestAdmission(host, streams, refusals);
    const rtmp = await rtmpServer(host, { streams, admissions, refusals });
    const peers = new Peers(host);
    measureStreams(host, streams);
    const clips = liveClips(host, { ...parts, own });
    const coin = coins(host, { ...parts, ...realtime.inRooms, signal: realtime.signal });

    return {
      handlers: joinHandlers(
        handlers,
        lifecycle.handlers,
        roomLists(host, { access, present, key }),
        mediaStream(host, streams),
        webrtc(host, { peers, streams, admissions, ...published, mayWatch: realtime.mayWatch }),
        streamPictures(host, streams, tools),
        recordingHistory(host),
        recordedChat(host),
        clips.handlers,
        streamHealth(host, streams, { own, refusals }),
        realtime.handlers,
        coin.handlers,
        { create: roomCreation(host, { ...parts, present }), remove },
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

/** The right to write into rooms, and the texts that are accepted. */
function roomTexts(host: LiveHost, access: RoomAccess): { readonly standing: RoomStanding; readonly gate: TextGate } {
  const standing = new RoomStanding(host, access);
  return { standing, gate: textGate(host, standing) };
}

/** Deletes what the service has of a deleted user, in one transaction. */
const eraseUser = (
  { emit }: LiveHost,
  parts: readonly ((tx: Tx<Tables>, userId: Id) => Promise<unknown>)[],
): ReturnType<typeof erase> =>
  erase("live", emit, async (tx: Tx<Tables>, { userId }) => {
    for (const part of parts) await part(tx, userId);
  });
