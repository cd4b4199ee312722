import { mediaReady } from "#events/media";
import type { Call, Handlers, Host } from "#kernel";
import type { TrackIndex } from "#media/mp4/indexer";
import { type media, MediaNotFound, recordedProfile } from "../contract.ts";
import * as store from "../store.ts";
import { addOutputs } from "../transcoding/output-store.ts";
import type { MediaCreation } from "./creation.ts";
import { storeObject } from "../objects/stored-object.ts";

type RecordedHost = Pick<Host<store.Tables>, "db" | "blob" | "emit">;

/**
 * Media objects of recorded live streams. The file itself plays, track by track: it is a rendition from the beginning, until
 * the transcoder has made the first of its own.
 */
export const createRecordedMedia = (
  { db, blob, emit }: RecordedHost,
  { fileOf, create }: Pick<MediaCreation, "fileOf" | "create">,
): Pick<Handlers<typeof media>, "record"> => ({
  async record({ fileId, tracks, durationMs }, call: Call) {
    const file = await fileOf(fileId, call);
    if (!file || file.userId !== call.userId) throw MediaNotFound({});
    const { id } = await create(file, "video");
    const stored = await Promise.all(
      tracks.map(async ({ kind, index }) => ({
        kind,
        index: JSON.parse(Buffer.from(index).toString()) as TrackIndex, // By the packager that wrote the file.
        track: { kind, key: file.key, sizeBytes: file.sizeBytes, indexKey: (await storeObject(blob, index)).key },
      })),
    );
    const video = stored.find(({ kind }) => kind === "video");
    const audio = stored.find(({ kind }) => kind === "audio");
    await db.tx(async (tx) => {
      const row = await store.lock(tx, id);
      // The transcoder may have been faster, or this is asked for again.
      if (row?.status !== "processing") return;
      const { width = 0, height = 0, averageBps: bitrateBps = 0, samples = 0 } = video?.index ?? {};
      const fps = durationMs > 0 ? (samples * 1_000) / durationMs : 0;
      const size = { width, height, fps };
      const kind = video ? ("video" as const) : ("audio" as const);
      await addOutputs(tx, id, {
        ...size,
        kind,
        durationMs,
        chapters: [],
        notices: [],
        renditions: video ? [{ profile: recordedProfile, ...size, bitrateBps, video: video.track }] : [],
        audio: audio ? { ...audio.track, language: null, label: "" } : null,
        otherSounds: [],
        cover: null,
      });
      const { userId, sizeBytes } = row;
      const facts = { kind, width, height, durationMs, fps, chapters: [] };
      await emit(tx, mediaReady, id, { mediaId: id, userId, sizeBytes, hasCover: false, ...facts });
    });
    return { id };
  },
});
