import type { Id, Tx } from "#kernel";
import type { Tables } from "../../store.ts";
import { append, lockAccounts, type NewTransfer, type PostedLeg, postedLegs } from "./ledger-store.ts";
import type { AccountKind, TransferKind, TransferState } from "./ledger-store.ts";
import { transferId } from "./transfer-id.ts";

/** The accounts of the platform, as the migration makes them. */
export const system = { issuance: 1, payoutsPending: 2, payoutsPaid: 3, giftIssuance: 4 } as const;

/** Groups of gifts that are committed beside each other. Each has its own accounts for the share of the platform. */
export const shards = 4;
export const platformAccount = (shard: number): Id => 10 + (shard % shards);
export const giftPlatformAccount = (shard: number): Id => 20 + (shard % shards);

/**
 * Coins were paid for, or granted as if they were; or they were given for gifts alone. No transfer crosses that border, so
 * that the sum over the accounts of each side is 0 and free coins never become payable.
 */
const isForGifts = (kind: AccountKind): boolean => kind.startsWith("gift_");

/** The account that pays, and the one of the same origin that gets the coins. */
export interface Path {
  readonly from: Id;
  readonly to: Id;
}

/** Coins that move for one purpose. */
export interface Leg {
  /** The first as far as the coins of its account go, then the next. */
  readonly paths: readonly Path[];
  /** It is divided over its paths in the proportion of the leg before; the last paths are rounded down. */
  readonly isProportional?: boolean;
  /** Coins; a leg of 0 moves nothing. */
  readonly amount: number;
  readonly kind: TransferKind;
}

/** Transfers that are posted together or not at all, and once. */
export interface Intent {
  /** From `intentId`; posting it again does nothing. */
  readonly id: string;
  readonly legs: readonly Leg[];
  /** The purpose: the number of a gift record or of a payout. */
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
  const paths = intents.flatMap(({ legs }) => legs.flatMap((leg) => leg.paths));
  const ids = new Set(paths.flatMap(({ from, to }) => [from, to]));
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
    return { outcome, balances: (intent.legs[0]?.paths ?? []).map(({ from }) => book.balanceOf(from)) };
  });
  await append(tx, book.transfers, book.changedBalances(), atMs);
  return postings;
}

interface Account {
  readonly id: Id;
  readonly kind: AccountKind;
  readonly balance: number;
  readonly mayGoNegative: boolean;
}

/** Locked accounts with running balances, and the transfers from them. */
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
  changedBalances(): Map<Id, number> {
    return new Map([...this.#balances].filter(([id, balance]) => this.#accounts.get(id)?.balance !== balance));
  }

  /** Draws an intent; undefined, and nothing drawn, where too little is there. */
  draw({ id, legs, ref, state = "posted", settles }: Intent): NewTransfer[] | undefined {
    const before = new Map(this.#balances);
    const drawn: NewTransfer[] = [];
    let parts: readonly number[] = [];
    for (const [leg, { paths, isProportional, amount, kind }] of legs.entries()) {
      parts = isProportional ? divideAmount(amount, parts) : this.#partsOf(paths, amount);
      const isCovered = paths.every(({ from }, place) => (parts[place] ?? 0) <= this.#payableBy(from));
      if (!isCovered || parts.reduce((sum, part) => sum + part, 0) !== amount) {
        for (const [account, balance] of before) this.#balances.set(account, balance);
        return undefined;
      }
      for (const [place, { from: debit, to }] of paths.entries()) {
        const part = parts[place] ?? 0;
        if (part === 0) continue;
        this.#requireSameOrigin(debit, to);
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
    }
    this.transfers.push(...drawn);
    return drawn;
  }

  #payableBy(id: Id): number {
    return this.#accounts.get(id)?.mayGoNegative === true ? Number.POSITIVE_INFINITY : this.balanceOf(id);
  }

  /** The share of each path in an amount, the first ones as much as they can. */
  #partsOf(paths: readonly Path[], amount: number): number[] {
    let missing = amount;
    return paths.map(({ from }) => {
      const part = Math.max(0, Math.min(missing, this.#payableBy(from)));
      missing -= part;
      return part;
    });
  }

  #requireSameOrigin(debit: Id, credit: Id): void {
    const [from, to] = [this.#accounts.get(debit), this.#accounts.get(credit)];
    if (!from || !to || isForGifts(from.kind) !== isForGifts(to.kind))
      throw new Error(`coins of account ${debit} may not become those of account ${credit}`);
  }
}

/** An amount in the proportion of these parts, which are no less in all; the last ones are rounded down. Pure. */
export function divideAmount(amount: number, parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  const shareOf = (part: number) => (total === 0 ? 0 : Math.floor((amount * part) / total));
  return parts.map((_, place) => {
    const [from, after] = [parts.slice(place), parts.slice(place + 1)].map((some) => some.reduce((a, b) => a + b, 0));
    return shareOf(from ?? 0) - shareOf(after ?? 0);
  });
}

/** True if the transfers that were posted under an intent's id are those of this intent. Pure. */
function isSame({ legs }: Intent, posted: readonly PostedLeg[]): boolean {
  return legs.every(({ paths, amount, kind }, place) => {
    const transfersOfLeg = posted.filter(({ leg }) => leg === place);
    const isOfLeg = transfersOfLeg.every(
      (transfer) =>
        transfer.kind === kind && paths.some(({ from, to }) => transfer.debit === from && transfer.credit === to),
    );
    return isOfLeg && transfersOfLeg.reduce((sum, transfer) => sum + transfer.amount, 0) === amount;
  });
}
