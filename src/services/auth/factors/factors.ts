import { callerOf, type Handlers, type Host } from "#kernel";
import * as accountStore from "../account-store.ts";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import { AccountNotFound, type auth, FactorOff } from "../contract.ts";
import * as passkeyStore from "../passkeys/passkey-store.ts";
import * as linkStore from "../providers/link-store.ts";
import { presentLink } from "../providers/link-presenter.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { presentWallet } from "../wallets/linked-wallets.ts";
import * as walletStore from "../wallets/wallet-store.ts";
import type { FactorChanges } from "./factor-changes.ts";
import * as factorStore from "./factor-store.ts";
import type { SecondFactors } from "./second-factor.ts";

interface Parts {
  readonly changes: FactorChanges;
  readonly alerts: Pick<Alerts, "raise">;
  readonly factors: SecondFactors;
}

/** Users see the ways to sign in to their accounts; administrators remove those that were lost. */
export function createFactorHandlers(
  host: Pick<Host<Tables, Settings>, "db" | "emit" | "now" | "settings">,
  { changes, alerts, factors }: Parts,
): Pick<Handlers<typeof auth>, "factors" | "renewRecoveryCodes" | "removeFactors"> {
  const { db, settings } = host;
  const { makeCodes, record } = changes;

  return {
    async factors(_, call) {
      const userId = callerOf(call);
      const [{ hasPassword: password }, passwordChangedAtMs, totp, passkeys, recoveryCodesLeft, wallets, links] =
        await Promise.all([
          factors.factorsOf(db, userId),
          accountStore.passwordChange(db, userId),
          factorStore.totp(db, userId),
          passkeyStore.ofAccount(db, userId),
          factorStore.recoveryCodesLeft(db, userId),
          walletStore.ofUsers(db, [userId]),
          linkStore.ofUser(db, userId),
        ]);
      const sinceMs = totp?.confirmedAtMs ?? null;
      return {
        password,
        passwordChangedAtMs,
        totp: sinceMs === null ? null : { sinceMs },
        passkeys,
        recoveryCodesLeft,
        wallets: wallets.map(presentWallet),
        providers: links.map((link) => presentLink(link, settings.providers)),
      };
    },

    renewRecoveryCodes: (_, call) =>
      db.answer(async (tx) => {
        const userId = callerOf(call);
        if ((await factors.methodsOf(tx, userId)).length === 0) throw FactorOff({});
        const recoveryCodes = await makeCodes(tx, userId);
        await record(tx, userId, "recovery_codes.renewed", call);
        return { recoveryCodes };
      }),

    async removeFactors({ id, reason }, call) {
      await db.tx(async (tx) => {
        if (!(await accountStore.lockAccount(tx, id))) throw AccountNotFound({});
        await factorStore.removeTotp(tx, id);
        await passkeyStore.removeAll(tx, id);
        await factorStore.replaceRecoveryCodes(tx, id, []);
        await recordAct(host, tx, id, "factors.removed", { actorId: callerOf(call), detail: reason });
        await alerts.raise(tx, id, "factor_changed", {});
      });
      return {};
    },
  };
}
