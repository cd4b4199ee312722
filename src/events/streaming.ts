import { Id, Instant, event } from "#kernel";
import { z } from "zod";

/** One viewer's playback of one video, from its first request to the last one. */
const viewing = {
  /** Names the two events of a viewing. */
  viewingId: Id,
  /** The video. */
  contentId: Id,
  startedAtMs: Instant,
};

/** A player opened the manifest or the bytes of a video. `userId` is absent for visitors. */
export const streamingStarted = event("streaming.started.v1", z.object({ ...viewing, userId: Id.optional() }));

/** The player has asked for nothing more of the video since `stoppedAtMs`; published ten minutes later. */
export const streamingStopped = event("streaming.stopped.v1", z.object({ ...viewing, stoppedAtMs: Instant }));
