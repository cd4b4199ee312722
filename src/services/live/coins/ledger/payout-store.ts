import { anyOf, type Id, type Page, type PageInput, pageOf, type Tx } from "#kernel";
import { idTimeMs } from "#kernel/ids/id";
import { type Insertable, sql } from "kysely";
import type { PayoutSources, PayoutStatus } from "../../contract.ts";
import type { Db, Tables } from "../../store.ts";

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

export interface Row {
  readonly id: Id;
  readonly accountId: Id;
  readonly transferId: string;
  readonly amount: number;
  readonly status: PayoutStatus;
  readonly note: string;
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
  readonly decidedAtMs: number | null;
  readonly userId: Id | null;
}
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

interface SourceRow extends Omit<PayoutSources, "oldestGiverAtMs" | "newestGiverAtMs"> {
  readonly id: Id;
  /** Ids of accounts, which contain the time of their creation. */
  readonly oldestGiver: Id | null;
  readonly newestGiver: Id | null;
}

/** The sources of the earnings behind these payouts when each was asked for. */
export async function sourcesOf(db: Db, ids: readonly Id[]): Promise<Map<Id, PayoutSources>> {
  const { rows: sources } = await sql<SourceRow>`
    SELECT payout.id, giver.*, coalesce(gifted.balance, 0)::bigint AS "giftEarnings"
    FROM live.payouts AS payout
    JOIN live.accounts AS account ON account.id = payout.account_id
    LEFT JOIN live.accounts AS gifted ON gifted.owner_id = account.owner_id AND gifted.kind = 'gift_earnings'
    CROSS JOIN LATERAL (
      SELECT count(*) AS "giverCount", min(debit) AS "oldestGiver", max(debit) AS "newestGiver",
             coalesce(sum(issued.bought), 0)::bigint AS "boughtCoins",
             coalesce(sum(issued.granted), 0)::bigint AS "grantedCoins",
             coalesce(max(given), 0)::bigint AS "largestGiver"
      FROM (
        SELECT debit, sum(amount) AS given FROM live.transfers
        WHERE credit = payout.account_id AND kind = 'gift' AND at_ms <= payout.requested_at_ms GROUP BY debit
      ) AS gift
      CROSS JOIN LATERAL (
        SELECT sum(amount) FILTER (WHERE kind = 'purchase') AS bought, sum(amount) FILTER (WHERE kind = 'grant') AS granted
        FROM live.transfers WHERE credit = gift.debit AND at_ms <= payout.requested_at_ms
      ) AS issued
    ) AS giver
    WHERE payout.id = ${anyOf(ids)}`.execute(db);
  return new Map(
    sources.map(({ id, oldestGiver, newestGiver, ...source }) => [
      id,
      {
        ...source,
        oldestGiverAtMs: oldestGiver === null ? null : idTimeMs(oldestGiver),
        newestGiverAtMs: newestGiver === null ? null : idTimeMs(newestGiver),
      },
    ]),
  );
}

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
