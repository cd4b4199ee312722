import type { Call, Client, Host, Id } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import { media, MediaNotFound } from "#services/media/contract";
import { video } from "#services/video/contract";
import { AttachmentMissing, AttachmentNotFound, ForeignMedia, type message } from "../contract.ts";
import { attachedOf } from "./attachments.ts";

export type MessageInput = Parameters<Client<typeof message>["send"]>[0] & { content: string; type: number };

/** The columns of what a message carries. */
export interface Attachment {
  readonly media_id: Id | null;
  readonly media_path: string;
  readonly video_id: Id | null;
}

/** Checks what a message carries with its owners. @throws where it is missing, or not the sender's to send */
export const createAttachmentCheck =
  ({ client }: Pick<Host, "client">) =>
  async ({ type, mediaUrl, videoId, content }: MessageInput, call: Call): Promise<Attachment> => {
    const attached = attachedOf(mediaUrl);
    if (attached.kind === "foreign") throw ForeignMedia({});
    if (type === 1 && content === "")
      throw InvalidInput({ fields: [{ field: "content", message: "a text message says something" }] });
    if (type !== 1 && attached.kind === "none" && videoId === undefined) throw AttachmentMissing({});
    if (attached.kind === "media")
      await client(media)
        .get({ id: attached.mediaId }, call)
        .catch((error: unknown) => {
          throw error instanceof Error && "code" in error && error.code === MediaNotFound.code
            ? AttachmentNotFound({}, error)
            : error;
        });
    if (videoId !== undefined) await client(video).playable({ id: videoId }, call);
    return {
      media_id: attached.kind === "media" ? attached.mediaId : null,
      media_path: attached.kind === "path" ? attached.path : "",
      video_id: videoId ?? null,
    };
  };
