import { liveRecorded } from "#events/live";
import { type Call, type Id, job, KinoraError, type PageInput } from "#kernel";
import { UploadBusy, upload } from "#services/upload/contract";
import { type Video, video } from "#services/video/contract";
import { createRoomVideo, mediaOfSegments } from "../recording/recorded-video.ts";
import type { TextGate } from "../../room/moderation/text-gate.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import type { Rooms } from "../../room/rooms/rooms.ts";
import type { LiveHost } from "../../settings.ts";
import { writeClip } from "./clip-file.ts";
import { type ClipRequest, createClipRequests } from "./clip-request.ts";
import * as store from "../recording/clip-store.ts";

interface Parts extends Pick<Rooms, "requireOwnRoom"> {
  readonly gate: TextGate;
}

/**
 * Clips of live rooms: videos of the last segments that are stored of the recording, by whichever process is asked. A clip
 * is a row before it is a file, so that one whose process ends is finished by a job.
 */
export function createClips(host: LiveHost, { requireOwnRoom, gate }: Parts) {
  const { db, client, emit } = host;
  const begin = createClipRequests(host, gate);

  /** Makes the video of a clip. Each step is done once however often it is tried, also by two processes. */
  async function make(clip: store.Clip): Promise<Video> {
    const { id, liveId, ownerId, title } = clip;
    const call = (parts: Partial<Call> = {}) => host.call({ userId: ownerId, role: "user", waitMs: 60_000, ...parts });
    if (clip.videoId !== null) return client(video).get({ id: clip.videoId }, call());
    const { mediaId, timeline } = await mediaOfSegments(host, await writeClip(host, clip, call), call);
    const room = await rooms.byId(db, liveId);
    const fields = { title, mediaId, draft: true };
    const created = await createRoomVideo(host, fields, room, call({ idempotencyKey: `live-clip-${id}` }));
    return db.answer(async (tx) => {
      if (await store.publish(tx, id, created.id, timeline))
        await emit(tx, liveRecorded, liveId, { liveId, ownerId, videoId: created.id });
      return created;
    });
  }

  /** A clip that failed leaves nothing; one whose file is whole already is finished by its job. */
  async function giveUp({ id, ownerId }: store.Clip): Promise<void> {
    const uploadId = (await store.byId(db, id))?.uploadId ?? null;
    if (uploadId !== null) await client(upload).cancel({ id: uploadId }, host.call({ userId: ownerId, role: "user" }));
    await db.tx((tx) => store.remove(tx, id));
  }

  return {
    handlers: {
      async createClip(request: ClipRequest, call: Call): Promise<Video> {
        const clip = await begin(await requireOwnRoom(request.id, "change", call), request, call);
        try {
          return await make(clip);
        } catch (error) {
          const isElsewhere = error instanceof KinoraError && error.code === UploadBusy.code;
          if (!isElsewhere)
            await giveUp(clip).catch((reason: unknown) => {
              host.log.info("a clip is left to its job", { clipId: clip.id, err: reason });
            });
          throw error;
        }
      },

      async clips({ id, ...input }: PageInput & { id: Id }, call: Call) {
        await requireOwnRoom(id, "change", call);
        return store.ofRoom(db.read(call), id, input);
      },
    },

    job: job<{ clipId: Id }>({
      kind: "make-clip",
      concurrency: 2,
      attemptsMax: 4,
      leaseMs: 60_000,
      async run({ payload: { clipId } }) {
        const clip = await store.byId(db, clipId);
        if (clip?.videoId === null) await make(clip);
      },
      // The upload of the clip expires without further work.
      onGiveUp: async (tx, { payload: { clipId } }) => void (await store.remove(tx, clipId)),
    }),
  };
}
