import { anyOf, type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../../store.ts";

export const userAccounts = ["gift_coins", "coins", "gift_earnings", "earnings"] as const;
export type UserAccount = (typeof userAccounts)[number];

/** The four accounts of a user. */
export type Accounts = Readonly<Record<UserAccount, Id>>;

/** The accounts of the given users, without users that have none. */
export async function accountsOf(db: Db, userIds: readonly Id[]): Promise<Map<Id, Accounts>> {
  const rows = await db
    .selectFrom("live.accounts")
    .select(["owner_id as ownerId", "kind", "id"])
    .where("owner_id", "=", anyOf(userIds))
    .execute();
  const accounts = new Map<Id, Record<string, Id>>();
  for (const { ownerId, kind, id } of rows) accounts.set(ownerId ?? 0, { ...accounts.get(ownerId ?? 0), [kind]: id });
  return accounts as unknown as Map<Id, Accounts>; // The four are made in one statement.
}

/** Creates accounts where there are none. @returns the users whose accounts were created */
export async function insertAccounts(
  tx: Tx<Tables>,
  accounts: readonly { readonly id: Id; readonly owner_id: Id; readonly kind: UserAccount }[],
): Promise<Set<Id>> {
  const made = await tx
    .insertInto("live.accounts")
    .values([...accounts])
    .onConflict((conflict) => conflict.doNothing())
    .returning("owner_id as ownerId")
    .execute();
  return new Set(made.map(({ ownerId }) => ownerId ?? 0));
}

export interface Balances {
  readonly giftCoins: number;
  readonly coins: number;
  readonly giftEarnings: number;
  readonly earnings: number;
  readonly pendingPayouts: number;
}

export async function balancesOf(db: Db, userId: Id): Promise<Balances> {
  const { rows } = await sql<Balances>`
    SELECT coalesce(sum(balance) FILTER (WHERE kind = 'gift_coins'), 0)::bigint AS "giftCoins",
           coalesce(sum(balance) FILTER (WHERE kind = 'coins'), 0)::bigint AS coins,
           coalesce(sum(balance) FILTER (WHERE kind = 'gift_earnings'), 0)::bigint AS "giftEarnings",
           coalesce(sum(balance) FILTER (WHERE kind = 'earnings'), 0)::bigint AS earnings,
           coalesce(sum(pending) FILTER (WHERE kind = 'earnings'), 0)::bigint AS "pendingPayouts"
    FROM live.accounts LEFT JOIN LATERAL (
      SELECT sum(amount) AS pending FROM live.payouts
      WHERE account_id = accounts.id AND status IN ('pending', 'approved')
    ) AS requested ON TRUE
    WHERE owner_id = ${userId}`.execute(db);
  return rows[0] ?? { giftCoins: 0, coins: 0, giftEarnings: 0, earnings: 0, pendingPayouts: 0 };
}

export interface Entry {
  readonly id: number;
  readonly account: UserAccount;
  readonly kind: Tables["live.transfers"]["kind"];
  readonly amount: number;
  readonly balance: number;
  readonly liveId: Id | null;
  readonly giftId: Id | null;
  readonly userId: Id | null;
  readonly payoutId: Id | null;
  readonly atMs: number;
}

/** The moves of a user's accounts, the newest first. A user's accounts never pay one another. */
export function statement(db: Db, userId: Id, page: PageInput): Promise<Page<Entry>> {
  const side = (isDebit: boolean) =>
    db
      .selectFrom("live.accounts as account")
      .innerJoin("live.transfers as transfer", isDebit ? "transfer.debit" : "transfer.credit", "account.id")
      .select([
        "transfer.seq",
        "account.kind as account",
        "transfer.kind",
        (isDebit ? sql<number>`-transfer.amount` : sql<number>`transfer.amount`).as("amount"),
        (isDebit ? sql<number>`transfer.debit_balance` : sql<number>`transfer.credit_balance`).as("balance"),
        "transfer.ref",
        "transfer.at_ms",
      ])
      .where("account.owner_id", "=", userId);
  const isGift = sql<boolean>`entry.kind IN ('gift', 'platform_share')`;
  const entries = db
    .selectFrom(side(true).unionAll(side(false)).as("entry"))
    .leftJoin("live.live_gift_records as gift", (join) => join.onRef("gift.id", "=", "entry.ref").on(isGift))
    .select([
      "entry.seq as id",
      sql<UserAccount>`entry.account`.as("account"),
      "entry.kind",
      "entry.amount",
      "entry.balance",
      "gift.live_id as liveId",
      "gift.gift_id as giftId",
      sql<Id | null>`CASE WHEN gift.target_id <> ${userId} THEN gift.target_id WHEN NOT gift.is_anonymous THEN gift.user_id END`.as(
        "userId",
      ),
      sql<Id | null>`CASE WHEN entry.kind = 'payout' THEN entry.ref END`.as("payoutId"),
      "entry.at_ms as atMs",
    ]);
  return pageOf(db, entries, { "entry.seq": "id" }, page);
}

/** Accounts of a deleted user keep their balance and name nobody. */
export async function forgetOwner(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.updateTable("live.accounts").set({ owner_id: null }).where("owner_id", "=", userId).execute();
}
