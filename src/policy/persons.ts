import type { Call } from "#kernel";

/** Visitors of one client network that count: a household, not a crowd. Each account counts by itself. */
export const visitorsPerNetworkMax = 5;

/** The prefixes of the number of an account, and of the pseudonym of a network. */
export const accountMark = "user:";
export const networkMark = "from:";

/**
 * Names a person in counts: an account, or the client network of a visitor, by the pseudonym of the day. A person has one
 * name however many devices, tabs and connections they have (security S3.4). Pure.
 */
export const personOf = ({ userId, source = "" }: Pick<Call, "userId" | "source">): string =>
  userId === undefined ? `${networkMark}${source}` : `${accountMark}${userId}`;

/** True if a name of {@link personOf} is that of a network, which up to {@link visitorsPerNetworkMax} people share. */
export const isNetwork = (person: string): boolean => person.startsWith(networkMark);

/** A person watches a film twice at most, at up to twice its speed. */
const timesMax = 2;
const speedMax = 2;

/**
 * The plausible part of a report of watching: a person watches at most this much of one video in a period of time,
 * however often they report it. Pure; all in milliseconds.
 */
export function plausibleWatchMs(
  watchedMs: number,
  {
    lengthMs,
    periodMs,
    creditedMs,
  }: { readonly lengthMs: number; readonly periodMs: number; readonly creditedMs: number },
): number {
  const mostMs = Math.min(timesMax * lengthMs, speedMax * periodMs);
  return Math.max(0, Math.min(watchedMs, mostMs - creditedMs));
}
