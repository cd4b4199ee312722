import type { RoomMessage } from "../../contract.ts";
import type { MessageRow } from "./message-store.ts";

/** The payload of a chat message, as it is sent and stored. */
export interface Said {
  readonly message: string;
  readonly nickname: string;
  readonly avatar: string;
  readonly badge: RoomMessage["badge"];
  /** In the spelling of the frames, which it is sent in as it is. Absent in messages of before there were levels. */
  readonly fan_level?: number;
}
const nothing: Said = { message: "", nickname: "", avatar: "", badge: "" };

/** A kept message as viewers read it. Pure. */
export function presentMessage(row: Omit<MessageRow, "isDeleted">): RoomMessage {
  const { seq, kind, userId, username, payload, atMs } = row;
  const {
    message,
    nickname,
    avatar,
    badge,
    fan_level: fanLevel = 0,
  } = kind === "chat" ? (JSON.parse(payload) as Said) : nothing; // As it was written.
  return {
    seq,
    kind,
    userId: userId ?? 0,
    username,
    nickname,
    avatar,
    badge,
    fanLevel,
    content: message,
    detail: kind === "chat" ? "" : payload,
    createdAtMs: atMs,
  };
}
