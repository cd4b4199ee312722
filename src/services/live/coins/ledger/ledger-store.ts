import { anyOf, type Id, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../../store.ts";
import { intentOf, transferId, transfersMax } from "./transfer-id.ts";

type TransferRow = Tables["live.transfers"];
export type TransferKind = TransferRow["kind"];
export type AccountKind = Tables["live.accounts"]["kind"];
export type TransferState = TransferRow["state"];

/** Locks accounts in the order of their ids, so that two transactions never wait for each other. */
export const lockAccounts = (tx: Tx<Tables>, ids: readonly Id[]) =>
  tx
    .selectFrom("live.accounts")
    .select(["id", "kind", "balance", "may_go_negative as mayGoNegative"])
    .where("id", "=", anyOf(ids))
    .orderBy("id")
    .forUpdate()
    .execute();

/** A posted transfer of an intent, by its leg: a leg that two accounts paid has two transfers. */
export interface PostedLeg {
  readonly leg: number;
  readonly debit: Id;
  readonly credit: Id;
  readonly amount: number;
  readonly kind: TransferKind;
}

/** The transfers of the given intents that were posted earlier. */
export async function postedLegs(tx: Tx<Tables>, intents: readonly string[]): Promise<Map<string, PostedLeg[]>> {
  const { rows: first } = await sql<{ id: string }>`
    SELECT id FROM live.transfers WHERE id = ANY(${intents}::uuid[])`.execute(tx);
  const legs = new Map<string, PostedLeg[]>();
  if (first.length === 0) return legs;
  const ids = first.flatMap(({ id }) => Array.from({ length: transfersMax }, (_, n) => transferId(id, n)));
  const { rows } = await sql<PostedLeg & { id: string }>`
    SELECT id, leg, debit, credit, amount, kind FROM live.transfers WHERE id = ANY(${ids}::uuid[]) ORDER BY id`.execute(
    tx,
  );
  for (const { id, ...leg } of rows) legs.set(intentOf(id), [...(legs.get(intentOf(id)) ?? []), leg]);
  return legs;
}

export interface NewTransfer extends PostedLeg {
  readonly id: string;
  readonly debitBalance: number;
  readonly creditBalance: number;
  readonly ref: Id | null;
  readonly state: TransferState;
  readonly settles: string | null;
}

/** Adds transfers in this order and sets the balances they lead to, in one statement. */
export async function append(
  tx: Tx<Tables>,
  transfers: readonly NewTransfer[],
  balances: ReadonlyMap<Id, number>,
  atMs: number,
): Promise<void> {
  if (transfers.length === 0) return;
  const numbers = (["leg", "debit", "credit", "amount", "debitBalance", "creditBalance", "ref"] as const).map(
    (field) => sql`${transfers.map((transfer) => transfer[field])}::bigint[]`,
  );
  const texts = (["id", "kind", "state", "settles"] as const).map(
    (field) => sql`${transfers.map((transfer) => transfer[field])}::text[]`,
  );
  // Lists as parameters: one text for any number of them, planned once.
  await sql`
    WITH added AS (
      INSERT INTO live.transfers (leg, debit, credit, amount, debit_balance, credit_balance, ref, id, kind, state, settles, at_ms)
      SELECT leg, debit, credit, amount, debit_balance, credit_balance, ref, id::uuid, kind, state, settles::uuid, ${atMs}::bigint
      FROM unnest(${sql.join([...numbers, ...texts])}) WITH ORDINALITY
        AS one (leg, debit, credit, amount, debit_balance, credit_balance, ref, id, kind, state, settles, place)
      ORDER BY place
    )
    UPDATE live.accounts AS account SET balance = changed.balance
    FROM unnest(${[...balances.keys()]}::bigint[], ${[...balances.values()]}::bigint[]) AS changed (id, balance)
    WHERE account.id = changed.id`.execute(tx);
}

/** Whatever is not as it must be, in sentences: none where the ledger is sound. */
export async function* inconsistencies(db: Db): AsyncGenerator<string> {
  const { rows } = await sql<{ finding: string }>`
    WITH posted AS (
      SELECT account, sum(amount)::bigint AS balance FROM (
        SELECT debit AS account, -amount AS amount FROM live.transfers
        UNION ALL SELECT credit, amount FROM live.transfers
      ) AS entries GROUP BY account
    )
    SELECT format('the balance of account %s is %s, and its transfers say %s', id, accounts.balance, coalesce(posted.balance, 0)) AS finding
    FROM live.accounts AS accounts LEFT JOIN posted ON account = id
    WHERE accounts.balance <> coalesce(posted.balance, 0)
    UNION ALL
    SELECT format('the sum over the accounts of %s is %s', origin, sum(balance))
    FROM live.accounts CROSS JOIN LATERAL (
      SELECT CASE WHEN kind LIKE 'gift\\_%' THEN 'gift coins' ELSE 'payable coins' END AS origin
    ) AS one GROUP BY origin HAVING sum(balance) <> 0
    UNION ALL
    SELECT format('%s coins are payable or paid out, and only %s were bought or granted', payable, granted) FROM (
      SELECT coalesce(sum(balance) FILTER (WHERE kind IN ('earnings', 'payouts_pending', 'payouts_paid')), 0) AS payable,
             -coalesce(sum(balance) FILTER (WHERE kind = 'issuance'), 0) AS granted
      FROM live.accounts
    ) AS one WHERE payable > granted
    UNION ALL
    SELECT format('account %s is negative: %s', id, balance) FROM live.accounts WHERE balance < 0 AND NOT may_go_negative
    LIMIT 100`.execute(db);
  for (const { finding } of rows) yield finding;
}
