import { callerOf, type Handlers, type Host } from "#kernel";
import * as accountStore from "../account-store.ts";
import { AccountNotFound, type auth, BadCode, FactorOff, FactorOn } from "../contract.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import type { FactorChanges } from "./factor-changes.ts";
import * as factorStore from "./factor-store.ts";
import type { SecondFactors } from "./second-factor.ts";
import { base32, keyUri, secretBytes, stepOf } from "./totp.ts";

interface Parts {
  readonly changes: FactorChanges;
  readonly factors: SecondFactors;
}

/** Users set up an authenticator app, and switch it off. */
export function createTotpHandlers(
  { db, now, random, settings }: Pick<Host<Tables, Settings>, "db" | "now" | "random" | "settings">,
  { changes: { makeCodes, record }, factors }: Parts,
): Pick<Handlers<typeof auth>, "addTotp" | "confirmTotp" | "removeTotp"> {
  return {
    async addTotp(_, call) {
      const userId = callerOf(call);
      const secret = base32(random(secretBytes));
      const account = await accountStore.passwordOf(db, userId);
      if (!account) throw AccountNotFound({});
      const isStored = await db.tx((tx) => factorStore.storeTotp(tx, userId, factors.seal(userId, secret)));
      // One that is on stays until it is removed, so that nobody switches apps without having seen a code.
      if (!isStored) throw FactorOn({});
      return { secret, uri: keyUri(secret, { issuer: settings.siteName, account: account.username }) };
    },

    async confirmTotp({ code }, call) {
      const userId = callerOf(call);
      const totp = await factors.secretOf(db, userId);
      if (!totp || totp.isConfirmed) throw FactorOff({});
      const step = stepOf(totp.secret, code, now());
      if (step === undefined) throw BadCode({ shown: { tries_left: 1 } });
      return db.answer(async (tx) => {
        const isFirst = (await factors.methodsOf(tx, userId)).length === 0;
        if (!(await factorStore.useStep(tx, userId, { step, sealed: factors.seal(userId, totp.secret) })))
          throw BadCode({ shown: { tries_left: 1 } });
        await factorStore.confirmTotp(tx, userId, now());
        await record(tx, userId, "totp.added", call);
        return isFirst ? { recoveryCodes: await makeCodes(tx, userId) } : {};
      });
    },

    async removeTotp(_, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        if (!(await factorStore.removeTotp(tx, userId))) return;
        // Codes without a factor would open nothing, and look as if they did.
        if ((await factors.methodsOf(tx, userId)).length === 0) await factorStore.replaceRecoveryCodes(tx, userId, []);
        await record(tx, userId, "totp.removed", call);
      });
      return {};
    },
  };
}
