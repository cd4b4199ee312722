import type { Call } from "#kernel";

/** Visitors of one client network that count: a household, not a crowd. Each account counts by itself. */
export const visitorsPerNetworkMax = 5;

/** The text before the pseudonym of a network, which no account's number begins with. */
export const networkMark = "~";

/**
 * Names a person in counts: an account, or the client network of a visitor, by the pseudonym of the day. A person has one
 * name however many devices, tabs and connections they have (security S3.4). Pure.
 */
export const personOf = ({ userId, source = "" }: Pick<Call, "userId" | "source">): string =>
  userId === undefined ? `${networkMark}${source}` : String(userId);

/** Whether a name of {@link personOf} is that of a network, which up to {@link visitorsPerNetworkMax} people share. */
export const isNetwork = (person: string): boolean => person.startsWith(networkMark);
