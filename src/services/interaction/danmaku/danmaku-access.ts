import type { Call, Id } from "#kernel";
import { VideoNotFound } from "#services/video/contract";
import type { ViewerAccess } from "../access.ts";
import { DanmakuNotFound } from "../contract.ts";

/** The owner of the video of a danmaku. @throws DanmakuNotFound where the caller may not see that video */
export const ownerOf = (access: ViewerAccess, videoId: Id, call: Call): Promise<Id> =>
  access.author(videoId, call).catch((error: unknown) => {
    throw VideoNotFound.code === (error as { code?: unknown }).code ? DanmakuNotFound({}) : error;
  });
