import type { Message } from "#base/api/types.ts";

/** True for a message that a moderator removed: users cannot send an empty text. Pure. */
export const isTakenAway = ({ type, content }: Pick<Message, "type" | "content">): boolean =>
  type === 1 && content === "";
