import type { Cache } from "./port.ts";

interface Entry {
  text: string;
  endsAt: number;
}

/** A cache in this process. Beyond `entriesMax` the oldest entries go first; counters count as entries. */
export function embeddedCache(entriesMax = 50_000, monotonic: () => number = () => performance.now()): Cache {
  const entries = new Map<string, Entry>();
  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry && entry.endsAt > monotonic()) return entry;
    entries.delete(key);
    return undefined;
  };
  const put = (key: string, entry: Entry) => {
    entries.delete(key);
    entries.set(key, entry);
    for (const oldest of entries.keys()) {
      if (entries.size <= entriesMax) break;
      entries.delete(oldest);
    }
  };
  return {
    async get(key) {
      const entry = live(key);
      return entry && JSON.parse(entry.text);
    },
    async set(key, value, lifeMs) {
      put(key, { text: JSON.stringify(value), endsAt: monotonic() + lifeMs });
    },
    async delete(key) {
      entries.delete(key);
    },
    async add(key, amount, lifeMs) {
      const entry = live(key) ?? { text: "0", endsAt: monotonic() + lifeMs };
      const value = Number(entry.text) + amount;
      put(key, { text: String(value), endsAt: entry.endsAt });
      return { value, leftMs: Math.max(0, entry.endsAt - monotonic()) };
    },
  };
}
