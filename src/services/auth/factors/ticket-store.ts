import type { Id, Tx } from "#kernel";
import type { Proof } from "../contract.ts";
import type { Db, Tables } from "../store.ts";

export interface TicketRow {
  readonly userId: Id;
  readonly methods: Proof[];
  readonly tries: number;
  readonly expiresAtMs: number;
}

export const insert = (tx: Tx<Tables>, row: Omit<Tables["auth.sign_in_tickets"], "tries">) =>
  tx
    .insertInto("auth.sign_in_tickets")
    .values({ ...row, tries: 0 })
    .execute();

const columns = ["user_id as userId", "methods", "tries", "expires_at_ms as expiresAtMs"] as const;

export const read = (db: Db, tokenHash: string): Promise<TicketRow | undefined> =>
  db
    .selectFrom("auth.sign_in_tickets as tickets")
    .select(columns)
    .where("token_hash", "=", tokenHash)
    .executeTakeFirst();

/** Counts a try of a ticket before it is compared, so that parallel tries count too; undefined for no such ticket. */
export const countTry = (tx: Tx<Tables>, tokenHash: string): Promise<TicketRow | undefined> =>
  tx
    .updateTable("auth.sign_in_tickets as tickets")
    .set((e) => ({ tries: e("tries", "+", 1) }))
    .where("token_hash", "=", tokenHash)
    .returning(columns)
    .executeTakeFirst();

/** Removes a ticket; false where another request has done so. */
export async function remove(tx: Tx<Tables>, tokenHash: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("auth.sign_in_tickets as tickets")
    .where("token_hash", "=", tokenHash)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

export const forgetTickets = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("auth.sign_in_tickets as tickets").where("expires_at_ms", "<", beforeMs).execute();
