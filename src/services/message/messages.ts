import { type Call, callerOf, type Client, type Host, type Id } from "#kernel";
import { media, MediaNotFound } from "#services/media/contract";
import { mustNotBeMuted } from "#policy/mutes";
import { relation, TheyBlockYou, YouBlockThem } from "#services/relation/contract";
import { UserNotFound, user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { attachedOf } from "./attachments.ts";
import {
  AttachmentMissing,
  AttachmentNotFound,
  ForeignMedia,
  type message,
  messageSent,
  ToYourself,
} from "./contract.ts";
import * as conversationStore from "./conversation-store.ts";
import { messageOf } from "./presenter.ts";
import type { Tables } from "./store.ts";
import * as store from "./store.ts";
import type { Wakes } from "./wakes.ts";
import { InvalidInput } from "#kernel/errors";

type Written = Parameters<Client<typeof message>["send"]>[0] & { content: string; type: number };
interface Attachment {
  readonly media_id: Id | null;
  readonly media_path: string;
  readonly video_id: Id | null;
}

export function writingOf({ db, emit, nextId, now, client, call: newCall }: Host<Tables>, wakes: Wakes) {
  const as = ({ userId, role, traceId, signal }: Call) =>
    newCall({ traceId, signal, ...(userId !== undefined && { userId }), ...(role && { role }) });

  /** @throws where what is attached is not the writer's to send, or is not there */
  async function attachmentOf({ type, mediaUrl, videoId, content }: Written, call: Call): Promise<Attachment> {
    const attached = attachedOf(mediaUrl);
    if (attached.kind === "foreign") throw ForeignMedia({});
    if (type === 1 && content === "")
      throw InvalidInput({ fields: [{ field: "content", message: "a text message says something" }] });
    if (type !== 1 && attached.kind === "none" && videoId === undefined) throw AttachmentMissing({});
    if (attached.kind === "media")
      await client(media)
        .get({ id: attached.mediaId }, as(call))
        .catch((error: unknown) => {
          throw error instanceof Error && "code" in error && error.code === MediaNotFound.code
            ? AttachmentNotFound({}, error)
            : error;
        });
    if (videoId !== undefined) await client(video).playable({ id: videoId }, as(call));
    return {
      media_id: attached.kind === "media" ? attached.mediaId : null,
      media_path: attached.kind === "path" ? attached.path : "",
      video_id: videoId ?? null,
    };
  }

  return {
    async send(written: Written, call: Call) {
      const senderId = callerOf(call);
      const { receiverId, content, type } = written;
      if (receiverId === senderId) throw ToYourself({});
      await mustNotBeMuted(db, senderId, now());
      await client(user).get({ id: receiverId }, as(call));
      const { items } = await client(relation).between({ userId: senderId, otherIds: [receiverId] }, as(call));
      const [state] = items;
      if (state?.isBlocked) throw YouBlockThem({});
      if (state?.isBlocking) throw TheyBlockYou({});
      const attachment = await attachmentOf(written, call);
      const sent = await db.answer(async (tx) => {
        const seqs = await store.take(tx, [senderId, receiverId]);
        const [sender_seq, receiver_seq] = [seqs.get(senderId), seqs.get(receiverId)];
        // One of them was deleted a moment ago.
        if (sender_seq === undefined || receiver_seq === undefined) throw UserNotFound({});
        const isRequest = !state?.isFollower;
        const sides = await conversationStore.opened(tx, { id: nextId(), senderId, receiverId, isRequest });
        const [{ id: conversation_id } = { id: 0 }] = sides;
        const created_at_ms = Math.max(now(), ...sides.map(({ lastMs }) => lastMs + 1));
        const added = {
          id: nextId(),
          conversation_id,
          created_at_ms,
          sender_id: senderId,
          receiver_id: receiverId,
          type,
          content,
          ...attachment,
          sender_seq,
          receiver_seq,
        };
        await conversationStore.add(tx, { ...added, read_at_ms: null });
        const update = { type: "message", item_id: added.id, conversation_id, created_at_ms };
        await store.log(tx, [
          { ...update, user_id: senderId, seq: sender_seq },
          { ...update, user_id: receiverId, seq: receiver_seq },
        ]);
        await emit(tx, messageSent, conversation_id, {
          messageId: added.id,
          conversationId: conversation_id,
          senderId,
          receiverId,
          atMs: created_at_ms,
        });
        return messageOf(
          {
            id: added.id,
            conversationId: conversation_id,
            senderId,
            receiverId,
            type,
            content,
            mediaId: added.media_id,
            mediaPath: added.media_path,
            videoId: added.video_id,
            readAtMs: null,
            isHeld: false,
            createdAtMs: created_at_ms,
          },
          senderId,
        );
      });
      wakes.wake([senderId, receiverId]);
      return sent;
    },
  };
}
