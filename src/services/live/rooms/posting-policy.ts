import { type Call, callerOf, type Tx } from "#kernel";
import { flagging } from "#policy/blocklist";
import { mustNotBeMuted } from "#policy/mutes";
import { contentFlagged, flaggedPerson } from "#services/moderation/contract";
import type { LiveHost } from "../settings.ts";
import type { Tables } from "../store.ts";
import type { Row } from "./room-store.ts";

/** Who may open live rooms under which titles, by mutes and the blocklist. */
export function roomPolicy({ db, now, emit }: LiveHost) {
  return {
    /** @throws Muted */
    requireUnmuted: (call: Call) => mustNotBeMuted(db, callerOf(call), now()),

    /** Why a moderator should look at the texts; undefined where there is no reason. @throws WordsRefused */
    flagReason: flagging(db),

    /** Asks moderators to look at the owner of a room for its texts; the room stays visible meanwhile. */
    async flag(tx: Tx<Tables>, { ownerId, title, description }: Row, heldFor: string): Promise<void> {
      await emit(tx, contentFlagged, ownerId, flaggedPerson(ownerId, [title, description], heldFor, now()));
    },
  };
}
export type RoomPolicy = ReturnType<typeof roomPolicy>;
