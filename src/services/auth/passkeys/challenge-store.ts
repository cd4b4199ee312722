import type { Tx } from "#kernel";
import type { Insertable } from "kysely";
import type { Tables } from "../store.ts";

type Table = Tables["auth.passkey_challenges"];
export interface ChallengeRow {
  readonly challenge: string;
  readonly purpose: Table["purpose"];
  readonly userId: Table["user_id"];
  readonly ticketHash: string | null;
  readonly expiresAtMs: number;
}

export const insert = (tx: Tx<Tables>, row: Insertable<Table>) =>
  tx.insertInto("auth.passkey_challenges").values(row).execute();

/** Removes a challenge and yields it: of concurrent answers one has it. */
export const take = (tx: Tx<Tables>, id: string): Promise<ChallengeRow | undefined> =>
  tx
    .deleteFrom("auth.passkey_challenges as challenges")
    .where("id", "=", id)
    .returning([
      "challenge",
      "purpose",
      "user_id as userId",
      "ticket_hash as ticketHash",
      "expires_at_ms as expiresAtMs",
    ])
    .executeTakeFirst();

export const forgetChallenges = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.passkey_challenges as challenges").where("expires_at_ms", "<", beforeMs).execute();
