import { FileChapters } from "#events/media";
import { Loudness, Storyboard } from "#events/transcoder";
import type { z } from "zod";
import { gainOf } from "#media/extras/loudness";
import { notices } from "#media/notice";
import type { CaptionsRow } from "./captions/caption-store.ts";
import { type Media, type Playable, type Task } from "./contract.ts";
import { pictureMime } from "./objects/pictures.ts";
import type * as outputStore from "./transcoding/output-store.ts";
import type * as taskStore from "./transcoding/task-store.ts";
import type * as store from "./store.ts";

type Renditions = outputStore.RenditionOf[];

const reasonOf = ({
  status,
  error,
  message,
}: Pick<store.Row, "status" | "error" | "message">): Media["statusReason"] =>
  status === "failed" && error !== null ? { error, message: message ?? "" } : null;

const noticesOf = ({ notices: codes }: Pick<store.Row, "notices">): Media["notices"] =>
  Object.entries(notices).flatMap(([code, message]) => (codes.split(" ").includes(code) ? [{ code, message }] : []));

/** A media object as its owner sees it. */
export function presentMedia(row: store.Row, renditions: Renditions): Media {
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
    notices: noticesOf(row),
    renditions: renditions.map((r) => ({
      profile: r.profile,
      width: r.width,
      height: r.height,
      bitrate: r.bitrateBps,
    })),
    createdAtMs,
  };
}

/** A task as its owner sees it. An estimate that has passed was wrong, and the next one is not there yet. */
export function presentTask({ endsAtMs, ...task }: taskStore.TaskRow, nowMs: number): Task {
  const isEstimated = task.status === "running" && endsAtMs !== null && endsAtMs > nowMs;
  return { ...task, secondsLeft: isEstimated ? Math.max(1, Math.round((endsAtMs - nowMs) / 1_000)) : null };
}

/** The part of a media object that its videos show. */
export const presentBrief = ({ extras, error, message, loudness: loudnessJson, chapters, ...row }: store.BriefRow) => {
  const loudness = loudnessOf({ loudness: loudnessJson });
  return {
    ...row,
    statusReason: reasonOf({ status: row.status, error, message }),
    chapters: chapters === null ? [] : FileChapters.parse(JSON.parse(chapters)),
    gainDb: loudness ? gainOf(loudness) : 0,
    hasPreview: extras.includes("preview.avif"),
    hasWaveform: extras.includes("waveform.json"),
  };
};

/** `setExtras` stores them by these schemas. */
const loudnessOf = ({ loudness }: Pick<store.Row, "loudness">) =>
  loudness === null ? null : Loudness.parse(JSON.parse(loudness));
const storyboardOf = ({ storyboard }: store.Row) =>
  storyboard === null ? null : Storyboard.parse(JSON.parse(storyboard));

/** The addresses of all that plays. */
export function presentPlayable(
  row: store.Row,
  renditions: Renditions,
  files: outputStore.ExtraRow[],
  captions: readonly CaptionsRow[],
  otherSounds: z.output<typeof Playable>["otherSounds"],
  formerRenditions: Renditions,
): z.input<typeof Playable> {
  const {
    id: mediaId,
    userId,
    kind,
    status,
    durationMs,
    audioKey,
    audioBytes,
    audioIndexKey,
    audioLanguage: language,
    audioLabel: label,
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
    formerRenditions,
    audio: hasAudio
      ? { kind: "audio", key: audioKey, sizeBytes: audioBytes, indexKey: audioIndexKey, language, label }
      : null,
    otherSounds,
    captions: captions.map(({ cues: _, source: __, createdAtMs: ___, ...playable }) => playable),
    cover: coverKey !== null && coverBytes !== null ? { key: coverKey, sizeBytes: coverBytes } : null,
    extras: {
      files: files.map(({ mediaId: _, ...file }) => file),
      storyboard: storyboardOf(row),
      loudness: loudnessOf(row),
    },
    picture:
      pictureKey !== null && pictureBytes !== null
        ? { key: pictureKey, sizeBytes: pictureBytes, mime: pictureMime }
        : null,
    source: { key, mime, name, sizeBytes },
  };
}
