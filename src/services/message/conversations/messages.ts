import { messageSent } from "#events/message";
import { type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import { mustNotBeMuted } from "#policy/copies/mutes";
import { relation, TheyBlockYou, YouBlockThem } from "#services/relation/contract";
import { UserNotFound, user } from "#services/user/contract";
import type { PushMessages } from "../alerts/push.ts";
import { ToYourself } from "../contract.ts";
import { messageOf } from "../presenter.ts";
import type { Tables } from "../store.ts";
import * as store from "../store.ts";
import type { UpdateListeners } from "../update-listeners.ts";
import { type Attachment, createAttachmentCheck, type MessageInput } from "./attachment-check.ts";
import * as conversationStore from "./conversation-store.ts";

interface NewMessage extends Attachment {
  readonly senderId: Id;
  readonly receiverId: Id;
  readonly type: number;
  readonly content: string;
  /** The receiver does not follow the sender: a conversation that does not exist yet begins as a request. */
  readonly isRequest: boolean;
}

/** Sending of messages. */
export function createMessages(
  host: Host<Tables>,
  { listeners, push }: { readonly listeners: UpdateListeners; readonly push: Pick<PushMessages, "notifyMessage"> },
) {
  const { db, now, client, call: newCall } = host;
  const checkAttachment = createAttachmentCheck(host);

  return {
    async send(input: MessageInput, call: Call) {
      const senderId = callerOf(call);
      const { receiverId, content, type } = input;
      if (receiverId === senderId) throw ToYourself({});
      await mustNotBeMuted(db, senderId, now());
      const { role, traceId, signal } = call;
      const ownCall = () => newCall({ traceId, signal, userId: senderId, ...(role && { role }) });
      await client(user).get({ id: receiverId }, ownCall());
      const { items } = await client(relation).between({ userId: senderId, otherIds: [receiverId] }, ownCall());
      const [relationship] = items;
      if (relationship?.isBlocked) throw YouBlockThem({});
      if (relationship?.isBlocking) throw TheyBlockYou({});
      const attachment = await checkAttachment(input, ownCall());
      const isRequest = !relationship?.isFollower;
      const message = { senderId, receiverId, type, content, isRequest, ...attachment };
      const sent = await db.answer(async (tx) => {
        const { row, isAccepted } = await addMessage(host, tx, message);
        // A message request causes no notification; it waits in a list of its own.
        if (isAccepted)
          await push.notifyMessage(tx, receiverId, { senderId, content, conversationId: row.conversationId });
        return messageOf(row, senderId);
      });
      listeners.notify([senderId, receiverId]);
      return sent;
    },
  };
}

/** Stores a message on both sides, with an update in both inboxes. @throws UserNotFound where one of them is deleted */
async function addMessage(
  { emit, nextId, now }: Pick<Host<Tables>, "emit" | "nextId" | "now">,
  tx: Tx<Tables>,
  { senderId, receiverId, isRequest, ...message }: NewMessage,
): Promise<{ readonly row: conversationStore.Row; readonly isAccepted: boolean }> {
  const seqs = await store.takeNumbers(tx, [senderId, receiverId]);
  const [sender_seq, receiver_seq] = [seqs.get(senderId), seqs.get(receiverId)];
  // One of the two users was deleted a moment ago.
  if (sender_seq === undefined || receiver_seq === undefined) throw UserNotFound({});
  const sides = await conversationStore.openBoth(tx, { id: nextId(), senderId, receiverId, isRequest });
  const [{ id: conversationId } = { id: 0 }] = sides;
  const createdAtMs = Math.max(now(), ...sides.map(({ lastMs }) => lastMs + 1));
  const id = nextId();
  await conversationStore.add(tx, {
    ...message,
    id,
    conversation_id: conversationId,
    sender_id: senderId,
    receiver_id: receiverId,
    sender_seq,
    receiver_seq,
    read_at_ms: null,
    created_at_ms: createdAtMs,
  });
  const update = { type: "message", item_id: id, conversation_id: conversationId, created_at_ms: createdAtMs };
  await store.addUpdates(tx, [
    { ...update, user_id: senderId, seq: sender_seq },
    { ...update, user_id: receiverId, seq: receiver_seq },
  ]);
  await emit(tx, messageSent, conversationId, {
    messageId: id,
    conversationId,
    senderId,
    receiverId,
    atMs: createdAtMs,
  });
  const row = {
    id,
    conversationId,
    senderId,
    receiverId,
    type: message.type,
    content: message.content,
    mediaId: message.media_id,
    mediaPath: message.media_path,
    videoId: message.video_id,
    readAtMs: null,
    isHeld: false,
    createdAtMs,
  };
  return { row, isAccepted: sides.some((side) => side.userId === receiverId && !side.isRequest) };
}
