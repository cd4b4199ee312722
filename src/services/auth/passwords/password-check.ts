import { BadToken } from "#policy/account";
import type { Call, Host, Id } from "#kernel";
import * as accountStore from "../account-store.ts";
import { recordAct } from "../audit.ts";
import { WrongPassword } from "../contract.ts";
import { isPassword } from "./passwords.ts";
import type { AttemptLimit } from "./attempts.ts";
import type { Tables } from "../store.ts";

/**
 * The account of a signed-in user who knows its password. Attempts here share the limit of sign-ins.
 * @throws WrongPassword, TooManyAttempts
 */
export type ConfirmPassword = (password: string, call: Call, userId: Id) => Promise<accountStore.PasswordRow>;

export const createPasswordCheck =
  (host: Pick<Host<Tables>, "db" | "emit" | "now">, attempts: AttemptLimit): ConfirmPassword =>
  async (password, { source }, userId) => {
    const { db } = host;
    const account = await accountStore.passwordOf(db, userId);
    if (!account) throw BadToken({});
    const recordRefusal = (detail?: string) =>
      db.tx((tx) => recordAct(host, tx, userId, "password.refused", { actorId: userId, detail }));
    await attempts.count(account.nameKey, source, {
      ownerOf: async () => userId,
      record: () => recordRefusal("too many attempts"),
    });
    if (!(await isPassword(password, account.passwordHash))) {
      await recordRefusal();
      throw WrongPassword({});
    }
    await attempts.forgive(account.nameKey, source);
    return account;
  };
