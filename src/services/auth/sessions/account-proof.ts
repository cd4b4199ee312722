import type { Call, Host, Id } from "#kernel";
import { emailKey } from "#kernel/text";
import { recordRefusedSignIn } from "../audit.ts";
import { isBanned } from "../bans.ts";
import { AwaitingApproval, BadCredentials, Banned } from "../contract.ts";
import { nameKey } from "../names.ts";
import type { AttemptLimit } from "../passwords/attempts.ts";
import * as store from "../store.ts";

type Account = store.LoginRow;
/** The account of a name, where `isProven` says that the caller is its user. */
export type AccountProof = (
  username: string,
  call: Call,
  isProven: (account: Account | undefined) => Promise<boolean>,
) => Promise<Account>;

/** Finds accounts by their names. Every way to sign in by a name shares the limit of attempts. */
export function createAccountProof(
  host: Pick<Host<store.Tables>, "db" | "emit" | "now" | "nextId">,
  attempts: AttemptLimit,
): AccountProof {
  const { db } = host;
  const mustBeActive = createStateCheck(host);
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
    await mustBeActive(account.userId);
    return account;
  }

  return accountOf;
}

/**
 * The state of an account is for its owner alone: this runs after they have proven who they are.
 * @throws AwaitingApproval, Banned
 */
export type StateCheck = (userId: Id) => Promise<void>;

export const createStateCheck =
  (host: Pick<Host<store.Tables>, "db" | "emit" | "now" | "nextId">): StateCheck =>
  async (userId) => {
    const { db, now } = host;
    const account = await store.accountById(db, userId);
    const isPending = account?.state === "pending";
    if (!account || (!isPending && !isBanned(account, now()))) return;
    const { state, stateUntilMs, stateReason: reason } = account;
    await db.tx((tx) => recordRefusedSignIn(host, tx, userId, state));
    throw isPending
      ? AwaitingApproval({})
      : Banned({ reason, ...(stateUntilMs !== null && { untilMs: stateUntilMs }) });
  };
