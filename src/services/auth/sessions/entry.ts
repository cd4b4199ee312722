import { type Call, type Host, type Id, KinoraError, type Tx } from "#kernel";
import { isBanned } from "../bans.ts";
import { BadCredentials, type Proof, type Session } from "../contract.ts";
import { isEnough } from "../factors/account-factors.ts";
import type { SecondFactors } from "../factors/second-factor.ts";
import type { Tickets } from "../factors/tickets.ts";
import * as store from "../store.ts";
import type { NewSessions } from "./sessions.ts";

/** An account, and what its user has proven just now. */
export interface Entrant {
  readonly userId: Id;
  readonly methods: readonly Proof[];
}

/**
 * Opens sessions of accounts. Every way in ends here, so that one place decides whether what was proven is enough.
 * @param check runs in the transaction that opens the session
 * @throws SecondFactorNeeded with a ticket
 */
export type Enter = (entrant: Entrant, call: Call, check?: (tx: Tx<store.Tables>) => Promise<void>) => Promise<Session>;

interface Parts extends Pick<NewSessions, "open"> {
  readonly factors: Pick<SecondFactors, "methodsOf">;
  readonly tickets: Pick<Tickets, "neededFor">;
}

export const createEntry =
  ({ db, now }: Pick<Host<store.Tables>, "db" | "now">, { open, factors, tickets }: Parts): Enter =>
  async ({ userId, methods }, call, check) => {
    const result = await db.tx(async (tx) => {
      await check?.(tx);
      const account = await store.accountById(tx, userId);
      // The way in has answered its owner before; a ban may have come since.
      if (!account || account.state === "pending" || isBanned(account, now())) throw BadCredentials({});
      const second = await factors.methodsOf(tx, userId);
      return isEnough(methods, second)
        ? open(tx, { userId, role: account.role, methods }, call)
        : tickets.neededFor(tx, { userId, methods }, second);
    });
    if (result instanceof KinoraError) throw result;
    return result;
  };
