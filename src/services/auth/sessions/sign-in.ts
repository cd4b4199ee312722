import type { Call, Handlers, Host, Id, Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import { recordRefusedSignIn } from "../audit.ts";
import { isBanned } from "../bans.ts";
import { AwaitingApproval, type auth, BadCredentials, Banned } from "../contract.ts";
import { nameKey } from "../names.ts";
import { isPassword } from "../passwords/passwords.ts";
import * as store from "../store.ts";
import type { AttemptLimit } from "../passwords/attempts.ts";
import type { NewSessions } from "./sessions.ts";

interface Parts extends Pick<NewSessions, "open" | "openLong"> {
  readonly attempts: AttemptLimit;
}
type Account = store.LoginRow;

/** Signs accounts in by their password. */
export function createSignIn(
  host: Pick<Host<store.Tables>, "db" | "emit" | "now" | "nextId">,
  { attempts, open, openLong }: Parts,
): Pick<Handlers<typeof auth>, "login" | "loginFor"> {
  const { db, now } = host;
  const recordRefusal = (userId: Id | undefined, detail?: string) =>
    db.tx((tx) => recordRefusedSignIn(host, tx, userId, detail));

  /** The account of these credentials. Every way to sign in shares the limit of attempts, and takes equally long. */
  async function accountOf(username: string, password: string, { source }: Call): Promise<Account> {
    const account = await store.forLogin(db, nameKey(username), emailKey(username));
    // Attempts by the name and by the address of an account count together.
    const name = account?.nameKey ?? nameKey(username);
    await attempts.count(name, source, {
      ownerOf: async () => account?.userId,
      record: (userId) => recordRefusal(userId, "too many attempts"),
    });
    if (!(await isPassword(password, account?.passwordHash)) || !account) {
      await recordRefusal(account?.userId);
      throw BadCredentials({});
    }
    await attempts.forgive(name, source);
    await mustBeActive(account);
    return account;
  }

  /** Runs after the password was verified: the state of an account is for its owner alone. */
  async function mustBeActive({ userId, state, stateUntilMs, stateReason: reason }: Account): Promise<void> {
    if (state === "pending") {
      await recordRefusal(userId, state);
      throw AwaitingApproval({});
    }
    if (isBanned({ state, stateUntilMs }, now())) {
      await recordRefusal(userId, state);
      throw Banned({ reason, ...(stateUntilMs !== null && { untilMs: stateUntilMs }) });
    }
  }

  return {
    async login({ username, password }, call) {
      const account = await accountOf(username, password, call);
      return db.tx(async (tx) => {
        await mustKeepPassword(tx, account);
        return open(tx, { ...account, methods: ["password"] }, call);
      });
    },

    async loginFor({ family, username, password }, call) {
      const account = await accountOf(username, password, call);
      return db.tx(async (tx) => {
        await mustKeepPassword(tx, account);
        return openLong(tx, { ...account, family }, call);
      });
    },
  };
}

/**
 * Verifying a password takes a while.
 * @throws BadCredentials where it was changed meanwhile, or the account was deleted
 */
async function mustKeepPassword(
  tx: Tx<store.Tables>,
  { userId, passwordHash }: Pick<Account, "userId" | "passwordHash">,
): Promise<void> {
  if (!(await store.holdsPassword(tx, userId, passwordHash))) throw BadCredentials({});
}
