import type { Message } from "#base/api/types.ts";

/** Whether a moderator took it away: nobody can write a text that says nothing. Pure. */
export const isTakenAway = ({ type, content }: Pick<Message, "type" | "content">): boolean =>
  type === 1 && content === "";
