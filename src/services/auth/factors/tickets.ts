import type { Host, Id, KinoraError, Tx } from "#kernel";
import { type Proof, SecondFactorNeeded, TicketOver } from "../contract.ts";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import * as ticketStore from "./ticket-store.ts";

/** An account, and what its user has proven. */
interface Entrant {
  readonly userId: Id;
  readonly methods: readonly Proof[];
}

const lifeMs = 5 * 60_000;
export const triesMax = 5;

/** The first step of a sign-in, which a second one continues. */
export interface Tickets {
  /** The failure that says how to go on, with a new ticket. */
  readonly neededFor: (tx: Tx<Tables>, entrant: Entrant, second: readonly Proof[]) => Promise<KinoraError>;
  /** The sign-in that a ticket continues, without a try; undefined where it is over. */
  readonly read: (ticket: string) => Promise<ticketStore.TicketRow | undefined>;
  /** Counts a try. @throws TicketOver after five minutes, five tries, a sign-in, or a change of the password */
  readonly countTry: (ticket: string) => Promise<ticketStore.TicketRow>;
  /** Ends a ticket. @throws TicketOver where another request has done so */
  readonly use: (tx: Tx<Tables>, ticket: string) => Promise<void>;
}

export const createTickets = ({ db, now, random }: Pick<Host<Tables>, "db" | "now" | "random">): Tickets => ({
  async neededFor(tx, { userId, methods }, second) {
    const ticket = random(24).toString("base64url");
    const expiresAtMs = now() + lifeMs;
    const row = { token_hash: hashSecret(ticket), user_id: userId, methods: [...methods], expires_at_ms: expiresAtMs };
    await ticketStore.insert(tx, row);
    const expires_at = new Date(expiresAtMs).toISOString();
    return SecondFactorNeeded({ shown: { ticket, methods: [...second], expires_at } });
  },

  async read(ticket) {
    const row = await ticketStore.read(db, hashSecret(ticket));
    return row && row.tries < triesMax && row.expiresAtMs > now() ? row : undefined;
  },

  async countTry(ticket) {
    const row = await db.tx((tx) => ticketStore.countTry(tx, hashSecret(ticket)));
    if (!row || row.tries > triesMax || row.expiresAtMs <= now()) throw TicketOver({});
    return row;
  },

  async use(tx, ticket) {
    if (!(await ticketStore.remove(tx, hashSecret(ticket)))) throw TicketOver({});
  },
});
