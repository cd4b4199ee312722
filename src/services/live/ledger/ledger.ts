import type { Id, Tx } from "#kernel";
import type { Tables } from "../store.ts";
import { append, lockAccounts, type NewTransfer, type PostedLeg, postedLegs } from "./ledger-store.ts";
import type { TransferKind, TransferState } from "./ledger-store.ts";
import { transferId } from "./transfer-id.ts";

/** The accounts of the platform, as the migration makes them. */
export const system = { issuance: 1, payoutsPending: 2, payoutsPaid: 3 } as const;

/** Groups of gifts that are committed beside each other. Each has its own account for the share of the platform. */
export const shards = 4;
export const platformAccount = (shard: number): Id => 10 + (shard % shards);

/** Coins that move to one account. */
export interface Leg {
  /** The accounts that pay, the first as far as its coins go. */
  readonly from: readonly Id[];
  readonly to: Id;
  /** Coins; a leg of 0 moves nothing. */
  readonly amount: number;
  readonly kind: TransferKind;
}

/** What is posted whole or not at all, and once. */
export interface Intent {
  /** From `intentId`; posting it again does nothing. */
  readonly id: string;
  readonly legs: readonly Leg[];
  /** What it is for: the number of a gift record or of a payout. */
  readonly ref?: Id | undefined;
  /** `pending`, and later another that settles it: `posted` or `voided`. */
  readonly state?: TransferState | undefined;
  /** The pending transfer that this one settles; a pending transfer is settled once. */
  readonly settles?: string | undefined;
}

/**
 * `repeated`: it was posted earlier, with the same legs. `reused`: its id belongs to an intent with other legs.
 * `insufficient`: the accounts that pay have too little.
 */
export type Outcome = "posted" | "repeated" | "reused" | "insufficient";

export interface Posting {
  readonly outcome: Outcome;
  /** The balances of the paying accounts after it, in the order of the first leg. */
  readonly balances: readonly number[];
}

/**
 * Posts intents in their order, each whole or not at all; one that its accounts cannot pay hinders no other. The accounts
 * are locked in the order of their ids, and the balances are summed up in memory meanwhile.
 */
export async function post(tx: Tx<Tables>, intents: readonly Intent[], atMs: number): Promise<Posting[]> {
  const ids = new Set(intents.flatMap(({ legs }) => legs.flatMap(({ from, to }) => [...from, to])));
  const accounts = await lockAccounts(tx, [...ids]);
  // After the lock: equal intents have accounts in common, so what another transaction posted is seen here.
  const earlier: Map<string, readonly PostedLeg[]> = await postedLegs(
    tx,
    intents.map(({ id }) => id),
  );
  const book = new Book(accounts);
  const postings = intents.map((intent): Posting => {
    const posted = earlier.get(intent.id);
    const transfers = posted ? [] : book.draw(intent);
    const outcome = posted
      ? isSame(intent, posted)
        ? "repeated"
        : "reused"
      : transfers === undefined
        ? "insufficient"
        : "posted";
    if (transfers !== undefined && transfers.length > 0) earlier.set(intent.id, transfers);
    return { outcome, balances: (intent.legs[0]?.from ?? []).map((id) => book.balanceOf(id)) };
  });
  await append(tx, book.transfers, book.changed(), atMs);
  return postings;
}

interface Account {
  readonly id: Id;
  readonly balance: number;
  readonly mayGoNegative: boolean;
}

/** Locked accounts with running balances, and what is drawn on them. */
class Book {
  readonly transfers: NewTransfer[] = [];
  readonly #accounts: ReadonlyMap<Id, Account>;
  readonly #balances: Map<Id, number>;

  constructor(accounts: readonly Account[]) {
    this.#accounts = new Map(accounts.map((account) => [account.id, account]));
    this.#balances = new Map(accounts.map(({ id, balance }) => [id, balance]));
  }

  balanceOf(id: Id): number {
    const balance = this.#balances.get(id);
    if (balance === undefined) throw new Error(`there is no account ${id}`);
    return balance;
  }

  /** The balances that are not what they were. */
  changed(): Map<Id, number> {
    return new Map([...this.#balances].filter(([id, balance]) => this.#accounts.get(id)?.balance !== balance));
  }

  /** Draws an intent; undefined, and nothing drawn, where too little is there. */
  draw({ id, legs, ref, state = "posted", settles }: Intent): NewTransfer[] | undefined {
    const before = new Map(this.#balances);
    const drawn: NewTransfer[] = [];
    for (const [leg, { from, to, amount, kind }] of legs.entries()) {
      let rest = amount;
      for (const debit of from) {
        const isOpen = this.#accounts.get(debit)?.mayGoNegative === true;
        const part = isOpen ? rest : Math.min(rest, this.balanceOf(debit));
        if (part <= 0) continue;
        rest -= part;
        const debitBalance = this.balanceOf(debit) - part;
        const creditBalance = this.balanceOf(to) + part;
        this.#balances.set(debit, debitBalance).set(to, creditBalance);
        drawn.push({
          id: transferId(id, drawn.length),
          leg,
          debit,
          credit: to,
          amount: part,
          kind,
          debitBalance,
          creditBalance,
          ref: ref ?? null,
          state,
          settles: settles ?? null,
        });
      }
      if (rest > 0) {
        for (const [account, balance] of before) this.#balances.set(account, balance);
        return undefined;
      }
    }
    this.transfers.push(...drawn);
    return drawn;
  }
}

/** Whether what was posted under the id of an intent is that very intent. Pure. */
function isSame({ legs }: Intent, posted: readonly PostedLeg[]): boolean {
  return legs.every(({ from, to, amount, kind }, place) => {
    const own = posted.filter(({ leg }) => leg === place);
    const isOwn = own.every((one) => from.includes(one.debit) && one.credit === to && one.kind === kind);
    return isOwn && own.reduce((sum, one) => sum + one.amount, 0) === amount;
  });
}
