import { type Call, callerOf, type Handlers, type Host } from "#kernel";
import type { z } from "zod";
import { removeAccounts } from "./deletion/account-deletion.ts";
import * as accountStore from "./account-store.ts";
import type { Alerts } from "./alerts/alerts.ts";
import { recordAct } from "./audit.ts";
import { type auth, BadReset, LastAdmin, WeakPassword, WrongPassword } from "./contract.ts";
import type { ConfirmPassword } from "./passwords/password-check.ts";
import { hashPassword, isWeak } from "./passwords/passwords.ts";
import type { Tables } from "./store.ts";
import { hashSecret } from "./tokens.ts";

type Reset = z.output<(typeof auth)["methods"]["resetPassword"]["input"]>;

/** Users change their password, export their data and delete their account. */
export function createOwnAccount(
  host: Pick<Host<Tables>, "db" | "emit" | "now">,
  { alerts, confirmPassword }: { readonly alerts: Pick<Alerts, "raise">; readonly confirmPassword: ConfirmPassword },
): Pick<Handlers<typeof auth>, "changePassword" | "resetPassword" | "reset" | "deleteAccount" | "recordExport"> {
  const { db, now } = host;

  async function resetPassword({ token, password }: Reset, call: Call) {
    const tokenHash = hashSecret(token);
    const link = await accountStore.readReset(db, tokenHash);
    if (!link || link.expiresAtMs <= now()) throw BadReset({});
    if (isWeak(password, link.username)) throw WeakPassword({});
    const hash = await hashPassword(password);
    await db.tx(async (tx) => {
      const used = await accountStore.takeReset(tx, tokenHash);
      if (!used || used.expiresAtMs <= now()) throw BadReset({});
      const { userId } = used;
      await accountStore.setPassword(tx, userId, hash, now());
      await accountStore.endSessions(tx, userId, now());
      await recordAct(host, tx, userId, "password.reset", { actorId: userId });
      await alerts.raise(tx, userId, "reset", call);
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
        await accountStore.setPassword(tx, userId, hash, now());
        await accountStore.endSessions(tx, userId, now(), { but: call.sessionId });
        await recordAct(host, tx, userId, "password.changed", { actorId: userId });
        await alerts.raise(tx, userId, "factor_changed", call);
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
      // An account without a password has just proven itself in another way.
      const stored = await accountStore.passwordOf(db, userId);
      const { passwordHash } =
        stored?.passwordHash === null ? stored : await confirmPassword(password ?? "", call, userId);
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
