import { ReadyRendition } from "#events/transcoder";
import { demuxers } from "#media/container";
import { notices } from "#media/notice";
import { chaptersMax } from "#media/source/chapters";
import type { Probe } from "#media/source/probe";
import { z } from "zod";
import { steps } from "../plan/progress.ts";
import type { Task } from "./task.ts";

/*
 * The schemas of what a runner found out about a file and passes on to the next job. Arguments of FFmpeg are made of it in
 * other processes, so a text is one of a list or a plain name.
 */
const count = z.int().nonnegative();
const ms = z.number().nonnegative();
const side = z.int().positive().max(65_536);
/** A name that FFmpeg gives a codec, a profile or a color. */
const name = z
  .string()
  .max(60)
  .regex(/^[\w.:() +-]*$/);
const title = z.string().max(200).exactOptional();
const stream = { index: count, codec: name };
const language = name.exactOptional();

const VideoFacts = z.object({
  ...stream,
  profile: name.exactOptional(),
  pixelFormat: name,
  bitDepth: count,
  chroma: z.enum(["4:0:0", "4:2:0", "4:2:2", "4:4:4", "other"]),
  width: side,
  height: side,
  displayWidth: side,
  displayHeight: side,
  rotation: z.literal([0, 90, 180, 270]),
  isTransformed: z.boolean(),
  sar: z.number().positive(),
  fps: z.number().nonnegative(),
  fieldOrder: z.enum(["progressive", "tt", "bb", "tb", "bt", "unknown"]),
  transfer: name.exactOptional(),
  primaries: name.exactOptional(),
  matrix: name.exactOptional(),
  isFullRange: z.boolean().exactOptional(),
  startMs: z.number(),
  endMs: z.number(),
  isEdited: z.boolean().exactOptional(),
  keyframeGapMs: ms,
  startsWithKeyframe: z.boolean(),
  frames: count,
  isDamaged: z.boolean().exactOptional(),
});

const SoundFacts = z.object({
  ...stream,
  profile: name.exactOptional(),
  channels: count,
  sampleRate: count,
  startMs: z.number(),
  endMs: z.number(),
  isEdited: z.boolean().exactOptional(),
  language,
  title,
});

const FileFacts: z.ZodType<Probe> = z.object({
  kind: z.enum(["video", "audio"]),
  demuxer: z.enum(demuxers),
  durationMs: ms,
  sizeBytes: count,
  bitrateBps: z.number().nonnegative(),
  streamCount: count,
  video: VideoFacts.exactOptional(),
  audio: SoundFacts.exactOptional(),
  otherAudio: z.array(SoundFacts).max(16).exactOptional(),
  captions: z
    .array(z.object({ ...stream, language, title }))
    .max(64)
    .exactOptional(),
  chapters: z
    .array(z.object({ startMs: count, title: z.string().max(60) }))
    .max(chaptersMax)
    .exactOptional(),
  coverIndex: count.exactOptional(),
  notices: z
    .array(z.enum(Object.keys(notices) as (keyof typeof notices)[]))
    .max(10)
    .exactOptional(),
});

/** The results of a job for the next one of its task, without what the task is about. */
export const TaskResults: z.ZodType<Omit<Task, "taskId" | "mediaId" | "userId" | "profiles">> = z.object({
  facts: FileFacts.exactOptional(),
  made: z.array(name).max(30).exactOptional(),
  rates: z
    .array(z.object({ width: side, height: side, bitrateBps: count }))
    .max(30)
    .exactOptional(),
  steps: z
    .array(z.object({ name: z.enum(steps), weight: z.number().nonnegative() }))
    .max(20)
    .exactOptional(),
  smallest: ReadyRendition.exactOptional(),
  firstIndexKey: z.string().max(100).exactOptional(),
});
