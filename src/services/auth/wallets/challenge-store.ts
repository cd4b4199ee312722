import type { Tx } from "#kernel";
import type { Tables } from "../store.ts";

export const insert = (tx: Tx<Tables>, row: Tables["auth.wallet_challenges"]) =>
  tx.insertInto("auth.wallet_challenges").values(row).execute();

/** Removes a challenge, and yields it to the one request that did so. */
export const take = (tx: Tx<Tables>, challengeHash: string): Promise<Tables["auth.wallet_challenges"] | undefined> =>
  tx
    .deleteFrom("auth.wallet_challenges as challenges")
    .where("challenge_hash", "=", challengeHash)
    .returningAll()
    .executeTakeFirst();

export const forgetChallenges = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.wallet_challenges as challenges").where("expires_at_ms", "<", beforeMs).execute();
