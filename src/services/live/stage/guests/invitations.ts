import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Id } from "#kernel";
import { deletedAmong } from "#policy/copies/deleted-users";
import { user } from "#services/user/contract";
import { LiveNotFound, NotInvitable, NotLive, TooManyGuests } from "../../contract.ts";
import { isOnAir } from "../../room/presence/room-admission.ts";
import * as moderation from "../../room/moderation/moderation-store.ts";
import type { RoomAccess } from "../../room/rooms/access.ts";
import * as rooms from "../../room/rooms/room-store.ts";
import { newStreamKey } from "../../room/rooms/stream-key.ts";
import type { LiveHost } from "../../settings.ts";
import * as store from "./guest-store.ts";

/** Guests of a room at the same time, invited ones among them. */
const guestsMax = 3;

/** Invites accounts to be guests of a room. */
export function createGuestInvitations(host: LiveHost, { access }: { readonly access: RoomAccess }) {
  const { db, now, nextId, random, client } = host;

  /** @throws NotInvitable for an account that may not come in, or not write here */
  async function requireInvitable(row: rooms.Row, userId: Id, call: Call): Promise<void> {
    const viewer = { userId, isGranted: row.passwordHash !== null };
    if (userId === row.ownerId) throw NotInvitable({});
    const [relationship, restrictions, isWelcome, { items }] = await Promise.all([
      access.relationshipTo(row.ownerId, { ...call, userId }),
      moderation.restrictionsOf(db, row.id, userId, now()),
      // The service cannot know if a user has the password of the room; guests give it when they publish.
      access.requireVisible(row, call, viewer).then(
        () => true,
        () => false,
      ),
      client(user).briefs({ ids: [userId] }, host.call({ traceId: call.traceId, signal: call.signal })),
    ]);
    const isRefused = relationship?.isBlocked === true || restrictions.length > 0;
    if (isRefused || !isWelcome || items.length === 0) throw NotInvitable({});
  }

  /** Yields the guest, and whether they were invited by this. @throws NotInvitable, NotLive, TooManyGuests */
  return async (row: rooms.Row, userId: Id, call: Call): Promise<{ guest: store.Guest; isNew: boolean }> => {
    if (!isOnAir(row)) throw NotLive({});
    await requireInvitable(row, userId, call);
    const keyHash = newStreamKey(random).hash;
    return db.tx(async (tx) => {
      await requireAccount(tx, callerOf(call));
      if ((await deletedAmong(tx, [userId])).size > 0) throw NotInvitable({});
      // Locked, so that two invitations are counted, and none comes after the end.
      const locked = await rooms.lockById(tx, row.id);
      if (!locked) throw LiveNotFound({});
      if (!isOnAir(locked)) throw NotLive({});
      const guests = await store.guestsIn(tx, [row.id]);
      const existing = guests.find((guest) => guest.userId === userId);
      if (existing) return { guest: existing, isNew: false };
      if (guests.length >= guestsMax) throw TooManyGuests({});
      const invitation = { id: nextId(), roomId: row.id, userId, keyHash, nowMs: now() };
      return { guest: await store.invite(tx, invitation), isNew: true };
    });
  };
}
