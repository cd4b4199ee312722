import { audited, type Call, callerOf, type Id, type PageInput, type Tx } from "#kernel";
import { PayoutDecided, PayoutNotFound, type PayoutSources, type PayoutStatus } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import type { PaymentPort } from "./payment-port.ts";
import { createPayoutRequests } from "./payout-request.ts";
import { createPayoutSettlement } from "./payout-settlement.ts";
import * as store from "./payout-store.ts";
import type { Wallets } from "./wallets.ts";

interface Parts {
  readonly wallets: Wallets;
  readonly payments: PaymentPort;
}

/**
 * Payouts of earnings in two phases. Asking for one moves the coins to the platform's pending payouts. Paying posts them
 * there; refusing, and the end of its time, is a further transfer that brings them back.
 */
export function createPayouts(host: LiveHost, { wallets, payments }: Parts) {
  const { db, emit, now } = host;
  const { settle, voidAll } = createPayoutSettlement({ now });

  const audit = (tx: Tx<Tables>, call: Call, act: string, row: store.Row) =>
    emit(tx, audited, row.id, {
      act,
      actorId: callerOf(call),
      ...(row.userId !== null && { subject: { kind: "user", id: row.userId } }),
      detail: `payout ${row.id} of ${row.amount} coins`,
      atMs: now(),
    });

  /** Commits a decision; an approved payout is not paid yet. */
  async function decide({ id, approve, note }: { id: Id; approve: boolean; note: string }, call: Call) {
    return db.tx(async (tx) => {
      const row = await store.lockById(tx, id);
      if (!row) throw PayoutNotFound({});
      const isDecided = row.status !== "pending";
      if (isDecided && approve !== (row.status === "approved" || row.status === "paid")) throw PayoutDecided({});
      if (isDecided) return row;
      await audit(tx, call, approve ? "payout.approved" : "payout.refused", row);
      await store.setStatus(tx, id, { status: approve ? "approved" : "pending", note, decided_at_ms: now() });
      if (!approve) await settle(tx, row, "refused");
      return (await store.lockById(tx, id)) ?? row;
    });
  }

  /** Pays an approved payout, which may have been paid by an earlier decision already. */
  async function pay({ id, userId, amount }: store.Row): Promise<store.Row> {
    const outcome = await payments.pay({ id, userId, amount });
    return db.tx(async (tx) => {
      const row = await store.lockById(tx, id);
      if (row?.status === "approved") await settle(tx, row, outcome);
      const after = await store.lockById(tx, id);
      if (!after) throw PayoutNotFound({});
      return after;
    });
  }

  async function withSources(rows: readonly store.Row[]): Promise<(store.Row & { readonly sources: PayoutSources })[]> {
    const sources = await store.sourcesOf(
      db,
      rows.map(({ id }) => id),
    );
    return rows.flatMap((row) => {
      const sourcesOfRow = sources.get(row.id);
      return sourcesOfRow ? [{ ...row, sources: sourcesOfRow }] : [];
    });
  }

  return {
    /** In a transaction that deletes an account: nobody is there to be paid. */
    voidOf: async (tx: Tx<Tables>, userId: Id) => voidAll(tx, await store.pending(tx, { userId }), "refused"),

    expire: () => db.tx(async (tx) => voidAll(tx, await store.pending(tx, { dueMs: now() }), "expired")),

    handlers: {
      requestPayout: createPayoutRequests(host, wallets),

      ownPayouts: (page: PageInput, call: Call) => store.ofUser(db, callerOf(call), page),

      async payouts({ status, ...page }: PageInput & { status?: PayoutStatus | undefined }) {
        const { items, ...paging } = await store.all(db, status, page);
        return { ...paging, items: await withSources(items) };
      },

      async decidePayout(decision: { id: Id; approve: boolean; note: string }, call: Call) {
        const decided = await decide(decision, call);
        const settled = decided.status === "approved" ? await pay(decided) : decided;
        const [payout] = await withSources([settled]);
        if (!payout) throw PayoutNotFound({});
        return payout;
      },
    },
  };
}
