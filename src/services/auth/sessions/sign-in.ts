import type { Call, Handlers, Host, Tx } from "#kernel";
import { type auth, BadCredentials, type Family } from "../contract.ts";
import { isPassword } from "../passwords/passwords.ts";
import * as store from "../store.ts";
import { openToken } from "../personal-tokens/personal-tokens.ts";
import { partsOfToken } from "../personal-tokens/contract.ts";
import type { AttemptLimit } from "../passwords/attempts.ts";
import type { SecondFactors } from "../factors/second-factor.ts";
import { createAccountProof } from "./account-proof.ts";
import type { Enter } from "./entry.ts";
import type { NewSessions } from "./sessions.ts";

interface Parts extends Pick<NewSessions, "openLong"> {
  readonly attempts: AttemptLimit;
  readonly enter: Enter;
  readonly factors: Pick<SecondFactors, "methodsOf">;
}
type Account = store.LoginRow;

/** Signs accounts in by their password. */
export function createSignIn(
  host: Pick<Host<store.Tables>, "db" | "emit" | "now" | "nextId">,
  { attempts, enter, openLong, factors }: Parts,
): Pick<Handlers<typeof auth>, "login" | "loginFor"> {
  const { db, now } = host;
  const accountOf = createAccountProof(host, attempts);

  /** By a personal token in the place of the password. It is refused like a wrong password where it lacks the scope. */
  async function byToken(username: string, text: string, family: Family, call: Call) {
    const token = await openToken(db, text, now());
    const isAdmitted = token?.scopes?.includes(family) === true;
    const account = await accountOf(username, call, async (owner) => isAdmitted && token.userId === owner?.userId);
    return { ...account, family, token };
  }

  return {
    async login({ username, password }, call) {
      const account = await accountOf(username, call, (owner) => isPassword(password, owner?.passwordHash));
      return enter({ userId: account.userId, methods: ["password"] }, call, (tx) => mustKeepPassword(tx, account));
    },

    async loginFor({ family, username, password }, call) {
      if (partsOfToken(password)) {
        const account = await byToken(username, password, family, call);
        return db.tx((tx) => openLong(tx, account, call));
      }
      // These clients know of no second step: a token in the place of the password is the way for such an account.
      const account = await accountOf(username, call, async (owner) => {
        const isOwner = await isPassword(password, owner?.passwordHash);
        return isOwner && owner !== undefined && (await factors.methodsOf(db, owner.userId)).length === 0;
      });
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
