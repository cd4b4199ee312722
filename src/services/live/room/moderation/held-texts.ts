import type { Id, Tx } from "#kernel";
import type { Said } from "../log/presenter.ts";
import type { RoomLog } from "../log/room-log.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import * as store from "./moderation-store.ts";
import type { RoomState } from "./room-state.ts";

/** A text that waits for the owner of a room or a moderator. */
export interface HeldText {
  readonly liveId: Id;
  readonly userId: Id;
  readonly username: string;
  readonly said: Said;
  readonly reason: string;
  /** The gift whose words it is. */
  readonly giftRecordId?: Id | undefined;
}

export interface HeldTexts {
  /** Stores it; yields its number. */
  hold(tx: Tx<Tables>, text: HeldText): Promise<Id>;
  /** Shows it to the owner and the moderators who are in the room. Call it after the commit. */
  announce(id: Id, text: HeldText, state: Pick<RoomState, "row" | "moderatorIds">): void;
}

export const createHeldTexts = ({ now, nextId }: Pick<LiveHost, "now" | "nextId">, log: RoomLog): HeldTexts => ({
  async hold(tx, { liveId, userId, username, said, reason, giftRecordId }) {
    const id = nextId();
    await store.hold(tx, {
      id,
      live_id: liveId,
      user_id: userId,
      username,
      payload: JSON.stringify(said),
      reason,
      gift_record_id: giftRecordId ?? null,
      created_at_ms: now(),
    });
    return id;
  },

  announce(id, { liveId, userId, username, said, reason }, { row, moderatorIds }) {
    const payload = JSON.stringify({ id, reason, ...said });
    for (const toUserId of [row.ownerId, ...moderatorIds])
      log.signal(liveId, { kind: "held", userId, username, payload, toUserId });
  },
});
