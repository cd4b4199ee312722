import { transcodingCompleted, transcodingFailed } from "#events/transcoder";
import type { Host, Tx } from "#kernel";
import type { Probe } from "#media/source/probe";
import { rejections } from "#media/rejection";
import type { z } from "zod";
import type { Task } from "./task.ts";

type Completed = z.output<typeof transcodingCompleted.payload>;

/** Publishes what a job made of a task. */
export function publishCompleted(
  { emit }: Pick<Host, "emit">,
  tx: Tx<unknown>,
  { taskId, mediaId }: Task,
  facts: Probe,
  outputs: Partial<Completed> & Pick<Completed, "isLast">,
): Promise<void> {
  const { kind, durationMs, video, chapters = [], notices = [] } = facts;
  const size = { width: video?.displayWidth ?? 0, height: video?.displayHeight ?? 0, fps: video?.fps ?? 0 };
  const none = { renditions: [], dropped: [], audio: null, otherSounds: [], captions: [], cover: null };
  return emit(tx, transcodingCompleted, mediaId, {
    taskId,
    mediaId,
    kind,
    durationMs,
    chapters: [...chapters],
    notices: [...notices],
    ...size,
    ...none,
    ...outputs,
  });
}

export async function publishFailed(
  { emit }: Pick<Host, "emit">,
  tx: Tx<unknown>,
  { taskId, mediaId }: Task,
  code: string,
): Promise<void> {
  const error = isRejection(code) ? code : "media.server_fault";
  await emit(tx, transcodingFailed, mediaId, { taskId, mediaId, error, message: rejections[error] });
}

const isRejection = (code: string): code is keyof typeof rejections => code in rejections;
