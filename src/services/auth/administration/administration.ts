import { userRoleChanged } from "#events/auth";
import type { Call, Handlers, Host, Id, Tx } from "#kernel";
import { removeAccounts } from "../deletion/account-deletion.ts";
import * as accountStore from "../account-store.ts";
import { recordAct } from "../audit.ts";
import { AccountNotFound, AdmittedAlready, type auth, LastAdmin } from "../contract.ts";
import { storeReset } from "../passwords/password-reset.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import { publishRegistered } from "../registration/registered-event.ts";
import type { Tables } from "../store.ts";

/** Administrators and moderators manage accounts and registration. */
export function createAdministration(
  host: Pick<Host<Tables>, "db" | "emit" | "now" | "random">,
  mails: Pick<AccountMails, "rejected">,
): Pick<Handlers<typeof auth>, "accounts" | "setRole" | "admit" | "reject" | "resetLink" | "removeAccount"> {
  const { db, emit, now, random } = host;

  const record = (tx: Tx<Tables>, { userId: actorId }: Call, act: string, id: Id, detail?: string) =>
    recordAct(host, tx, id, act, { actorId, detail });

  return {
    accounts: ({ q, state, role, ...page }) => accountStore.accounts(db, { q, state, role }, page),

    async setRole({ id, role }, call) {
      await db.tx(async (tx) => {
        const before = await lockAccount(tx, id, { losesAdmin: role !== "admin" });
        if (before.role === role) return;
        await accountStore.setRole(tx, id, role);
        await emit(tx, userRoleChanged, id, { userId: id, role, atMs: now() });
        await record(tx, call, "role.changed", id, `${before.role} → ${role}`);
      });
      return {};
    },

    async admit({ id }, call) {
      await db.tx(async (tx) => {
        const account = await lockAccount(tx, id);
        if (account.state !== "pending") return;
        await accountStore.setState(tx, id, "active");
        await publishRegistered(emit, tx, account);
        await record(tx, call, "user.admitted", id);
      });
      return {};
    },

    async reject({ id, message }, call) {
      await db.tx(async (tx) => {
        const account = await lockAccount(tx, id);
        // An account that was admitted is never pending again.
        if (account.state !== "pending") throw AdmittedAlready({});
        await removeAccounts(host, tx, [id], call.userId);
        if (message !== "" && account.email !== null)
          await mails.rejected(tx, { userId: id, to: account.email, username: account.username, message });
        await record(tx, call, "user.rejected", id);
      });
      return {};
    },

    async resetLink({ id }, call) {
      const token = random(24).toString("base64url");
      return db.answer(async (tx) => {
        await lockAccount(tx, id);
        await record(tx, call, "password.link_made", id);
        return { token, expiresAtMs: await storeReset(tx, id, token, now()) };
      });
    },

    async removeAccount({ id }, call) {
      await db.tx(async (tx) => {
        await lockAccount(tx, id, { losesAdmin: true });
        await removeAccounts(host, tx, [id], call.userId);
      });
      return {};
    },
  };
}

/** @throws AccountNotFound; LastAdmin where the last administrator would lose that role */
async function lockAccount(tx: Tx<Tables>, id: Id, { losesAdmin = false } = {}) {
  const account = await accountStore.lockAccount(tx, id);
  if (!account) throw AccountNotFound({});
  if (losesAdmin && account.role === "admin" && !(await accountStore.hasOtherAdmin(tx, id))) throw LastAdmin({});
  return account;
}
