import { type Call, callerOf } from "#kernel";
import { mustNotBeMuted } from "#policy/copies/mutes";
import type { LiveHost } from "../../settings.ts";

/** The right to send a stream; texts have the gate of `room-moderation/text-gate.ts`. */
export interface RoomPolicy {
  /** @throws Muted */
  readonly requireUnmuted: (call: Call) => Promise<void>;
}

export const createRoomPolicy = ({ db, now }: LiveHost): RoomPolicy => ({
  requireUnmuted: (call: Call) => mustNotBeMuted(db, callerOf(call), now()),
});
