/** A TTL cache of answers in groups, so that a whole group can be invalidated. */
export class GroupCache<T> {
  readonly #groups = new Map<number, Map<string, { readonly value: T; readonly endsAt: number }>>();
  readonly #lifeMs: number;
  readonly #groupsMax: number;
  readonly #monotonic: () => number;

  constructor(lifeMs: number, groupsMax: number, monotonic: () => number = () => performance.now()) {
    this.#lifeMs = lifeMs;
    this.#groupsMax = groupsMax;
    this.#monotonic = monotonic;
  }

  /** The cached answer, or what `find` yields. It is cached where `isCacheable` allows; a failure never is. */
  async of(group: number, name: string, find: () => Promise<T>, isCacheable: (value: T) => boolean): Promise<T> {
    const cached = this.#groups.get(group)?.get(name);
    if (cached && cached.endsAt > this.#monotonic()) return cached.value;
    // The TTL begins before the request: the answer may be outdated when it arrives.
    const endsAt = this.#monotonic() + this.#lifeMs;
    const value = await find();
    if (isCacheable(value)) this.#set(group, name, value, endsAt);
    return value;
  }

  drop(group: number): void {
    this.#groups.delete(group);
  }

  #set(group: number, name: string, value: T, endsAt: number): void {
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
