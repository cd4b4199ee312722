import { callerOf, type Handlers, type Host } from "#kernel";
import * as accountStore from "../account-store.ts";
import { type auth, BadPasskey, FactorNotFound, LastWayIn, TooManyTokens } from "../contract.ts";
import type { FactorChanges } from "./factor-changes.ts";
import { passkeysMax } from "./passkey-options.ts";
import * as factorStore from "./factor-store.ts";
import type { SecondFactors } from "./second-factor.ts";
import { waysIn } from "./account-factors.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import type { Challenges } from "../passkeys/challenges.ts";
import * as passkeyStore from "../passkeys/passkey-store.ts";
import { relyingPartyOf } from "../passkeys/relying-party.ts";
import { verifyCreation } from "../passkeys/verification.ts";

interface Parts {
  readonly challenges: Pick<Challenges, "take">;
  readonly changes: FactorChanges;
  readonly factors: Pick<SecondFactors, "factorsOf" | "methodsOf">;
}

/** Users add passkeys, name and remove them. */
export function createPasskeyHandlers(
  host: Pick<Host<Tables, Settings>, "db" | "now" | "nextId" | "settings">,
  { challenges, changes, factors }: Parts,
): Pick<Handlers<typeof auth>, "addPasskey" | "renamePasskey" | "removePasskey"> {
  const { db, now, nextId, settings } = host;
  return {
    async addPasskey({ challengeId, credential, name }, call) {
      const userId = callerOf(call);
      const party = relyingPartyOf(settings);
      const challenge = await challenges.take(challengeId, { purpose: "registration", userId });
      const verified = await verifyCreation(credential, { challenge, party });
      if (!verified) throw BadPasskey({});
      return db.answer(async (tx) => {
        await accountStore.lockAccount(tx, userId);
        if ((await passkeyStore.ofAccount(tx, userId)).length >= passkeysMax) throw TooManyTokens({});
        const isFirst = (await factors.methodsOf(tx, userId)).length === 0;
        const passkey = await passkeyStore.insert(tx, {
          id: nextId(),
          user_id: userId,
          credential_id: verified.credentialId,
          public_key: Buffer.from(verified.publicKey),
          counter: verified.counter,
          transports: credential.response.transports,
          name,
          rp_id: party.id,
          is_synced: verified.synced,
          is_passwordless: verified.isUserVerified,
          created_at_ms: now(),
        });
        if (!passkey) throw BadPasskey({});
        await changes.record(tx, userId, "passkey.added", call);
        return { ...passkey, ...(isFirst && { recoveryCodes: await changes.makeCodes(tx, userId) }) };
      });
    },

    async renamePasskey({ id, name }, call) {
      const passkey = await db.tx((tx) => passkeyStore.rename(tx, callerOf(call), id, name));
      if (!passkey) throw FactorNotFound({});
      return passkey;
    },

    async removePasskey({ id }, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await accountStore.lockAccount(tx, userId);
        if (!(await passkeyStore.remove(tx, userId, id))) throw FactorNotFound({});
        if (waysIn(await factors.factorsOf(tx, userId)).length === 0) throw LastWayIn({});
        // Codes without a factor would open nothing, and look as if they did.
        if ((await factors.methodsOf(tx, userId)).length === 0) await factorStore.replaceRecoveryCodes(tx, userId, []);
        await changes.record(tx, userId, "passkey.removed", call);
      });
      return {};
    },
  };
}
