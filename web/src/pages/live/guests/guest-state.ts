import type { Live, LiveGuest } from "#base/api/types.ts";

/** Guests of a room, invited ones among them. */
export const guestsMax = 3;

/** The guests whose streams are shown. Pure. */
export const guestsOnAir = ({ guests }: Pick<Live, "guests">): readonly LiveGuest[] =>
  guests.filter(({ status }) => status !== "invited");

/** The viewer as a guest of a room, or as one who is invited. Pure. */
export const ownGuest = ({ guests }: Pick<Live, "guests">, me: number | undefined): LiveGuest | undefined =>
  guests.find(({ user_id }) => user_id === me);

/** True if the owner of a room may invite this account. Pure. */
export const mayInvite = (live: Pick<Live, "guests" | "is_mine" | "owner_id" | "status">, userId: number): boolean =>
  live.is_mine &&
  userId !== 0 &&
  userId !== live.owner_id &&
  (live.status === "live" || live.status === "paused") &&
  live.guests.length < guestsMax &&
  live.guests.every(({ user_id }) => user_id !== userId);

interface Writer {
  readonly userId: number;
  readonly username: string;
}
const suggestedMax = 6;
/** The last writers who may be invited, each once, the latest first. Pure. */
export function suggestGuests<Line extends Writer>(
  live: Parameters<typeof mayInvite>[0],
  lines: readonly Line[],
): Line[] {
  const seen = new Set<number>();
  return lines
    .toReversed()
    .filter(({ userId, username }) => {
      if (username === "" || seen.has(userId) || !mayInvite(live, userId)) return false;
      seen.add(userId);
      return true;
    })
    .slice(0, suggestedMax);
}

/** The name that is shown of a guest. Pure. */
export const guestName = ({ user }: Pick<LiveGuest, "user">): string => user.nickname || user.username;
