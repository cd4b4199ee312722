/** How long a cache keeps its entries: declared beside the cache, and changed by administrators while it runs. */
export interface CacheDeclaration {
  /** The service, a dot and the content: `streaming.videos`. */
  readonly name: string;
  /** One sentence for administrators. */
  readonly what: string;
  readonly ttlMs: number;
  /** An older entry still answers for this time while a new one is looked up. Absent where none ever does. */
  readonly staleMs?: number;
  /** The fixed bound of both times together, where an entry grants access (reliability D8). */
  readonly lifetimeMsMax?: number;
  /** Its entries are in the cache port, which several processes may share. */
  readonly isShared?: true;
}

/** The entries of one object that caches. */
export interface CacheContents {
  /** Undefined where they cannot be counted. */
  readonly entries?: () => number;
  readonly bytes?: () => number;
  readonly clear: () => void;
  /** Deletes the entries of a key, which is written as the guide of the cache says. */
  readonly deleteKey?: (key: string) => void;
  /** Deletes the entries about a subject, such as `video:7`. */
  readonly deleteTag?: (tag: string) => void;
  /** Looks entries up ahead of time, of these keys or of all there are; yields how many. */
  readonly warm?: (keys: readonly string[]) => Promise<number>;
}

/** The present lifetime of a cache; null where it is as declared. A new generation makes all older entries invalid. */
export interface CacheSetting {
  readonly ttlMs: number | null;
  readonly staleMs: number | null;
  readonly generation: number;
}

/** The state of a cache in one process. */
export interface CacheReport {
  readonly name: string;
  readonly what: string;
  /** As declared; null where old entries never answer. */
  readonly ttlMs: number;
  readonly staleMs: number | null;
  readonly lifetimeMsMax: number | null;
  readonly isShared: boolean;
  readonly canWarm: boolean;
  readonly entries: number | null;
  readonly bytes: number | null;
  readonly hits: number;
  readonly misses: number;
}

/** One cache of this process: its lifetimes and its counts. */
export class CachePolicy {
  readonly declaration: CacheDeclaration;
  readonly #contents: CacheContents[] = [];
  #ttlMs: number;
  #staleMs: number;
  #generation = 0;
  #hits = 0;
  #misses = 0;

  constructor(declaration: CacheDeclaration) {
    this.declaration = declaration;
    [this.#ttlMs, this.#staleMs] = timesInForce(timesOf(declaration));
  }

  /** The lifetime of an entry in milliseconds. Zero: it is looked up each time. */
  get ttlMs(): number {
    return this.#ttlMs;
  }
  /** For how long an entry answers after its lifetime, while a new one is looked up. */
  get staleMs(): number {
    return this.#staleMs;
  }
  /** Part of the keys of entries that several processes share. */
  get generation(): number {
    return this.#generation;
  }
  get canWarm(): boolean {
    return this.#contents.some(({ warm }) => warm !== undefined);
  }

  count(isHit: boolean): void {
    if (isHit) this.#hits += 1;
    else this.#misses += 1;
  }

  /** Registers entries of this cache; an object that caches does so once. */
  hold(contents: CacheContents): void {
    this.#contents.push(contents);
  }

  /** Takes lifetimes, within the fixed bound. Entries of other lifetimes and of older generations are deleted. */
  apply(setting: CacheSetting): void {
    const [ttlMs, staleMs] = timesInForce(timesOf(this.declaration), setting);
    const isSame = ttlMs === this.#ttlMs && staleMs === this.#staleMs && setting.generation === this.#generation;
    if (isSame) return;
    [this.#ttlMs, this.#staleMs, this.#generation] = [ttlMs, staleMs, setting.generation];
    this.clear();
  }

  clear(): void {
    for (const { clear } of this.#contents) clear();
  }
  deleteKey(key: string): void {
    for (const { deleteKey } of this.#contents) deleteKey?.(key);
  }
  deleteTag(tag: string): void {
    for (const { deleteTag } of this.#contents) deleteTag?.(tag);
  }

  /** Yields how many entries were looked up. */
  async warm(keys: readonly string[]): Promise<number> {
    let count = 0;
    for (const { warm } of this.#contents) count += (await warm?.(keys)) ?? 0;
    return count;
  }

  report(): CacheReport {
    const { name, what, ttlMs, staleMs = null, lifetimeMsMax = null, isShared = false } = this.declaration;
    return {
      name,
      what,
      ttlMs,
      staleMs,
      lifetimeMsMax,
      isShared,
      canWarm: this.canWarm,
      entries: sumOf(this.#contents.map(({ entries }) => entries?.())),
      bytes: sumOf(this.#contents.map(({ bytes }) => bytes?.())),
      hits: this.#hits,
      misses: this.#misses,
    };
  }
}

/** The sum, null where a summand is unknown. */
function sumOf(counts: readonly (number | undefined)[]): number | null {
  let sum = 0;
  for (const count of counts) {
    if (count === undefined) return null;
    sum += count;
  }
  return counts.length === 0 ? null : sum;
}

type Times = Pick<CacheReport, "ttlMs" | "staleMs" | "lifetimeMsMax">;

/** The lifetimes in force. A version before may have stored longer times than the bound, which holds all the same. Pure. */
export function timesInForce(
  { ttlMs, staleMs, lifetimeMsMax }: Times,
  setting?: Pick<CacheSetting, "ttlMs" | "staleMs">,
): [ttlMs: number, staleMs: number] {
  const max = lifetimeMsMax ?? Number.POSITIVE_INFINITY;
  const ttl = Math.min(setting?.ttlMs ?? ttlMs, max);
  const stale = staleMs === null ? 0 : (setting?.staleMs ?? staleMs);
  return [ttl, Math.min(stale, max - ttl)];
}

const timesOf = ({ ttlMs, staleMs, lifetimeMsMax }: CacheDeclaration): Times => ({
  ttlMs,
  staleMs: staleMs ?? null,
  lifetimeMsMax: lifetimeMsMax ?? null,
});
