import { command, failure, Id, Instant, page, pageInput, query, SaidLine } from "#kernel";
import { WordsRefused } from "#policy/copies/blocklist";
import { Muted } from "#policy/copies/mutes";
import { QuotaExceeded, TooManyUploads, UploadBusy, UploadTooLarge } from "#services/upload/contract";
import { Video } from "#services/video/contract";
import { z } from "zod";
import { LiveEnded, LiveNotFound, NotLive, NotYourLive, lockFailures } from "../../room/rooms/contract.ts";

export const NotRecorded = failure("conflict", "live.not_recorded", "this live room is not being recorded");
export const ClipTooShort = failure(
  "conflict",
  "live.clip_too_short",
  "a clip needs 5 seconds of recording, try again in a moment",
);
export const TooManyClips = failure(
  "exhausted",
  "live.too_many_clips",
  "10 clips are made within 10 minutes, wait a little",
  z.object({ retryAfterMs: z.int() }),
);

export const clipSeconds = { min: 5, max: 120, usual: 60 } as const;

/** A video that was made of the last seconds of a room while it was live. */
export const LiveClip = z.object({ videoId: Id, createdAtMs: Instant });

export const clipMethods = {
  createClip: command({
    http: "POST /api/v1/lives/:id/clips",
    auth: "user",
    rate: "costly",
    // Bytes are copied, as many as two minutes of a stream have.
    patienceMs: 60_000,
    summary:
      "Makes a video of the last seconds of a live room of the caller, rounded to whole segments: a draft that plays immediately.",
    input: z.object({
      id: Id,
      seconds: z.int().min(clipSeconds.min).max(clipSeconds.max).default(clipSeconds.usual),
      /** The title of the video; without it, the room's title with the word "clip". */
      title: SaidLine(200).optional(),
    }),
    output: Video,
    errors: [
      LiveNotFound,
      NotYourLive,
      ...lockFailures,
      NotLive,
      LiveEnded,
      NotRecorded,
      ClipTooShort,
      TooManyClips,
      QuotaExceeded,
      UploadTooLarge,
      TooManyUploads,
      UploadBusy,
      Muted,
      WordsRefused,
    ],
  }),
  clips: query({
    http: "GET /api/v1/lives/:id/clips",
    auth: "user",
    summary: "The clips of a live room of the caller, the newest first.",
    input: z.object({ id: Id, ...pageInput }),
    output: page(LiveClip),
    errors: [LiveNotFound, NotYourLive, ...lockFailures],
  }),
};
