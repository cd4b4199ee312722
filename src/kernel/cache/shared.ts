import type { CachePolicy } from "./policy.ts";
import type { Cache } from "./port.ts";

interface SharedParts<T> {
  /** The kind of subject that a key is the id of: entries are deleted by the tags `<kind>:<key>`. */
  readonly subject?: string;
  /** Looks up the entry of a key ahead of time, for the process itself. */
  readonly load?: (key: string) => Promise<T>;
  /** The keys that are looked up where none is named. */
  readonly keys?: readonly string[];
}

/** Entries of one cache in the cache port. */
export interface SharedCache<T> {
  getOrLoad(key: string, load: () => Promise<T>): Promise<T>;
  delete(key: string): Promise<void>;
}

/** A declared cache over {@link Cache.getOrLoad}. Its keys name its generation, so that one setting invalidates all. */
export function createSharedCache<T>(
  cache: Pick<Cache, "getOrLoad" | "delete">,
  policy: CachePolicy,
  { subject, load, keys: ownKeys = [] }: SharedParts<T> = {},
): SharedCache<T> {
  const { name } = policy.declaration;
  const fullKey = (key: string) => `${name}@${policy.generation}:${key}`;
  const drop = (key: string) => void cache.delete(fullKey(key)).catch(() => undefined);
  async function getOrLoad(key: string, look: () => Promise<T>): Promise<T> {
    let isHit = true;
    const answer = await cache.getOrLoad(fullKey(key), policy.ttlMs, () => {
      isHit = false;
      return look();
    });
    policy.count(isHit);
    return answer;
  }
  policy.hold({
    // Entries of an older generation are never looked up again; they end with their lifetime.
    clear: () => undefined,
    deleteKey: drop,
    ...(subject !== undefined && {
      deleteTag: (tag: string) => {
        if (tag.startsWith(`${subject}:`)) drop(tag.slice(subject.length + 1));
      },
    }),
    ...(load && {
      warm: async (named: readonly string[]) => {
        const keys = named.length === 0 ? ownKeys : named;
        for (const key of keys) await getOrLoad(key, () => load(key));
        return keys.length;
      },
    }),
  });
  return { getOrLoad, delete: (key) => cache.delete(fullKey(key)) };
}
