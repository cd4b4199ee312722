import { type Id, joinHandlers, type Schedule } from "#kernel";
import type { LiveEvent } from "#media/live/events";
import type { Room, RoomBasis } from "../room/room.ts";
import { createRoomRemoval } from "../room/rooms/removal.ts";
import { createStreamArrival } from "../room/rooms/stream-arrival.ts";
import { createRoomTakeDown } from "../room/rooms/take-down.ts";
import type { LiveHost } from "../settings.ts";
import { createClips } from "./clips/clips.ts";
import { createGuestStreams } from "./guests/guest-streams.ts";
import { createRoomGuests } from "./guests/guests.ts";
import { createRoomsAndGuests } from "./guests/rooms-and-guests.ts";
import { createIngestAdmissions, type IngestAdmissions } from "./ingest/admission.ts";
import { Attendance } from "./ingest/attendance.ts";
import { createIngestRefusals, type IngestRefusals } from "./ingest/refusals.ts";
import { createRtmpServer } from "./ingest/rtmp-server.ts";
import { createRoomLifecycle } from "./room-lifecycle.ts";
import { createRecordingHistory } from "./recording/history.ts";
import { createRecordingPublication } from "./recording/publication.ts";
import { createRecordedChat } from "./recording/recorded-chat.ts";
import { Recorders } from "./recording/recorders.ts";
import type { Renditions } from "./renditions/renditions.ts";
import { createLiveTools, createRungs } from "./renditions/rungs.ts";
import { createMediaStream } from "./streams/media-stream.ts";
import { measureStreams } from "./streams/metrics.ts";
import { createStreamPictures } from "./streams/pictures.ts";
import { Streams } from "./streams/streams.ts";
import { createStreamHealth } from "./watch/health.ts";
import type { Playback } from "./watch/playback.ts";
import { createRoomWatch } from "./watch/room-watch.ts";
import { Peers } from "./webrtc/peers.ts";
import { createWebrtc } from "./webrtc/webrtc.ts";

interface Parts extends RoomBasis, Room {
  readonly playback: Playback;
}

/**
 * The sending side of live rooms: publishers, streams, recordings, clips and guests. Only `room-lifecycle.ts` ends a room:
 * for its owner, for a moderator, and after the grace of a publisher that stays away.
 */
export async function startStage(host: LiveHost, parts: Parts) {
  const [recorders, refusals, tools, peers] = [
    new Recorders(host),
    createIngestRefusals(host),
    createLiveTools(host),
    new Peers(host),
  ];
  const streams = createStreams(host, { ...parts, recorders, refusals, rungs: createRungs(host, tools) });
  const watch = createRoomWatch(host, { streams, recorders, fanout: parts.fanout });
  parts.signals.changed.subscribe(watch.changed);
  const admissions = createIngestAdmissions(host, streams, refusals);
  const rtmp = await createRtmpServer(host, { streams, admissions, refusals });
  measureStreams(host, streams);
  const stage = { ...parts, streams, recorders, refusals, peers, admissions };
  const published = startPublished(host, stage);
  const clips = createClips(host, parts);
  return {
    ...published,
    jobs: [...published.jobs, clips.job],
    handlers: joinHandlers(
      published.handlers,
      clips.handlers,
      createMediaStream(host, streams),
      createStreamPictures(host, streams, tools),
      createRecordingHistory(host),
      createRecordedChat(host),
      createStreamHealth(host, streams, stage),
    ),
    /** Before the messages of rooms stop. */
    stopWatch: () => watch.stop(),
    async stop(): Promise<void> {
      await rtmp?.close();
      peers.closeAll();
      streams.endAll();
      await recorders.idle();
      await published.stop();
    },
  };
}

interface StreamParts extends Pick<RoomBasis, "signals"> {
  readonly recorders: Recorders;
  readonly refusals: IngestRefusals;
  readonly rungs: (emit: (event: LiveEvent) => void, isGuest: boolean) => Renditions;
}

const createStreams = ({ now, settings }: LiveHost, { signals, recorders, refusals, rungs }: StreamParts): Streams =>
  new Streams({
    rungs,
    now,
    monotonicMs: () => performance.now(),
    partMs: settings.partMs,
    bitrateMaxBps: settings.bitrateMaxBps,
    attended: (liveId, isAttended) => void signals.attended.emit(liveId, isAttended),
    refused: (liveId, reason, sentence) => refusals.write(liveId, reason, sentence),
    opened: (stream) => void recorders.recordStream(stream),
  });

interface Stage extends Parts {
  readonly streams: Streams;
  readonly recorders: Recorders;
  readonly peers: Peers;
  readonly admissions: IngestAdmissions;
}

/** The targets of publishers: rooms and the streams of guests. */
function startPublished(host: LiveHost, stage: Stage) {
  const { signals, playback, inRooms, streams, recorders } = stage;
  const publication = createRecordingPublication(host, recorders);
  const lifecycle = createRoomLifecycle(host, { ...stage, publishLater: publication.later });
  const { remove, removeOf } = createRoomRemoval(host, { ...stage, endIn: lifecycle.endIn });
  const guestStreams = createGuestStreams(host, { ...stage, ...inRooms });
  signals.restricted.subscribe(guestStreams.remove);
  const rooms = { ...lifecycle, ...createStreamArrival(host, stage), requireOwnRoom: stage.requireOwnRoom };
  const published = createRoomsAndGuests(rooms, guestStreams);
  const attendance = new Attendance(host, { ...published, streams });
  signals.attended.subscribe((liveId, isAttended) => attendance.setAttended(liveId, isAttended));
  const takeDown = createRoomTakeDown(host, { ...stage, end: published.end });
  const mayWatch = playback.handlers.playback;
  const schedules: Schedule[] = [
    { name: "live.abandoned", pattern: "* * * * *", run: () => attendance.endAbandoned() },
    { name: "live.too_long", pattern: "* * * * *", run: () => attendance.endTooLong() },
  ];
  return {
    handlers: joinHandlers(
      lifecycle.handlers,
      playback.handlers,
      { remove },
      createRoomGuests(host, { ...stage, ...inRooms, guestStreams }),
      {
        async releaseStream({ id }: { id: Id }) {
          streams.release(id);
          await recorders.waitForEnd(id);
          await attendance.waitForChanges();
          return {};
        },
      },
      createWebrtc(host, { ...stage, ...published, mayWatch }),
    ),
    removeOf,
    subscriptions: takeDown.subscriptions,
    jobs: [publication.job, takeDown.job],
    schedules,
    stop: () => attendance.stop(),
  };
}
