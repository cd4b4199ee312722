import type { Call, Handlers, Host, Id, Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import { recordRefusedSignIn } from "../audit.ts";
import { isBanned } from "../bans.ts";
import { AwaitingApproval, type auth, BadCredentials, Banned, type Family } from "../contract.ts";
import { nameKey } from "../names.ts";
import { isPassword } from "../passwords/passwords.ts";
import * as store from "../store.ts";
import { openToken } from "../personal-tokens/personal-tokens.ts";
import { partsOfToken } from "../personal-tokens/contract.ts";
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

  /**
   * The account of this name, where `isProven` says that the caller is its user. Every way to sign in by a name shares the
   * limit of attempts, and takes equally long for a name that nobody has.
   */
  async function accountOf(
    username: string,
    { source }: Call,
    isProven: (account: Account | undefined) => Promise<boolean>,
  ): Promise<Account> {
    const account = await store.forLogin(db, nameKey(username), emailKey(username));
    // Attempts by the name and by the address of an account count together.
    const name = account?.nameKey ?? nameKey(username);
    await attempts.count(name, source, {
      ownerOf: async () => account?.userId,
      record: (userId) => recordRefusal(userId, "too many attempts"),
    });
    if (!(await isProven(account)) || !account) {
      await recordRefusal(account?.userId);
      throw BadCredentials({});
    }
    await attempts.forgive(name, source);
    await mustBeActive(account);
    return account;
  }

  const byPassword = (username: string, password: string, call: Call): Promise<Account> =>
    accountOf(username, call, (account) => isPassword(password, account?.passwordHash));

  /** By a personal token in the place of the password. It is refused like a wrong password where it lacks the scope. */
  async function byToken(username: string, text: string, family: Family, call: Call) {
    const token = await openToken(db, text, now());
    const isAdmitted = token?.scopes?.includes(family) === true;
    const account = await accountOf(username, call, async (owner) => isAdmitted && token.userId === owner?.userId);
    return { ...account, family, token };
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
      const account = await byPassword(username, password, call);
      return db.tx(async (tx) => {
        await mustKeepPassword(tx, account);
        return open(tx, { ...account, methods: ["password"] }, call);
      });
    },

    async loginFor({ family, username, password }, call) {
      if (partsOfToken(password)) {
        const account = await byToken(username, password, family, call);
        return db.tx((tx) => openLong(tx, account, call));
      }
      const account = await byPassword(username, password, call);
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
