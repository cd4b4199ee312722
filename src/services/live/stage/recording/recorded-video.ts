import { type Call, type Client, type Id, KinoraError } from "#kernel";
import type { InitEvent } from "#media/live/events";
import { recordedIndex, type RecordedSegment } from "#media/live/recording/recording-layout";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { type Video, video } from "#services/video/contract";
import type { Row } from "../../room/rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import { durationOf, type Stretch, timelineOf } from "./timeline.ts";

/** A file of segments whose bytes are all in its upload. */
interface SegmentFile {
  readonly uploadId: Id;
  /** The hash of all its bytes, if it is known. */
  readonly sha256: string | undefined;
  readonly init: InitEvent;
  readonly segments: readonly RecordedSegment[];
}

/** The media object of a file of segments, which plays by them. However often it is asked for, there is one. */
export async function mediaOfSegments(
  { client }: Pick<LiveHost, "client">,
  { uploadId, sha256, init, segments }: SegmentFile,
  call: () => Call,
): Promise<{ mediaId: Id; timeline: Stretch[] }> {
  const file = await client(upload).finish(
    { id: uploadId, ...(sha256 !== undefined && { known: { sha256 } }) },
    call(),
  );
  const tracks = init.tracks.flatMap(({ track, kind }) => {
    const index = recordedIndex(init, track, segments, file.sizeBytes);
    return index ? [{ kind, index: Buffer.from(JSON.stringify(index)) }] : [];
  });
  const timeline = timelineOf(init, segments);
  const { id } = await client(media).record({ fileId: file.id, tracks, durationMs: durationOf(timeline) }, call());
  return { mediaId: id, timeline };
}

/** The fields of a video that come from its room, which may have been deleted since. Pure. */
export function videoFieldsOf(room: Row | undefined) {
  const visibility = visibilityOf(room);
  return {
    description: room?.description ?? "",
    ...(room?.categoryId != null && { categoryId: room.categoryId }),
    visibility,
    ...(visibility === "gated" && room?.gate && { gate: room.gate, teaser: room.teaser }),
  };
}

function visibilityOf(room: Row | undefined): Row["visibility"] {
  // A password is known as a hash alone, so the video cannot have it.
  return room === undefined || room.isRemoved || room.passwordHash !== null ? "private" : room.visibility;
}

type Creation = Parameters<Client<typeof video>["create"]>[0];

/**
 * Makes the video of a file of a room. It is private where its gate names a chain that the operator has removed: the
 * recording is worth more than the gate, which its owner can set again.
 */
export async function createRoomVideo(
  { client, log }: Pick<LiveHost, "client" | "log">,
  input: Creation,
  room: Row | undefined,
  call: Call,
): Promise<Video> {
  const { gate, teaser, ...fields } = videoFieldsOf(room);
  const { create } = client(video);
  if (gate === undefined) return create({ ...input, ...fields }, call);
  return create({ ...input, ...fields, gate, teaser }, call).catch((error: unknown) => {
    if (!(error instanceof KinoraError) || error.kind !== "invalid") throw error;
    log.warn("a recording is private, as its gate is not valid any more", { liveId: room?.id, err: error });
    return create({ ...input, ...fields, visibility: "private" }, call);
  });
}
