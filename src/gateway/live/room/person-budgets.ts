import { Budget } from "#kernel/clients/budget";

type Size = ConstructorParameters<typeof Budget>[0];

/** Beyond this number of budgets, full ones are removed: a new budget is full as well. */
const trackedMax = 1_000;

/** A budget for each person in a room, shared by all their connections: a further socket allows nothing further. */
export class PersonBudgets {
  readonly #size: Size;
  readonly #budgets = new Map<string, { readonly budget: Budget; usedMs: number }>();

  constructor(size: Size) {
    this.#size = size;
  }

  /** Spends as many of these units as the person has left, and returns how many. */
  spend(person: string, units: number): number {
    const nowMs = performance.now();
    const tracked = this.#budgets.get(person) ?? { budget: new Budget(this.#size, nowMs), usedMs: nowMs };
    tracked.usedMs = nowMs;
    this.#budgets.set(person, tracked);
    if (this.#budgets.size > trackedMax) this.#forgetFull(nowMs);
    return tracked.budget.spendAvailable(units, nowMs);
  }

  #forgetFull(nowMs: number): void {
    const refillMs = (this.#size.burst / this.#size.perSecond) * 1_000;
    for (const [person, { usedMs }] of this.#budgets) if (nowMs - usedMs > refillMs) this.#budgets.delete(person);
  }
}
