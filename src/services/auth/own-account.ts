import { BadToken } from "#policy/account";
import { type Call, callerOf, type Handlers, type Host, type Id } from "#kernel";
import type { z } from "zod";
import { removeAccounts } from "./account-deletion.ts";
import * as accountStore from "./account-store.ts";
import { recordAct } from "./audit.ts";
import { type auth, BadReset, LastAdmin, WeakPassword, WrongPassword } from "./contract.ts";
import { hashPassword, isPassword, isWeak } from "./passwords.ts";
import type { AttemptLimit } from "./sessions/attempts.ts";
import type { Tables } from "./store.ts";
import { hashSecret } from "./tokens.ts";

type Reset = z.output<(typeof auth)["methods"]["resetPassword"]["input"]>;

/** Users change their password, export their data and delete their account. */
export function createOwnAccount(
  host: Pick<Host<Tables>, "db" | "emit" | "now">,
  attempts: AttemptLimit,
): Pick<Handlers<typeof auth>, "changePassword" | "resetPassword" | "reset" | "deleteAccount" | "recordExport"> {
  const { db, now } = host;

  /** Attempts here share the limit of sign-ins. @throws WrongPassword, TooManyAttempts */
  async function confirmPassword(password: string, { source }: Call, userId: Id) {
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
  }

  async function resetPassword({ token, password }: Reset) {
    const tokenHash = hashSecret(token);
    const link = await accountStore.readReset(db, tokenHash);
    if (!link || link.expiresAtMs <= now()) throw BadReset({});
    if (isWeak(password, link.username)) throw WeakPassword({});
    const hash = await hashPassword(password);
    await db.tx(async (tx) => {
      const used = await accountStore.takeReset(tx, tokenHash);
      if (!used || used.expiresAtMs <= now()) throw BadReset({});
      const { userId } = used;
      await accountStore.setPassword(tx, userId, hash);
      await accountStore.endSessions(tx, userId, now());
      await recordAct(host, tx, userId, "password.reset", { actorId: userId });
    });
    return {};
  }

  return {
    async changePassword({ oldPassword, password }, call) {
      const userId = callerOf(call);
      const { username, passwordHash } = await confirmPassword(oldPassword, call, userId);
      if (isWeak(password, username)) throw WeakPassword({});
      const hash = await hashPassword(password);
      return db.answer(async (tx) => {
        if (!(await accountStore.lockConfirmed(tx, userId, passwordHash))) throw WrongPassword({});
        await accountStore.setPassword(tx, userId, hash);
        await accountStore.endSessions(tx, userId, now(), { but: call.sessionId });
        await recordAct(host, tx, userId, "password.changed", { actorId: userId });
        return {};
      });
    },

    resetPassword,
    reset: resetPassword,

    async recordExport({ userId, hasOriginals }) {
      const detail = hasOriginals ? "with original files" : undefined;
      await db.tx((tx) => recordAct(host, tx, userId, "user.exported", { actorId: userId, detail }));
      return {};
    },

    async deleteAccount({ password }, call) {
      const userId = callerOf(call);
      const { passwordHash } = await confirmPassword(password, call, userId);
      return db.answer(async (tx) => {
        const account = await accountStore.lockConfirmed(tx, userId, passwordHash);
        if (!account) throw WrongPassword({});
        if (account.role === "admin" && !(await accountStore.hasOtherAdmin(tx, userId))) throw LastAdmin({});
        await removeAccounts(host, tx, [userId], userId);
        return {};
      });
    },
  };
}
