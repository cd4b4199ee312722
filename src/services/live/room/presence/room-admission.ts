import { BadToken } from "#policy/account";
import type { Call, Id } from "#kernel";
import { isDeletedUser } from "#policy/copies/deleted-users";
import type { NameLookup } from "../log/names.ts";
import { NotLive } from "../../contract.ts";
import * as moderation from "../moderation/moderation-store.ts";
import type { RoomAccess } from "../rooms/access.ts";
import * as rooms from "../rooms/room-store.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./presence-store.ts";
import type { RoomTickets } from "./tickets.ts";

interface Parts {
  readonly access: RoomAccess;
  readonly tickets: RoomTickets;
  readonly nameOf: NameLookup;
}

export const isOnAir = ({ status }: rooms.Row): boolean => status === "live" || status === "paused";

/** Viewers of one gateway who were let in together: in one generation of the room, with its password or without. */
interface Attendees {
  readonly id: Id;
  readonly generation: number;
  readonly isGranted?: boolean | undefined;
  readonly userIds: number[];
}

/** Admits connections to rooms, and finds admitted ones that may not stay. */
export function createRoomAdmission({ db, now }: LiveHost, { access, tickets, nameOf }: Parts) {
  return {
    redeemTicket: (input: { id: Id; ticket: string }) => tickets.redeemTicket(input),

    async attend({ id }: { id: Id }, call: Call) {
      const { userId } = call;
      const row = await access.requireVisible(await rooms.byId(db, id), call);
      if (row.status === "ended") throw NotLive({});
      const { username } = userId === undefined ? { username: "" } : await nameOf(userId, call);
      if (userId !== undefined)
        await db.tx(async (tx) => {
          if (await isDeletedUser(tx, userId)) throw BadToken({});
          await store.exit(tx, id, userId);
          if (userId !== row.ownerId && isOnAir(row)) await store.visit(tx, id, userId);
        });
      const { ownerId, status, onlineCount, generation } = row;
      return { ownerId, username, status, onlineCount, generation, isGranted: access.isUnlocked(row, call) };
    },

    dismissed: async ({ id, generation, isGranted: knewPassword, userIds }: Attendees, call: Call) => {
      const row = await rooms.byId(db, id);
      if (!row) return { status: null, userIds };
      const viewerIds = userIds.filter((userId) => userId !== row.ownerId);
      const banned = await moderation.bannedAmong(db, id, viewerIds, now());
      const mayStay = async (userId: number): Promise<boolean> => {
        if (banned.has(userId)) return false;
        if (!row.isRemoved && (row.visibility === "public" || row.visibility === "unlisted")) return true;
        // Viewers who knew the former password are asked for the new one.
        const isGranted = row.generation === generation && (knewPassword ?? row.visibility === "password");
        const viewer = { ...(userId > 0 && { userId }), isGranted };
        return access.requireVisible(row, call, viewer).then(
          () => true,
          () => false,
        );
      };
      const stays = await Promise.all(viewerIds.map(mayStay));
      return { status: row.status, userIds: viewerIds.filter((_, place) => stays[place] !== true) };
    },
  };
}
