import type { Live } from "#base/api/types.ts";

/** The states of a page about a live room. */
export type RoomState = "scheduled" | "waiting" | "live" | "paused" | "ended";

/** A room that waits is announced until its time has come. Pure. */
export function stateOf({ status, scheduled_at }: Pick<Live, "status" | "scheduled_at">, nowMs: number): RoomState {
  if (status !== "waiting") return status;
  return scheduled_at !== null && Date.parse(scheduled_at) > nowMs ? "scheduled" : "waiting";
}

/** True if there is a stream to play. */
export const isOnAir = (state: RoomState): boolean => state === "live" || state === "paused";

/** Seconds that a room has been live, where it was `durationS` at `askedMs`. Pure. */
export const runningS = (durationS: number, askedMs: number, nowMs: number): number =>
  durationS + Math.max(0, nowMs - askedMs) / 1000;

const pollMs = 5_000;
const hiddenPollMs = 30_000;
/** How long until a room is asked for again, in milliseconds; never once it has ended. Pure. */
export function pollAfterMs(status: Live["status"] | undefined, isHidden: boolean): number | false {
  if (status === "ended") return false;
  return isHidden ? hiddenPollMs : pollMs;
}

/** The parts of a remaining time, as a countdown shows them. Pure. */
export function countdownOf(leftMs: number): { days: number; hours: number; minutes: number; seconds: number } {
  const leftS = Math.max(0, Math.ceil(leftMs / 1000));
  return {
    days: Math.floor(leftS / 86_400),
    hours: Math.floor((leftS % 86_400) / 3_600),
    minutes: Math.floor((leftS % 3_600) / 60),
    seconds: leftS % 60,
  };
}

/** A key of which the server shows its end alone cannot be copied. Pure. */
export const isWholeKey = (key: string | undefined): key is string => key !== undefined && !key.startsWith("…");

/** The room that is offered first: of hosts that the viewer follows, then the most watched; not one that is paused. Pure. */
export const bestOf = <
  Room extends Pick<Live, "status" | "is_mine" | "online_count"> & { owner: { is_followed: boolean } },
>(
  rooms: readonly Room[],
): Room | undefined =>
  rooms
    .filter(({ status, is_mine }) => status === "live" && !is_mine)
    .toSorted(
      (a, b) => Number(b.owner.is_followed) - Number(a.owner.is_followed) || b.online_count - a.online_count,
    )[0];
