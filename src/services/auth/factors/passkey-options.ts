import { callerOf, type Handlers, type Host, type Id } from "#kernel";
import * as accountStore from "../account-store.ts";
import { type auth, TicketOver, TooManyTokens } from "../contract.ts";
import { answerMsMax, type Challenges } from "../passkeys/challenges.ts";
import { handleOf } from "../passkeys/passkey-proof.ts";
import * as passkeyStore from "../passkeys/passkey-store.ts";
import { relyingPartyOf } from "../passkeys/relying-party.ts";
import { algorithms } from "../passkeys/verification.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import type { Tickets } from "./tickets.ts";

export const passkeysMax = 20;
const type = "public-key";

interface Parts {
  readonly challenges: Pick<Challenges, "make">;
  readonly tickets: Pick<Tickets, "read">;
}

/** The options by which browsers make and use passkeys (WebAuthn §5.4, §5.5). */
export function createPasskeyOptions(
  { db, settings }: Pick<Host<Tables, Settings>, "db" | "settings">,
  { challenges, tickets }: Parts,
): Pick<Handlers<typeof auth>, "beginPasskey" | "passkeyOptions"> {
  const descriptors = async (userId: Id, rpId: string) =>
    (await passkeyStore.descriptors(db, userId, rpId)).map((descriptor) => ({ ...descriptor, type }) as const);

  return {
    async beginPasskey(_, call) {
      const userId = callerOf(call);
      const { id, name } = relyingPartyOf(settings);
      const account = await accountStore.passwordOf(db, userId);
      // An authenticator that made a passkey for nothing would go on offering it.
      if ((await passkeyStore.ofAccount(db, userId)).length >= passkeysMax) throw TooManyTokens({});
      const username = account?.username ?? "";
      return {
        ...(await challenges.make({ purpose: "registration", userId })),
        rp: { id, name },
        user: { id: handleOf(userId), name: username, displayName: username },
        pubKeyCredParams: algorithms.map((alg) => ({ type, alg }) as const),
        timeout: answerMsMax,
        attestation: "none",
        excludeCredentials: await descriptors(userId, id),
        authenticatorSelection: {
          residentKey: "preferred",
          requireResidentKey: false,
          userVerification: "preferred",
        },
      };
    },

    async passkeyOptions({ ticket }) {
      const { id: rpId } = relyingPartyOf(settings);
      const signIn = ticket === undefined ? undefined : await tickets.read(ticket);
      if (ticket !== undefined && !signIn) throw TicketOver({});
      return {
        ...(await challenges.make(ticket === undefined ? { purpose: "sign_in" } : { purpose: "second_step", ticket })),
        rpId,
        allowCredentials: signIn ? await descriptors(signIn.userId, rpId) : [],
        timeout: answerMsMax,
        userVerification: signIn ? "preferred" : "required",
      };
    },
  };
}
