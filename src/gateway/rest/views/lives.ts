import { PublicPath } from "#kernel";
import {
  GiftRecord,
  Giver,
  Live,
  live,
  LiveGuest,
  Order,
  RoomModerator,
  RoomRestriction,
  StatementEntry,
  streamAddresses,
  UserPayout,
} from "#services/live/contract";
import { FoundLive } from "#services/search/contract";
import { z } from "zod";
import { inOrder, type Part, view } from "../view.ts";
import { Author, author, authorsOf } from "./users.ts";

const owner: Part<{ ownerId: number }> = {
  name: "owner",
  adds: z.object({ owner: Author }),
  // A room is shown without a name where the profile is unavailable.
  none: ({ ownerId }) => ({
    owner: { id: ownerId, username: "", nickname: "", avatar: "", isFollowed: false },
  }),
  async of(rows, context) {
    const owners = await authorsOf(
      rows.map(({ ownerId }) => ownerId),
      context,
    );
    return inOrder(
      rows,
      ({ ownerId }) => ownerId,
      [...owners.values()],
      ({ id }) => id,
    ).map((account) => account && { owner: account });
  },
};

const Addresses = z.object({
  /** The address for any player: HLS. */
  playUrl: PublicPath,
  hlsUrl: PublicPath,
  /** HLS of the pictures as they were sent, as far back as the room is recorded. */
  dvrUrl: PublicPath,
  flvUrl: PublicPath,
  /** A WHEP endpoint. */
  webrtcUrl: PublicPath,
});

function addressesOf({ id }: { id: number }): z.output<typeof Addresses> {
  const open = streamAddresses(id);
  return { playUrl: open.hlsUrl, ...open };
}

const addresses: Part<{ id: number }> = {
  name: "addresses",
  adds: Addresses,
  none: addressesOf,
  of: async (rows) => rows.map(addressesOf),
};

export const liveGuestView = view({ id: "LiveGuest", base: LiveGuest, parts: [author] });

/** Guests with streams beside the one of the owner. */
const guests: Part<Pick<Live, "id" | "status">> = {
  name: "guests",
  adds: z.object({ guests: z.array(liveGuestView.full) }),
  none: () => ({ guests: [] }),
  async of(rows, context) {
    const ids = rows.filter(({ status }) => status === "live" || status === "paused").map(({ id }) => id);
    if (ids.length === 0) return [];
    const { items } = await context.client(live).guestsOf({ ids }, context.call);
    const whole = await liveGuestView.hydrate(items, context);
    return rows.map(({ id }) => ({ guests: whole.filter((_, place) => items[place]?.roomId === id) }));
  },
};

export const liveView = view({ id: "Live", base: Live, parts: [owner, addresses, guests] });

/** A room that a search found; one that has ended, or that the viewer may not find, is left out. */
export const foundLiveView = view({
  id: "FoundLive",
  base: FoundLive,
  hidden: ["liveId"],
  required: "live",
  parts: [
    {
      name: "live",
      adds: z.object(liveView.full.shape),
      none: () => ({}),
      async of(rows, context) {
        const { items } = await context.client(live).visible({ ids: rows.map(({ liveId }) => liveId) }, context.call);
        const onAir = items.filter(({ status }) => status === "live" || status === "paused");
        const whole = await liveView.compose(onAir, context);
        const byId = new Map(onAir.map(({ id }, place) => [id, whole[place]]));
        return rows.map(({ liveId }) => byId.get(liveId));
      },
    },
  ],
});

/** The user who gave or bought something, where that is known and visible. */
const userOrNull: Part<{ userId: number | null }> = {
  name: "user",
  adds: z.object({ user: Author.nullable() }),
  none: () => ({ user: null }),
  async of(rows, context) {
    const users = await authorsOf(
      rows.flatMap(({ userId }) => userId ?? []),
      context,
    );
    return rows.map(({ userId }) => ({ user: (userId !== null && users.get(userId)) || null }));
  },
};
export const giftRecordView = view({ id: "GiftRecord", base: GiftRecord, parts: [userOrNull] });
export const giverView = view({ id: "Giver", base: Giver, parts: [userOrNull] });
export const orderView = view({ id: "Order", base: Order, parts: [userOrNull] });
export const statementView = view({ id: "StatementEntry", base: StatementEntry, parts: [userOrNull] });
export const userPayoutView = view({ id: "UserPayout", base: UserPayout, parts: [userOrNull] });
export const roomModeratorView = view({ id: "LiveModerator", base: RoomModerator, parts: [userOrNull] });
export const roomRestrictionView = view({ id: "LiveRestriction", base: RoomRestriction, parts: [userOrNull] });
