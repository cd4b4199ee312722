import { availableParallelism } from "node:os";
import { sandboxLevels } from "#media/process/denials";
import { usualProfiles } from "#media/renditions/rung";
import { z } from "zod";

export const Settings = z.object({
  ffmpeg: z.string().optional(),
  /** The renditions a video gets, where its source is large enough. */
  ladder: z
    .array(z.string())
    .min(1)
    .default([...usualProfiles]),
  /**
   * The number of ladders made concurrently; earlier steps have slots of their own. A ladder fills about two cores. With 0
   * this process transcodes nothing, and runners do all of it.
   */
  workers: z
    .int()
    .nonnegative()
    .default(() => Math.max(1, Math.floor(availableParallelism() / 2))),
  /** A process without progress for this long is ended. */
  stallMs: z.int().positive().default(60_000),
  /** How long a job waits at first after its process was ended for want of memory. */
  shortageMs: z.int().positive().default(60_000),
  /** The strongest sandbox for FFmpeg that is tried. */
  sandbox: z.enum(sandboxLevels).default("bwrap"),
  /** The version of the platform, which runners are compared with. */
  version: z.string().default(""),
});
export type Settings = z.output<typeof Settings>;
