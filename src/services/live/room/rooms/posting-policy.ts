import { type Call, callerOf } from "#kernel";
import { mustNotBeMuted } from "#policy/copies/mutes";
import type { LiveHost } from "../../settings.ts";

/** The right to send a stream; texts have the gate of `room-moderation/text-gate.ts`. */
export const roomPolicy = ({ db, now }: LiveHost) => ({
  /** @throws Muted */
  requireUnmuted: (call: Call) => mustNotBeMuted(db, callerOf(call), now()),
});
export type RoomPolicy = ReturnType<typeof roomPolicy>;
