import type { CachePolicy } from "#kernel/cache/policy";

interface Entry<T> {
  readonly value: T;
  readonly freshUntil: number;
  readonly staleUntil: number;
}
type Names<V> = Map<string, V>;

interface Settings {
  readonly policy: CachePolicy;
  /** The kind of subject that a group is about, for tags. */
  readonly subject: string;
  readonly groupsMax: number;
  readonly monotonic?: () => number;
}

/**
 * A cache of answers in groups, so that a whole group can be invalidated. Concurrent callers share one look-up. A stale
 * answer is returned while a new one is looked up, so that only the first callers wait.
 */
export class GroupCache<T> {
  readonly #groups = new Map<number, Names<Entry<T>>>();
  readonly #flights = new Map<number, Names<Promise<T>>>();
  readonly #policy: CachePolicy;
  readonly #groupsMax: number;
  readonly #monotonic: () => number;

  constructor({ policy, subject, groupsMax, monotonic = () => performance.now() }: Settings) {
    this.#policy = policy;
    this.#groupsMax = groupsMax;
    this.#monotonic = monotonic;
    policy.hold({
      entries: () => {
        let count = 0;
        for (const names of this.#groups.values()) count += names.size;
        return count;
      },
      clear: () => {
        this.#groups.clear();
        this.#flights.clear();
      },
      deleteKey: (key) => this.drop(Number(key)),
      deleteTag: (tag) => {
        if (tag.startsWith(`${subject}:`)) this.drop(Number(tag.slice(subject.length + 1)));
      },
    });
  }

  /**
   * The cached answer, or what `find` yields, which answers others as well: it must depend on no caller's patience. An answer
   * is cached where `isCacheable` allows; a failure never is, and is that of all who waited for it.
   */
  async of(group: number, name: string, find: () => Promise<T>, isCacheable: (value: T) => boolean): Promise<T> {
    const cached = this.#groups.get(group)?.get(name);
    const now = this.#monotonic();
    this.#policy.count(cached !== undefined && cached.staleUntil > now);
    if (cached && cached.freshUntil > now) return cached.value;
    const flight = this.#flights.get(group)?.get(name) ?? this.#begin(group, name, find, isCacheable);
    if (!cached || cached.staleUntil <= now) return flight;
    flight.catch(() => undefined);
    return cached.value;
  }

  drop(group: number): void {
    this.#groups.delete(group);
    // A look-up under way may be outdated, so it is neither joined nor cached.
    this.#flights.delete(group);
  }

  #begin(group: number, name: string, find: () => Promise<T>, isCacheable: (value: T) => boolean): Promise<T> {
    // The lifetime begins before the request: the answer may be outdated when it arrives.
    const beganAt = this.#monotonic();
    const flights: Names<Promise<T>> = this.#flights.get(group) ?? new Map();
    const isCurrent = () => this.#flights.get(group) === flights;
    const flight = Promise.resolve()
      .then(find)
      .then((value) => {
        if (!isCurrent()) return value;
        if (isCacheable(value)) this.#set(group, name, value, beganAt);
        // An answer that may not be cached replaces one that was.
        else this.#groups.get(group)?.delete(name);
        return value;
      })
      .finally(() => {
        flights.delete(name);
        if (flights.size === 0 && isCurrent()) this.#flights.delete(group);
      });
    this.#flights.set(group, flights.set(name, flight));
    return flight;
  }

  #set(group: number, name: string, value: T, beganAt: number): void {
    const names: Names<Entry<T>> = this.#groups.get(group) ?? new Map();
    const now = this.#monotonic();
    for (const [other, { staleUntil }] of names) if (staleUntil <= now) names.delete(other);
    const freshUntil = beganAt + this.#policy.ttlMs;
    names.set(name, { value, freshUntil, staleUntil: freshUntil + this.#policy.staleMs });
    this.#groups.delete(group);
    this.#groups.set(group, names);
    for (const oldest of this.#groups.keys()) {
      if (this.#groups.size <= this.#groupsMax) break;
      this.#groups.delete(oldest);
    }
  }
}
