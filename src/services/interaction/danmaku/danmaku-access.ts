import type { Call, Id } from "#kernel";
import { VideoNotFound } from "#services/video/contract";
import type { Seen } from "../access.ts";
import { DanmakuNotFound } from "../contract.ts";

/** The owner of the video of a danmaku. @throws DanmakuNotFound where the caller may not see that video */
export const ownerOf = (seen: Seen, videoId: Id, call: Call): Promise<Id> =>
  seen.author(videoId, call).catch((error: unknown) => {
    throw VideoNotFound.code === (error as { code?: unknown }).code ? DanmakuNotFound({}) : error;
  });
