import type { Host, Id } from "#kernel";
import { BadPasskey } from "../failures.ts";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import * as challengeStore from "./challenge-store.ts";

const lifeMs = 5 * 60_000;
/** Browsers wait for the user as long. */
export const answerMsMax = lifeMs;

/** The use that a challenge is for: no answer to one passes for an answer to another. */
export interface Use {
  readonly purpose: challengeStore.ChallengeRow["purpose"];
  /** The account that makes a passkey. */
  readonly userId?: Id | undefined;
  /** The sign-in that is continued. */
  readonly ticket?: string | undefined;
}

/** Challenges of passkeys. */
export interface Challenges {
  readonly make: (use: Use) => Promise<{ readonly challengeId: string; readonly challenge: string }>;
  /** Uses a challenge up, before its answer is verified. @throws BadPasskey for one that is used, late, or of another use */
  readonly take: (challengeId: string, use: Use) => Promise<string>;
}

export const createChallenges = ({ db, now, random }: Pick<Host<Tables>, "db" | "now" | "random">): Challenges => ({
  async make({ purpose, userId, ticket }) {
    const challengeId = random(16).toString("base64url");
    const challenge = random(32).toString("base64url");
    const row = {
      id: challengeId,
      challenge,
      purpose,
      user_id: userId ?? null,
      ticket_hash: ticket === undefined ? null : hashSecret(ticket),
      expires_at_ms: now() + lifeMs,
    };
    await db.tx((tx) => challengeStore.insert(tx, row));
    return { challengeId, challenge };
  },

  async take(challengeId, { purpose, userId, ticket }) {
    const row = await db.tx((tx) => challengeStore.take(tx, challengeId));
    const isOfUse =
      row?.purpose === purpose &&
      row.userId === (userId ?? null) &&
      row.ticketHash === (ticket === undefined ? null : hashSecret(ticket));
    if (!isOfUse || row.expiresAtMs <= now()) throw BadPasskey({});
    return row.challenge;
  },
});
