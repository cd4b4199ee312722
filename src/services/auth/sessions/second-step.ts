import type { Handlers, Host } from "#kernel";
import { isBanned } from "../bans.ts";
import { type auth, NoProof, TicketOver } from "../contract.ts";
import type { NewSessions } from "./sessions.ts";
import * as store from "../store.ts";
import type { SecondFactors } from "../factors/second-factor.ts";
import { type Tickets, triesMax } from "../factors/tickets.ts";

interface Parts extends Pick<NewSessions, "open"> {
  readonly factors: SecondFactors;
  readonly tickets: Tickets;
}

/** Continues a sign-in whose first step was taken. */
export const createSecondStep = (
  { db, now }: Pick<Host<store.Tables>, "db" | "now">,
  { open, factors, tickets }: Parts,
): Pick<Handlers<typeof auth>, "secondFactor"> => ({
  async secondFactor({ ticket, code }, call) {
    if (code === undefined) throw NoProof({});
    const { userId, methods, tries } = await tickets.countTry(ticket);
    const { agent, source } = call;
    const method = await factors.useCode(code, { userId, agent, source, triesLeft: triesMax - tries });
    return db.tx(async (tx) => {
      await tickets.use(tx, ticket);
      const account = await store.accountById(tx, userId);
      if (!account || account.state === "pending" || isBanned(account, now())) throw TicketOver({});
      return open(tx, { userId, role: account.role, methods: [...methods, method] }, call);
    });
  },
});
