import type { Id } from "#kernel";
import type { RoomLog } from "../log/room-log.ts";
import type { RoomStanding } from "./room-state.ts";

/** The parts that all moderation of rooms needs. */
export interface ModerationParts {
  readonly standing: RoomStanding;
  readonly log: RoomLog;
}
export interface InRoom {
  readonly id: Id;
}
export interface OfUser extends InRoom {
  readonly userId: Id;
}

/** Sends what happened to everybody in a room and keeps it, once it is committed. */
export const createRoomNotices =
  ({ standing, log }: ModerationParts) =>
  async (liveId: Id, kind: string, detail: object, userId?: Id): Promise<void> => {
    standing.forget(liveId);
    const payload = JSON.stringify(detail);
    await log.append(liveId, { kind, class: "reliable", userId, username: "", payload });
  };
