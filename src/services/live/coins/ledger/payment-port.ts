import type { Id } from "#kernel";

/** An approved payout. Kinora knows coins alone: what they are worth is agreed outside of it. */
export interface ApprovedPayout {
  /** The same at every attempt: the key by which a provider pays once. */
  readonly id: Id;
  readonly userId: Id | null;
  /** Coins. */
  readonly amount: number;
}

/**
 * Pays payouts. Its one adapter is {@link manualPayments}; an adapter for a payment provider is given to `payouts` in
 * its place.
 *
 * `pay` is called after the approval is committed and outside of any transaction. After a crash it is called again with
 * the same id, when an administrator approves the payout again; it must pay once for an id. `refused` gives the coins
 * back; an error leaves the payout approved and unpaid.
 */
export interface PaymentPort {
  readonly name: string;
  pay(payout: ApprovedPayout): Promise<"paid" | "refused">;
}

/** An administrator pays by other means and then approves: the approval is all that happens here. */
export const manualPayments: PaymentPort = { name: "manual", pay: async () => "paid" };
