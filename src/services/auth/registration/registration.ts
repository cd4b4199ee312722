import type { Handlers, Host } from "#kernel";
import { recordAct } from "../audit.ts";
import { type auth, RegistrationClosed, WeakPassword } from "../contract.ts";
import { nameKey } from "../names.ts";
import { isWeak } from "../passwords/passwords.ts";
import type { NewSessions } from "../sessions/sessions.ts";
import * as store from "../store.ts";
import type { WorkCheck } from "../work/work.ts";
import { nameFor } from "./families.ts";
import type { NameFlags } from "./name-flags.ts";
import type { NewAccounts } from "./new-accounts.ts";

interface Parts extends Pick<NewSessions, "open" | "openLong"> {
  readonly accounts: NewAccounts;
  readonly flags: NameFlags;
  readonly work: Pick<WorkCheck, "check">;
}

/** Registration by users, and by the process itself. */
export function createRegistration(
  host: Pick<Host<store.Tables>, "db" | "emit" | "now">,
  { accounts, flags, work, open, openLong }: Parts,
): Pick<Handlers<typeof auth>, "register" | "registerFor" | "ensure"> {
  const { db } = host;

  async function mustBeOpen(): Promise<void> {
    if ((await accounts.rules()).registration === "closed") throw RegistrationClosed({});
  }

  /** A compatible API has no place for an invitation, an address or work: where one is needed, it is closed. */
  async function mustBeOpenForFamilies(): Promise<void> {
    const { registration, email, workBits } = await accounts.rules();
    const isOpen = registration === "open" || registration === "approval";
    if (!isOpen || email === "required" || workBits > 0) throw RegistrationClosed({});
  }

  return {
    async register({ strict, invitation, work: solution, ...account }, call) {
      await mustBeOpen();
      if (strict && isWeak(account.password, account.username)) throw WeakPassword({});
      const names = [account.username, account.nickname];
      // After what a person has to mend first: a solution is good once.
      await work.check(solution, (await accounts.rules()).workBits);
      const term = await flags.find(names, call);
      const row = await accounts.namedRowOf(account);
      return accounts.register(row, invitation, async (tx, userId) => {
        await flags.publish(tx, userId, names, term);
        return open(tx, { userId, role: row.role, methods: ["registration"] }, call);
      });
    },

    async registerFor({ family, ...account }, call) {
      await mustBeOpenForFamilies();
      const username = nameFor(family, account.username, account.password);
      const term = await flags.find([username], call);
      const row = await accounts.rowOf({ ...account, username });
      return accounts.register(row, undefined, async (tx, userId) => {
        await flags.publish(tx, userId, [username], term);
        return openLong(tx, { userId, username, family }, call);
      });
    },

    async ensure(account) {
      const existing = await store.accountByName(db, nameKey(account.username));
      if (existing) return { userId: existing.userId };
      const row = await accounts.namedRowOf(account);
      return db.tx(async (tx) => {
        const userId = await accounts.insert(tx, row);
        if (row.role !== "user") await recordAct(host, tx, userId, "role.changed", { detail: `user → ${row.role}` });
        return { userId };
      });
    },
  };
}
