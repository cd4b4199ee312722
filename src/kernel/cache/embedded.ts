import { randomUUID } from "node:crypto";
import { createCache } from "./cached.ts";
import type { Cache, CacheStore, Marks } from "./port.ts";

/** How often expired members are removed from topics that are not read. */
const sweepMs = 10_000;

interface Entry {
  text: string;
  endsAt: number;
}

/** A cache in this process. Beyond `entriesMax` the oldest entries go first; counters count as entries. */
export const embeddedCache = (entriesMax?: number, monotonic?: () => number): Cache =>
  createCache(createEmbeddedStore(entriesMax, monotonic), monotonic);

export function createEmbeddedStore(
  entriesMax = 50_000,
  monotonic: () => number = () => performance.now(),
): CacheStore {
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
  const write = (key: string, value: unknown, lifetimeMs: number) =>
    put(key, { text: JSON.stringify(value), endsAt: monotonic() + lifetimeMs });
  const marks = (key: string) => `marks ${key}`;
  const oneTime = (key: string) => `one-time ${key}`;
  return {
    async get(key) {
      const entry = live(key);
      return entry && JSON.parse(entry.text);
    },
    async set(key, value, lifetimeMs) {
      write(key, value, lifetimeMs);
    },
    async delete(key) {
      entries.delete(key);
      entries.delete(marks(key));
    },
    async add(key, amount, lifetimeMs) {
      const entry = live(key) ?? { text: "0", endsAt: monotonic() + lifetimeMs };
      const value = Number(entry.text) + amount;
      put(key, { text: String(value), endsAt: entry.endsAt });
      return { value, leftMs: Math.max(0, entry.endsAt - monotonic()) };
    },
    async raise(key, values, lifetimeMs) {
      const entry = live(marks(key));
      const all = entry ? (JSON.parse(entry.text) as Marks) : { incarnation: randomUUID(), values: {} }; // As it was written.
      const raised: Record<string, number> = { ...all.values };
      for (const [name, value] of Object.entries(values)) raised[name] = Math.max(raised[name] ?? 0, value);
      const after = { ...all, values: raised };
      write(marks(key), after, lifetimeMs);
      return after;
    },
    async offer(key, value, lifetimeMs) {
      write(oneTime(key), value, lifetimeMs);
    },
    async take(key) {
      const entry = live(oneTime(key));
      entries.delete(oneTime(key));
      return entry && JSON.parse(entry.text);
    },
    ...presence(monotonic),
    away: () => undefined,
    async close() {},
  };
}

/** The members of each topic, and until when they are present. */
function presence(monotonic: () => number): Pick<CacheStore, "enter" | "leave" | "present"> {
  const topics = new Map<string, Map<string, number>>();
  let sweptAt = monotonic();
  /** The members that are still present, the latest renewal last. */
  const membersOf = (topic: string): Map<string, number> => {
    const members = topics.get(topic) ?? new Map<string, number>();
    for (const [member, endsAt] of members) if (endsAt <= monotonic()) members.delete(member);
    if (members.size === 0) topics.delete(topic);
    return members;
  };
  return {
    async enter(topic, member, lifetimeMs) {
      const now = monotonic();
      if (now - sweptAt >= sweepMs) {
        for (const anyTopic of topics.keys()) membersOf(anyTopic);
        sweptAt = now;
      }
      const members = topics.get(topic) ?? new Map<string, number>();
      members.delete(member);
      members.set(member, now + lifetimeMs);
      topics.set(topic, members);
    },
    async leave(topic, member) {
      topics.get(topic)?.delete(member);
      membersOf(topic);
    },
    async present(topic, membersMax) {
      const members = membersOf(topic);
      return { count: members.size, members: [...members.keys()].toReversed().slice(0, membersMax) };
    },
  };
}
