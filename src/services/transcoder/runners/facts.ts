import type { media, Playable } from "#services/media/contract";
import type { z } from "zod";

type Output<M extends "formatsOff" | "source"> = z.output<(typeof media.methods)[M]["output"]>;

/** The facts about the file of a job that its runner receives beside the task. */
export interface JobFacts {
  readonly formatsOff: Output<"formatsOff">;
  /** The renditions that videos of this platform get. */
  readonly ladder: readonly string[];
  /** Absent where the media object was deleted. */
  readonly source?: Output<"source">;
  readonly playable?: z.output<typeof Playable>;
}
