import { type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import type { Insertable } from "kysely";
import type { PayoutStatus } from "../contract.ts";
import type { Db, Tables } from "../store.ts";

const rows = (db: Db) =>
  db
    .selectFrom("live.payouts as payout")
    .innerJoin("live.accounts as account", "account.id", "payout.account_id")
    .select([
      "payout.id",
      "payout.account_id as accountId",
      "payout.transfer_id as transferId",
      "payout.amount",
      "payout.status",
      "payout.note",
      "payout.requested_at_ms as requestedAtMs",
      "payout.expires_at_ms as expiresAtMs",
      "payout.decided_at_ms as decidedAtMs",
      "account.owner_id as userId",
    ]);
export type Row = NonNullable<Awaited<ReturnType<typeof byId>>>;

const byId = (db: Db, id: Id) => rows(db).where("payout.id", "=", id).executeTakeFirst();
export const lockById = (tx: Tx<Tables>, id: Id) =>
  rows(tx).where("payout.id", "=", id).forUpdate("payout").executeTakeFirst();

export async function insert(tx: Tx<Tables>, row: Insertable<Tables["live.payouts"]>): Promise<void> {
  await tx.insertInto("live.payouts").values(row).execute();
}

export async function setStatus(
  tx: Tx<Tables>,
  id: Id,
  change: { readonly status: PayoutStatus; readonly note?: string; readonly decided_at_ms: number },
): Promise<void> {
  await tx.updateTable("live.payouts").set(change).where("id", "=", id).execute();
}

export const ofUser = (db: Db, userId: Id, page: PageInput): Promise<Page<Row>> =>
  pageOf(db, rows(db).where("account.owner_id", "=", userId), { "payout.id": "id" }, page);

export const all = (db: Db, status: PayoutStatus | undefined, page: PageInput): Promise<Page<Row>> =>
  pageOf(
    db,
    rows(db).$if(status !== undefined, (query) => query.where("payout.status", "=", status ?? "pending")),
    { "payout.id": "id" },
    page,
  );

/** Undecided payouts whose time is over, or all those of a user. */
export const pending = (tx: Tx<Tables>, of: { readonly userId: Id } | { readonly dueMs: number }) =>
  rows(tx)
    .where("payout.status", "=", "pending")
    .$if("userId" in of, (query) => query.where("account.owner_id", "=", "userId" in of ? of.userId : 0))
    .$if("dueMs" in of, (query) => query.where("payout.expires_at_ms", "<=", "dueMs" in of ? of.dueMs : 0))
    .orderBy("payout.id")
    .limit(1_000)
    .forUpdate("payout")
    .execute();
