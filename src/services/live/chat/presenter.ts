import type { HeldMessage, RoomMessage } from "../contract.ts";
import type { HeldRow } from "../room-moderation/moderation-store.ts";
import type { MessageRow } from "./message-store.ts";

/** What is sent and kept of a chat message. */
export interface Said {
  readonly message: string;
  readonly nickname: string;
  readonly avatar: string;
  readonly badge: RoomMessage["badge"];
}
const nothing: Said = { message: "", nickname: "", avatar: "", badge: "" };

/** A kept message as viewers read it. Pure. */
export function presentMessage(row: Omit<MessageRow, "isDeleted">): RoomMessage {
  const { seq, kind, userId, username, payload, atMs } = row;
  const { message, nickname, avatar, badge } = kind === "chat" ? (JSON.parse(payload) as Said) : nothing; // As it was written.
  return {
    seq,
    kind,
    userId: userId ?? 0,
    username,
    nickname,
    avatar,
    badge,
    content: message,
    detail: kind === "chat" ? "" : payload,
    createdAtMs: atMs,
  };
}

export function presentHeld({ payload, ...row }: HeldRow): HeldMessage {
  const { message, nickname, avatar } = JSON.parse(payload) as Said; // As it was written.
  return { ...row, nickname, avatar, content: message };
}
