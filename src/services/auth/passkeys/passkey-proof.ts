import type { Call, Host, Id } from "#kernel";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import { BadPasskey } from "../failures.ts";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import type { Challenges, Use } from "./challenges.ts";
import type { PasskeyAnswer } from "./contract.ts";
import * as passkeyStore from "./passkey-store.ts";
import { relyingPartyOf } from "./relying-party.ts";
import { verifyAssertion } from "./verification.ts";

interface Needed extends Pick<Use, "ticket"> {
  /** The account whose passkey it must be; any account's where it is absent. */
  readonly userId?: Id;
}

/** Proves accounts by their passkeys. */
export interface PasskeyProof {
  /** The owner of a passkey that verified its user, and was made so. @throws BadPasskey */
  readonly prove: (answer: PasskeyAnswer, needed: Pick<Needed, "userId">, call: Call) => Promise<Id>;
  /** As the second step of a sign-in any passkey of the account is enough. @throws BadPasskey */
  readonly proveSecond: (answer: PasskeyAnswer, needed: Required<Needed>, call: Call) => Promise<Id>;
}

interface Parts {
  readonly challenges: Pick<Challenges, "take">;
  readonly alerts: Pick<Alerts, "raise">;
}

export function createPasskeyProof(
  host: Pick<Host<Tables, Settings>, "db" | "emit" | "now" | "settings">,
  { challenges, alerts }: Parts,
): PasskeyProof {
  const { db, now } = host;

  /** An authenticator that counts backwards was copied: one of the two is a thief's, and neither is believed. */
  async function recordCopy(userId: Id, call: Call): Promise<void> {
    await db.tx(async (tx) => {
      await recordAct(host, tx, userId, "passkey.copied", { detail: "its counter has not grown" });
      await alerts.raise(tx, userId, "passkey_copied", call);
    });
  }

  async function proveUse({ challengeId, credential }: PasskeyAnswer, use: Use, needed: Needed, call: Call) {
    const challenge = await challenges.take(challengeId, use);
    const party = relyingPartyOf(host.settings);
    const passkey = await passkeyStore.byCredential(db, credential.id);
    const { userHandle } = credential.response;
    const isExpected =
      passkey?.rpId === party.id &&
      (needed.userId === undefined || passkey.userId === needed.userId) &&
      (userHandle === undefined || userHandle === handleOf(passkey.userId));
    if (!isExpected) throw BadPasskey({});
    const verified = await verifyAssertion(credential, passkey.publicKey, { challenge, party });
    const isPasswordless = passkey.passwordless && verified?.isUserVerified === true;
    if (!verified || (use.purpose === "sign_in" && !isPasswordless)) {
      await db.tx((tx) => recordAct(host, tx, passkey.userId, "session.refused", { detail: "passkey" }));
      throw BadPasskey({});
    }
    const { counter, synced } = verified;
    if (await db.tx((tx) => passkeyStore.recordUse(tx, passkey.id, { counter, synced, nowMs: now() })))
      return passkey.userId;
    await recordCopy(passkey.userId, call);
    throw BadPasskey({});
  }

  return {
    prove: (answer, needed, call) => proveUse(answer, { purpose: "sign_in" }, needed, call),
    proveSecond: (answer, { userId, ticket }, call) =>
      proveUse(answer, { purpose: "second_step", ticket }, { userId }, call),
  };
}

/** The account as authenticators store it, which says nothing about its user. Pure. */
export const handleOf = (userId: Id): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(userId));
  return bytes.toString("base64url");
};
