import type { Call } from "#kernel";
import { chaptersOfVideo } from "../details/chapters.ts";
import type { Video } from "../contract.ts";
import { failed, processing, type Row, takenDown } from "../store.ts";
import { hashtagsOf } from "../details/tags.ts";

/** A video as the caller sees it. Pure. */
export function presentVideo(row: Row, { userId }: Pick<Call, "userId">, isGranted = false): Video {
  const isMine = row.userId === userId;
  const { nextMediaId, nextState } = row;
  return {
    id: row.id,
    userId: row.userId,
    mediaId: row.mediaId,
    title: row.title,
    description: row.description,
    coverUrl: row.coverUrl,
    coverMediaId: row.coverMediaId,
    categoryId: row.categoryId,
    tags: row.tags,
    hashtags: hashtagsOf(row),
    visibility: row.visibility,
    generation: row.generation,
    status: row.status,
    isDraft: row.isDraft,
    allowComment: row.allowComment,
    allowDownload: row.allowDownload,
    createdAtMs: row.createdAtMs,
    publishedAtMs: row.publishedAtMs,
    width: row.width,
    height: row.height,
    durationMs: row.durationMs,
    sizeBytes: row.sizeBytes,
    hasCover: row.hasCover,
    statusReason:
      row.status === failed || row.status === processing
        ? reason(row.error, row.message)
        : row.status === takenDown
          ? { error: "video.taken_down", message: row.removedReason ?? "" }
          : null,
    isPublic: row.visibility === "public",
    isMine,
    isGranted,
    ...(isMine && row.gate && { gate: row.gate, teaser: row.teaser }),
    publishAtMs: isMine ? row.publishAtMs : null,
    chapters: chaptersOfVideo(row),
    replacement:
      isMine && nextMediaId !== null
        ? {
            mediaId: nextMediaId,
            status: nextState === "failed" ? "failed" : "processing",
            statusReason: nextState === "failed" ? reason(row.nextError, row.nextMessage) : null,
          }
        : null,
  };
}

const reason = (error: string | null, message: string | null): Video["statusReason"] =>
  error === null ? null : { error, message: message ?? "" };
