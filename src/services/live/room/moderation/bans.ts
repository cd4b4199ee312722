import { type Call, Gather } from "#kernel";
import { BannedFromRoom } from "../../contract.ts";
import type { Row } from "../rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import { restrictionsIn, type Standing } from "./moderation-store.ts";

type Visitor = { readonly [Name in "userId" | "role"]?: Call[Name] | undefined };

/** Closes a room to the accounts that are banned from it, except to moderators of the instance. Many are looked up together. */
export function createBanCheck({ db, now }: Pick<LiveHost, "db" | "now">) {
  const restrictions = new Gather(db, (reader, standings: readonly Standing[]) =>
    restrictionsIn(reader, standings, now()),
  );
  /** @throws BannedFromRoom */
  return async (row: Row, { userId, role }: Visitor): Promise<void> => {
    if (userId === undefined || userId === row.ownerId || role === "moderator" || role === "admin") return;
    const restriction = await restrictions.get({ liveId: row.id, userId });
    if (restriction?.kind === "ban") throw BannedFromRoom({});
  };
}
