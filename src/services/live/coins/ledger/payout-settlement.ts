import type { Tx } from "#kernel";
import type { LiveHost } from "../../settings.ts";
import type { Tables } from "../../store.ts";
import { post, system } from "./ledger.ts";
import * as store from "./payout-store.ts";
import { intentId } from "./transfer-id.ts";

/** The second phase of payouts. */
export interface PayoutSettlement {
  /** Ends a payout in a transaction that holds it. */
  readonly settle: (tx: Tx<Tables>, row: store.Row, status: "paid" | "refused" | "expired") => Promise<void>;
  readonly voidAll: (tx: Tx<Tables>, rows: readonly store.Row[], status: "refused" | "expired") => Promise<void>;
}

export function createPayoutSettlement({ now }: Pick<LiveHost, "now">): PayoutSettlement {
  async function settle(tx: Tx<Tables>, row: store.Row, status: "paid" | "refused" | "expired"): Promise<void> {
    const isPaid = status === "paid";
    const to = isPaid ? system.payoutsPaid : row.accountId;
    const intent = {
      id: intentId("settle", row.id),
      legs: [{ paths: [{ from: system.payoutsPending, to }], amount: row.amount, kind: "payout" as const }],
      ref: row.id,
      state: isPaid ? ("posted" as const) : ("voided" as const),
      settles: row.transferId,
    };
    const [posting] = await post(tx, [intent], now());
    if (posting?.outcome !== "posted") throw new Error(`payout ${row.id} cannot be settled: ${posting?.outcome}`);
    await store.setStatus(tx, row.id, { status, decided_at_ms: now() });
  }

  async function voidAll(tx: Tx<Tables>, rows: readonly store.Row[], status: "refused" | "expired"): Promise<void> {
    for (const row of rows) await settle(tx, row, status);
  }

  return { settle, voidAll };
}
