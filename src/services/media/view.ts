import type { z } from "zod";
import type { Media, Playable } from "./contract.ts";
import { pictureMime } from "./pictures.ts";
import type * as store from "./store.ts";

type Renditions = Awaited<ReturnType<typeof store.renditions>>;

const reasonOf = ({ status, error, message }: store.Row): Media["statusReason"] =>
  status === "failed" && error !== null ? { error, message: message ?? "" } : null;

/** What its owner sees of a media object. */
export function shown(row: store.Row, renditions: Renditions): Media {
  const { id, userId, kind, sizeBytes, sha256, width, height, durationMs, purpose, status, createdAtMs } = row;
  return {
    id,
    userId,
    kind,
    mime: kind === "image" ? pictureMime : row.mime,
    sizeBytes,
    sha256,
    width,
    height,
    durationMs,
    purpose,
    hasCover: row.coverKey !== null,
    status,
    statusReason: reasonOf(row),
    renditions: renditions.map((r) => ({
      profile: r.profile,
      width: r.width,
      height: r.height,
      bitrate: r.bitrateBps,
    })),
    createdAtMs,
  };
}

/** What a video says of the media object behind it. */
export const brief = (row: store.Row) => {
  const { id, userId, kind, status, width, height, durationMs, sizeBytes } = row;
  return { id, userId, kind, status, statusReason: reasonOf(row), width, height, durationMs, sizeBytes };
};

/** Where everything that plays lies. */
export function playableOf(row: store.Row, renditions: Renditions): z.input<typeof Playable> {
  const {
    id: mediaId,
    userId,
    kind,
    status,
    durationMs,
    audioKey,
    audioBytes,
    audioIndexKey,
    coverKey,
    coverBytes,
    pictureKey,
    pictureBytes,
  } = row;
  const { sourceKey: key, mime, name, sizeBytes } = row;
  const hasAudio = audioKey !== null && audioBytes !== null && audioIndexKey !== null;
  return {
    mediaId,
    userId,
    kind,
    status,
    durationMs,
    renditions,
    audio: hasAudio ? { kind: "audio", key: audioKey, sizeBytes: audioBytes, indexKey: audioIndexKey } : null,
    cover: coverKey !== null && coverBytes !== null ? { key: coverKey, sizeBytes: coverBytes } : null,
    picture:
      pictureKey !== null && pictureBytes !== null
        ? { key: pictureKey, sizeBytes: pictureBytes, mime: pictureMime }
        : null,
    source: { key, mime, name, sizeBytes },
  };
}
