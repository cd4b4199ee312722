import type { Holding, HoldingCheck } from "#chain/holdings/condition";
import type { Id } from "#kernel";
import type { CachePolicy } from "#kernel/cache/policy";
import type { ServedChain } from "../chains/chain-set.ts";
import { keyOf } from "./terms.ts";

/** An answer of the chain about a wallet, and when it was asked. */
export type KnownHolding = Exclude<Holding, { readonly state: "unavailable" }> & { readonly checkedAtMs: number };
/** `unknown`: the chain cannot be asked, and the last answer is too old. */
export type HoldingAnswer = KnownHolding | { readonly state: "unknown"; readonly sinceMs: number };

/** A wallet that came to meet a condition, or ceased to, and the users who asked about it. */
export interface HoldingChange {
  readonly check: HoldingCheck;
  readonly state: KnownHolding["state"];
  readonly userIds: readonly Id[];
}

export interface LookOptions {
  /** Asks the chain again unless the answer is a few seconds old. */
  readonly isAnew?: boolean;
  /** The account that the wallet is linked to; it learns of changes. */
  readonly userId?: Id | undefined;
}

interface Entry {
  readonly check: HoldingCheck;
  readonly userIds: Set<Id>;
  holding: KnownHolding | undefined;
  /** When the chain had no answer, since the last one. */
  failedAtMs: number | undefined;
  usedAtMs: number;
}

/** An answer stands for so long, also for those who ask anew. */
const anewMs = 5_000;
/** A chain without an answer is left alone for so long. */
const retryMs = 2_000;
const entriesMax = 20_000;

interface Parts {
  readonly policy: CachePolicy;
  readonly now: () => number;
  /** Learns of states that changed since the last answer. Never fails. */
  readonly report: (change: HoldingChange) => void;
}

/**
 * Holdings of wallets on one chain. Answers are cached and shared by all who ask. They end together, so that one look-up
 * renews all that are in use: a thousand watching holders are one batch of questions a minute, not a thousand. Callers of
 * one turn, and of the time of a look-up, are asked for together; no caller's patience ends a look-up of others.
 */
export class ChainHoldings {
  readonly #chain: ServedChain;
  readonly #parts: Parts;
  readonly #entries = new Map<string, Entry>();
  #waiting = new Set<Entry>();
  #next: Promise<void> | undefined;
  #flight: { readonly entries: ReadonlySet<Entry>; readonly landed: Promise<void> } | undefined;
  /** When the answers in use were renewed together. */
  #epochMs: number;

  constructor(chain: ServedChain, parts: Parts) {
    this.#chain = chain;
    this.#parts = parts;
    this.#epochMs = parts.now();
  }

  get size(): number {
    return this.#entries.size;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** One answer for each check, in their order. */
  async of(checks: readonly HoldingCheck[], { isAnew = false, userId }: LookOptions = {}): Promise<HoldingAnswer[]> {
    const entries = checks.map((check) => this.#entryOf(check, userId));
    const due = entries.filter((entry) => this.#isDue(entry, isAnew));
    for (const entry of entries) this.#parts.policy.count(!due.includes(entry));
    if (due.length > 0) await this.#look(due);
    return entries.map((entry) => this.#answerOf(entry));
  }

  #entryOf(check: HoldingCheck, userId: Id | undefined): Entry {
    const key = `${check.wallet} ${keyOf(check.condition)}`;
    const entry = this.#entries.get(key) ?? {
      check,
      userIds: new Set(),
      holding: undefined,
      failedAtMs: undefined,
      usedAtMs: 0,
    };
    entry.usedAtMs = this.#parts.now();
    if (userId !== undefined) entry.userIds.add(userId);
    // The entry that was used last is the last of the map.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > entriesMax && oldest !== undefined) this.#entries.delete(oldest);
    return entry;
  }

  #isDue(entry: Entry, isAnew: boolean): boolean {
    const { holding, failedAtMs } = entry;
    if (failedAtMs !== undefined && this.#ageMs(failedAtMs) < retryMs) return false;
    if (holding === undefined) return true;
    if (isAnew) return this.#ageMs(holding.checkedAtMs) >= Math.min(anewMs, this.#parts.policy.ttlMs);
    return this.#isEpochOver() || !this.#isFresh(holding);
  }

  /** A clock that is set back makes answers old, not young. */
  #ageMs(atMs: number): number {
    return Math.abs(this.#parts.now() - atMs);
  }
  #isFresh({ checkedAtMs }: KnownHolding): boolean {
    return this.#ageMs(checkedAtMs) < this.#parts.policy.ttlMs;
  }
  #isEpochOver(): boolean {
    return this.#ageMs(this.#epochMs) >= this.#parts.policy.ttlMs;
  }

  #answerOf({ holding }: Entry): HoldingAnswer {
    // While the chain is silent, the last answer stands until its own time is over.
    if (holding !== undefined && this.#isFresh(holding)) return holding;
    return { state: "unknown", sinceMs: this.#chain.health.answeredAtMs };
  }

  /** Settles when each of the entries was asked for after this moment, or is being asked for. */
  async #look(due: readonly Entry[]): Promise<void> {
    const flight = this.#flight;
    const open = flight === undefined ? due : due.filter((entry) => !flight.entries.has(entry));
    for (const entry of open) this.#waiting.add(entry);
    if (open.length > 0) this.#next ??= this.#fly(flight?.landed);
    await Promise.all([flight?.landed, open.length > 0 ? this.#next : undefined]);
  }

  async #fly(before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined);
    // Those who ask in the same turn of the loop are asked for together.
    await new Promise((resolve) => setImmediate(resolve));
    const entries = this.#waiting;
    this.#waiting = new Set();
    this.#next = undefined;
    if (this.#isEpochOver()) {
      this.#epochMs = this.#parts.now();
      this.#addAllInUse(entries);
    }
    const landed = this.#ask([...entries]);
    this.#flight = { entries, landed };
    try {
      await landed;
    } finally {
      if (this.#flight?.landed === landed) this.#flight = undefined;
    }
  }

  /** Adds the entries that were used since the answers were last renewed together; forgets those that nobody needs. */
  #addAllInUse(entries: Set<Entry>): void {
    const { ttlMs } = this.#parts.policy;
    for (const [key, entry] of this.#entries)
      if (this.#ageMs(entry.usedAtMs) < ttlMs) entries.add(entry);
      else if (this.#ageMs(entry.usedAtMs) > 2 * ttlMs) this.#entries.delete(key);
  }

  async #ask(entries: readonly Entry[]): Promise<void> {
    const checkedAtMs = this.#parts.now();
    const { reader, health } = this.#chain;
    const answers = await reader.holdings(entries.map(({ check }) => check));
    const faults = answers.flatMap((answer) => (answer.state === "unavailable" ? [answer.fault] : []));
    health.settle(faults.length === answers.length ? faults[0] : undefined);
    for (const [index, entry] of entries.entries()) this.#store(entry, answers[index], checkedAtMs);
  }

  #store(entry: Entry, answer: Holding | undefined, checkedAtMs: number): void {
    if (answer === undefined || answer.state === "unavailable") {
      entry.failedAtMs = this.#parts.now();
      return;
    }
    const before = entry.holding?.state;
    entry.failedAtMs = undefined;
    entry.holding = { ...answer, checkedAtMs };
    if (before !== undefined && before !== answer.state && entry.userIds.size > 0)
      this.#parts.report({ check: entry.check, state: answer.state, userIds: [...entry.userIds] });
  }
}
