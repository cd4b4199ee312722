import type { Call, Id } from "#kernel";
import { VideoNotFound } from "#services/video/contract";
import type { ViewerAccess } from "../access.ts";
import { CommentNotFound } from "../contract.ts";
import type { Row } from "./comment-store.ts";

export const isModerator = (role: Call["role"]): boolean => role === "moderator" || role === "admin";

/** Comments are subjects of the access check like anything else that everybody may see. */
export const ownedBy = (ownerId: Id) => ({ ownerId, visibility: "public" as const, isPublished: true });

/** Yields a comment that the caller may read. @throws CommentNotFound where they may not, or where there is none */
export type ReadableComment = (row: Row | undefined, call: Call) => Promise<Row>;

export const createReadableComment =
  (access: ViewerAccess): ReadableComment =>
  async (row, call) => {
    if (!row || (row.isHeld && row.userId !== call.userId && !isModerator(call.role))) throw CommentNotFound({});
    await access.author(row.videoId, call).catch((error: unknown) => {
      throw VideoNotFound.code === (error as { code?: unknown }).code ? CommentNotFound({}) : error;
    });
    return row;
  };
