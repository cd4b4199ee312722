import { audited, type Call, callerOf, type Id, type PageInput, type Tx } from "#kernel";
import { requireAccount } from "#services/auth/contract";
import { PayoutDecided, PayoutNotFound, type PayoutStatus, TooFewCoins } from "../contract.ts";
import type { LiveHost } from "../settings.ts";
import type { Tables } from "../store.ts";
import { post, system } from "./ledger.ts";
import type { PaymentPort } from "./payment-port.ts";
import { payoutSettlement } from "./payout-settlement.ts";
import * as store from "./payout-store.ts";
import { intentId } from "./transfer-id.ts";
import type { Wallets } from "./wallets.ts";

/** How long a payout waits for a decision. */
const undecidedMs = 30 * 24 * 3_600_000;

interface Parts {
  readonly wallets: Wallets;
  readonly payments: PaymentPort;
}

/**
 * Payouts of earnings in two phases. Asking for one moves the coins to the platform's pending payouts. Paying posts them
 * there; refusing, and the end of its time, is a further transfer that brings them back.
 */
export function payouts({ db, emit, now, nextId }: LiveHost, { wallets, payments }: Parts) {
  const { settle, voidAll } = payoutSettlement({ now });

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

  return {
    /** In a transaction that deletes an account: nobody is there to be paid. */
    voidOf: async (tx: Tx<Tables>, userId: Id) => voidAll(tx, await store.pending(tx, { userId }), "refused"),

    expire: () => db.tx(async (tx) => voidAll(tx, await store.pending(tx, { dueMs: now() }), "expired")),

    handlers: {
      async requestPayout({ amount }: { amount: number }, call: Call) {
        const userId = callerOf(call);
        const { earnings } = await wallets.accountsOf(userId);
        const id = nextId();
        return db.answer(async (tx) => {
          await requireAccount(tx, userId);
          const transferId = intentId("payout", id);
          const leg = { from: [earnings], to: system.payoutsPending, amount, kind: "payout" as const };
          const [posting] = await post(tx, [{ id: transferId, legs: [leg], ref: id, state: "pending" }], now());
          if (posting?.outcome !== "posted") throw TooFewCoins({ balance: posting?.balances[0] ?? 0 });
          const requestedAtMs = now();
          const row = { amount, status: "pending" as const, requestedAtMs, expiresAtMs: requestedAtMs + undecidedMs };
          await store.insert(tx, {
            id,
            account_id: earnings,
            transfer_id: transferId,
            amount,
            status: row.status,
            requested_at_ms: requestedAtMs,
            expires_at_ms: row.expiresAtMs,
            decided_at_ms: null,
          });
          return { id, ...row, note: "", decidedAtMs: null };
        });
      },

      ownPayouts: (page: PageInput, call: Call) => store.ofUser(db, callerOf(call), page),

      payouts: ({ status, ...page }: PageInput & { status?: PayoutStatus | undefined }) => store.all(db, status, page),

      async decidePayout(decision: { id: Id; approve: boolean; note: string }, call: Call) {
        const decided = await decide(decision, call);
        if (decided.status !== "approved") return decided;
        const outcome = await payments.pay({ id: decided.id, userId: decided.userId, amount: decided.amount });
        return db.tx(async (tx) => {
          const row = await store.lockById(tx, decided.id);
          if (row?.status === "approved") await settle(tx, row, outcome);
          return (await store.lockById(tx, decided.id)) ?? decided;
        });
      },
    },
  };
}
