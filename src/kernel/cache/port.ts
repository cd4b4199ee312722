import { failure } from "../errors.ts";

/** The only answer where a guess would be wrong: whether a one-time value was taken. Everything else has a fallback. */
export const CacheUnavailable = failure(
  "unavailable",
  "kernel.cache_unavailable",
  "the cache cannot be asked right now, try again",
);

/** A counter: its value, and the milliseconds until it ends. */
export interface Count {
  readonly value: number;
  readonly leftMs: number;
}

/** The members of a topic: how many, and the names of the latest that came or renewed. */
export interface Presence {
  readonly count: number;
  readonly members: readonly string[];
}

/** Numbers that only grow, by their names. */
export interface Marks {
  /** Another one wherever numbers that were raised before may have been forgotten. */
  readonly incarnation: string;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * The port of a cache. It holds only data that may be lost (reliability D8); every entry has a lifetime in
 * milliseconds. Values are JSON. A cache that is lost, emptied or slow makes its callers slower, never wrong.
 */
export interface CacheStore {
  /** Yields undefined for a miss, and while the cache is away. */
  get(key: string): Promise<unknown>;
  /** Does nothing while the cache is away. */
  set(key: string, value: unknown, lifetimeMs: number): Promise<void>;
  /** Deletes a value, a counter or marks. While the cache is away elsewhere, it stays there until its lifetime ends. */
  delete(key: string): Promise<void>;
  /**
   * Adds to a counter that ends `lifetimeMs` after its first addition. While the cache is away this process counts for
   * itself, from where it last saw the counter: a limit is never without a count.
   */
  add(key: string, amount: number, lifetimeMs: number): Promise<Count>;
  /**
   * Raises marks to these whole numbers where they are lower, and yields all marks of the key. They end `lifetimeMs` after
   * this was last asked. Undefined while the cache is away: whether they were raised is not known then.
   */
  raise(key: string, values: Marks["values"], lifetimeMs: number): Promise<Marks | undefined>;
  /** Offers a value that one caller may take, once. @throws CacheUnavailable */
  offer(key: string, value: unknown, lifetimeMs: number): Promise<void>;
  /**
   * Yields the value of `offer` to the first caller, and undefined to later ones. Absence is a refusal, so a cache that
   * forgets refuses.
   * @throws CacheUnavailable where it cannot be known: this is a refusal too, as a caller cannot ask twice
   */
  take(key: string): Promise<unknown>;
  /** A member is present for `lifetimeMs`, unless it enters again or leaves. */
  enter(topic: string, member: string, lifetimeMs: number): Promise<void>;
  leave(topic: string, member: string): Promise<void>;
  /** At most `membersMax` names; while the cache is away, only those that entered through this process. */
  present(topic: string, membersMax: number): Promise<Presence>;
  /** Why it is away, in plain words; undefined while it answers. */
  away(): string | undefined;
  close(): Promise<void>;
}

/** Counters and limits, one-time values, presence, and what is looked up again and again. */
export interface Cache extends CacheStore {
  /**
   * Yields the result of `load`, or one that is at most `lifetimeMs` old, counted from when it was asked. Callers of
   * one key share one `load` in a process; a failure is not cached, and a caller that joined the load of another one
   * tries once more. Each caller has a copy: the identity of what comes back means nothing. Undefined is not kept. A
   * key says everything that the answer depends on, the viewer where it does.
   */
  getOrLoad<T>(key: string, lifetimeMs: number, load: () => Promise<T>): Promise<T>;
}
