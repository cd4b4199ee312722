import { createHash } from "node:crypto";
import { type Call, callerOf, type Host, type Id } from "#kernel";
import { BadTicket } from "../contract.ts";

const ticketLifeMs = 30_000;

/** The cache holds only the hash of a ticket, which opens nothing. */
const keyOf = (ticket: string): string => `message:ticket:${createHash("sha256").update(ticket).digest("base64url")}`;

/** Tickets that open the WebSocket once. */
export const createTickets = ({ cache, random, now }: Pick<Host, "cache" | "random" | "now">) => ({
  async ticket(_: object, call: Call) {
    const userId = callerOf(call);
    const ticket = random(16).toString("base64url");
    await cache.offer(keyOf(ticket), { userId, sessionId: call.sessionId ?? "" }, ticketLifeMs);
    return { ticket, expiresAtMs: now() + ticketLifeMs };
  },

  async redeem({ ticket }: { ticket: string }) {
    // A ticket is in the cache alone: a cache that lost it refuses, and one that is away answers 503.
    const holder = await cache.take(keyOf(ticket));
    if (holder === undefined) throw BadTicket({});
    return holder as { userId: Id; sessionId: string }; // As it was offered above.
  },
});
