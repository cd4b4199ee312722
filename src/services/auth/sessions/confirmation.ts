import { type Call, callerOf, type Handlers, type Host, type Id } from "#kernel";
import { BadToken } from "#policy/account";
import { type auth, BadSignature, freshMs, NoProof } from "../contract.ts";
import type { ConfirmPassword } from "../passwords/password-check.ts";
import type { SecondFactors } from "../factors/second-factor.ts";
import type { PasskeyProof } from "../passkeys/passkey-proof.ts";
import * as store from "../store.ts";
import { shownAddress } from "../wallets/addresses.ts";
import type { Challenges } from "../wallets/challenges.ts";
import type { SignedChallenge } from "../wallets/contract.ts";
import * as walletStore from "../wallets/wallet-store.ts";

interface Parts {
  readonly confirmPassword: ConfirmPassword;
  readonly factors: Pick<SecondFactors, "useCode">;
  readonly passkeys: Pick<PasskeyProof, "prove">;
  readonly wallets: Pick<Challenges, "prove">;
}

/** Users prove again who they are, and read what their token says. */
export function createConfirmation(
  { db, now }: Pick<Host<store.Tables>, "db" | "now">,
  { confirmPassword, factors, passkeys, wallets }: Parts,
): Pick<Handlers<typeof auth>, "confirm" | "verify"> {
  /** @throws BadSignature where it is no wallet of the account */
  async function confirmByWallet(signed: SignedChallenge, call: Call, userId: Id): Promise<void> {
    const wallet = await walletStore.byIdentity(db, await wallets.prove(signed, call));
    if (wallet?.userId !== userId) throw BadSignature({});
  }

  return {
    async confirm({ password, code, passkey, challengeId, signature }, call) {
      const userId = callerOf(call);
      const { sessionId } = call;
      if (sessionId === undefined) throw BadToken({});
      const { agent, source } = call;
      if (passkey !== undefined) await passkeys.prove(passkey, { userId }, call);
      else if (code !== undefined) await factors.useCode(code, { userId, agent, source, triesLeft: 1 });
      else if (password !== undefined) await confirmPassword(password, call, userId);
      else if (challengeId !== undefined && signature !== undefined)
        await confirmByWallet({ challengeId, signature }, call, userId);
      else throw NoProof({});
      const nowMs = now();
      await db.tx((tx) => store.setAuthenticated(tx, sessionId, nowMs));
      return { untilMs: nowMs + freshMs };
    },

    async verify(_, call) {
      const userId = callerOf(call);
      const session = await store.sessionById(db, call.sessionId ?? "");
      const account = await store.accountById(db, userId);
      if (!session || !account) throw BadToken({});
      const { methods, scopes, authenticatedAtMs, expiresAtMs } = session;
      const [wallet] = await walletStore.ofUsers(db, [userId]);
      return {
        valid: true,
        userId,
        username: account.username,
        expiresAtMs,
        scopes,
        methods,
        authenticatedAtMs,
        ...(wallet && { walletAddress: shownAddress(wallet.namespace, wallet.address) }),
      };
    },
  };
}
