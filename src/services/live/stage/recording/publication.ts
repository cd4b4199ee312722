import { liveRecorded } from "#events/live";
import { type Call, type Id, job, type Tx, type JobKind } from "#kernel";
import { upload } from "#services/upload/contract";
import { hasOpen as hasOpenClips } from "./clip-store.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { readHeader } from "./header.ts";
import type { Recorders } from "./recorders.ts";
import { leaseUpload } from "./recording-file.ts";
import * as store from "./recording-store.ts";
import { createRoomVideo, mediaOfSegments } from "./recorded-video.ts";

/** Shorter ones are an accident. */
const segmentsMin = 1;
const clipWaitMs = 2_000;

/**
 * Makes videos of the recordings of a room that has ended. Each step is done once however often it is tried: the upload
 * has one file, the file one media object, and the video the key of the recording.
 */
export interface RecordingPublication {
  /** In the transaction that ends a room. */
  readonly later: (tx: Tx<Tables>, liveId: Id) => Promise<number>;
  readonly job: JobKind;
}

export function createRecordingPublication(
  host: LiveHost,
  recorders: Pick<Recorders, "waitForEnd">,
): RecordingPublication {
  const { db, client, jobs, emit } = host;

  async function publish(recording: store.Recording, place: number): Promise<void> {
    const { id, liveId, ownerId, uploadId } = recording;
    const call = (parts: Partial<Call> = {}) => host.call({ userId: ownerId, role: "user", waitMs: 60_000, ...parts });
    const segments = await store.segmentsOf(db, id);
    if (segments.length < segmentsMin) {
      await db.tx((tx) => store.fail(tx, id, "empty"));
      return;
    }
    const { fence, session } = await leaseUpload(host, uploadId, call);
    await client(upload).advance(
      { id: uploadId, fence, pieces: [], receivedBytes: session.receivedBytes, isLast: true },
      call(),
    );
    if (session.sizeBytes === null)
      await client(upload).announce({ id: uploadId, sizeBytes: session.receivedBytes }, call());
    const isKnown = recording.sha256 !== null && recording.sizeBytes === session.receivedBytes;
    const sha256 = isKnown ? (recording.sha256 ?? undefined) : undefined;
    const init = readHeader(recording.header);
    const { mediaId, timeline } = await mediaOfSegments(host, { uploadId, sha256, init, segments }, call);
    const room = await rooms.byId(db, liveId);
    const title = room?.title ?? "Live";
    const fields = { title: place === 0 ? title : `${title} (${place + 1})`, mediaId };
    const created = await createRoomVideo(host, fields, room, call({ idempotencyKey: `live-recording-${id}` }));
    await db.tx(async (tx) => {
      await store.publish(tx, id, created.id, timeline);
      await store.forgetSegments(tx, id);
      await rooms.setVideo(tx, liveId, created.id);
      await emit(tx, liveRecorded, liveId, { liveId, ownerId, videoId: created.id });
    });
  }

  return {
    later: (tx: Tx<Tables>, liveId: Id) =>
      jobs.add(tx, "publish-recordings", { payload: { liveId }, uniqueKey: String(liveId) }),

    job: job<{ liveId: Id }>({
      kind: "publish-recordings",
      concurrency: 2,
      attemptsMax: 8,
      leaseMs: 60_000,
      async run(running) {
        const { liveId } = running.payload;
        await recorders.waitForEnd(liveId);
        // The pieces that a clip is made of become one file.
        if (await hasOpenClips(db, liveId)) return running.putOff(clipWaitMs, "a clip is being made");
        const all = await store.ofRoom(db, liveId);
        for (const [place, recording] of all.entries()) if (recording.state === "open") await publish(recording, place);
      },
    }),
  };
}
