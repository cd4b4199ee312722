import { createHash } from "node:crypto";
import type { Call, Host, Id } from "#kernel";
import { BadRoomTicket } from "../../contract.ts";

const ticketLifeMs = 30_000;

/** The user who opens a socket with a ticket. */
export interface Holder {
  readonly userId: Id;
  readonly sessionId: string;
  readonly role: "user" | "moderator" | "admin";
  readonly unlock?: string | undefined;
}

/** The cache holds only the hash of a ticket, which opens nothing. */
const keyOf = (liveId: Id, ticket: string): string =>
  `live:ticket:${liveId}:${createHash("sha256").update(ticket).digest("base64url")}`;

/** Tickets that open the socket of one room once. */
export interface RoomTickets {
  readonly issue: (liveId: Id, userId: Id, call: Call) => Promise<string>;
  readonly redeemTicket: (input: { id: Id; ticket: string }) => Promise<Holder>;
}

export const createRoomTickets = ({ cache, random }: Pick<Host, "cache" | "random">): RoomTickets => ({
  async issue(liveId: Id, userId: Id, { sessionId = "", role = "user", unlock }: Call): Promise<string> {
    const ticket = random(16).toString("base64url");
    const holder: Holder = { userId, sessionId, role, ...(unlock !== undefined && { unlock }) };
    await cache.offer(keyOf(liveId, ticket), holder, ticketLifeMs);
    return ticket;
  },

  async redeemTicket({ id, ticket }: { id: Id; ticket: string }): Promise<Holder> {
    const holder = await cache.take(keyOf(id, ticket));
    if (holder === undefined) throw BadRoomTicket({});
    return holder as Holder; // As it was offered above.
  },
});
