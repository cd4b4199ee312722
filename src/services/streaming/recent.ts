/** Answers that may be given again for a short time, by group, so that all of a group can be dropped at once. */
export class Recent<T> {
  readonly #groups = new Map<number, Map<string, { readonly value: T; readonly endsAt: number }>>();
  readonly #lifeMs: number;
  readonly #groupsMax: number;
  readonly #monotonic: () => number;

  constructor(lifeMs: number, groupsMax: number, monotonic: () => number = () => performance.now()) {
    this.#lifeMs = lifeMs;
    this.#groupsMax = groupsMax;
    this.#monotonic = monotonic;
  }

  /** What was found lately, or what `find` yields now; kept only when `mayKeep` says so, and a failure never. */
  async of(group: number, name: string, find: () => Promise<T>, mayKeep: (value: T) => boolean): Promise<T> {
    const kept = this.#groups.get(group)?.get(name);
    if (kept && kept.endsAt > this.#monotonic()) return kept.value;
    // Counted from the question, not from the answer: what was true then may have ended meanwhile.
    const endsAt = this.#monotonic() + this.#lifeMs;
    const value = await find();
    if (mayKeep(value)) this.#keep(group, name, value, endsAt);
    return value;
  }

  drop(group: number): void {
    this.#groups.delete(group);
  }

  #keep(group: number, name: string, value: T, endsAt: number): void {
    const names = this.#groups.get(group) ?? new Map<string, { value: T; endsAt: number }>();
    for (const [other, entry] of names) if (entry.endsAt <= this.#monotonic()) names.delete(other);
    names.set(name, { value, endsAt });
    this.#groups.delete(group);
    this.#groups.set(group, names);
    for (const oldest of this.#groups.keys()) {
      if (this.#groups.size <= this.#groupsMax) break;
      this.#groups.delete(oldest);
    }
  }
}
