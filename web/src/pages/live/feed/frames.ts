import type { LiveMessage } from "#base/api/types.ts";

/** One thing that a room sends, as it is on the wire. */
export interface Frame {
  readonly type: string;
  readonly userId: number;
  readonly username: string;
  readonly payload: Fields;
  readonly atMs: number;
  /** Its place in the room's sequence; 0 where it is sent once and never again. */
  readonly seq: number;
}
/** Frames that came together, and how far the room's sequence has come with them. */
export interface Batch {
  readonly frames: readonly Frame[];
  readonly seq: number;
}

export type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textIn = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value : "";
};
export const numberIn = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === "number" ? value : 0;
};
export const fieldsIn = (fields: Fields, name: string): Fields | undefined => {
  const value = fields[name];
  return isFields(value) ? value : undefined;
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function frameOf(value: unknown): Frame | undefined {
  if (!isFields(value) || typeof value["type"] !== "string") return undefined;
  return {
    type: value["type"],
    userId: numberIn(value, "user_id"),
    username: textIn(value, "username"),
    payload: fieldsIn(value, "payload") ?? {},
    atMs: Date.parse(textIn(value, "timestamp")) || 0,
    seq: numberIn(value, "seq"),
  };
}

/** A text of the socket or the event stream: a batch, or one frame. Anything else is left out. Pure. */
export function readBatch(text: string): Batch {
  const value = parseJson(text);
  const list = isFields(value) && Array.isArray(value["batch"]) ? value["batch"] : [value];
  const frames = list.map(frameOf).filter((frame) => frame !== undefined);
  const seq = Math.max(isFields(value) ? numberIn(value, "seq") : 0, ...frames.map((frame) => frame.seq));
  return { frames, seq };
}

/** A kept message in the form of the frame that it was. Pure. */
export function frameOfMessage(message: LiveMessage): Frame {
  const {
    seq,
    type,
    user_id: userId,
    username,
    nickname,
    avatar,
    badge,
    fan_level,
    content,
    detail,
    created_at,
  } = message;
  const kept = type === "chat" ? { message: content, nickname, avatar, badge, fan_level } : parseJson(detail);
  return { type, userId, username, payload: isFields(kept) ? kept : {}, atMs: Date.parse(created_at), seq };
}
