import type { Cache, CacheStore } from "./port.ts";

/** A look-up under way. */
interface Flight {
  readonly beganAt: number;
  /** The answer as JSON, or undefined. */
  readonly text: Promise<string | undefined>;
}

/** An adapter with `cached`, which is the same over all of them. */
export function createCache(store: CacheStore, monotonic: () => number = () => performance.now()): Cache {
  const flights = new Map<string, Flight>();

  async function fly(key: string, lifetimeMs: number, load: () => Promise<unknown>, flight: () => Flight | undefined) {
    const stored = await store.get(key);
    if (stored !== undefined) return JSON.stringify(stored);
    const beganAt = monotonic();
    const value = await load();
    const leftMs = beganAt + lifetimeMs - monotonic();
    // A value that was deleted meanwhile is the answer to this question, and not to the next one.
    if (value !== undefined && leftMs > 0 && flights.get(key) === flight()) await store.set(key, value, leftMs);
    return JSON.stringify(value);
  }

  function begin(key: string, lifetimeMs: number, load: () => Promise<unknown>): Flight {
    const text = Promise.resolve().then(() => fly(key, lifetimeMs, load, () => flight));
    const flight: Flight = { beganAt: monotonic(), text };
    flights.set(key, flight);
    const land = () => void (flights.get(key) === flight && flights.delete(key));
    text.then(land, land);
    return flight;
  }

  return {
    ...store,
    async delete(key) {
      flights.delete(key);
      await store.delete(key);
    },
    async getOrLoad<T>(key: string, lifetimeMs: number, load: () => Promise<T>): Promise<T> {
      const existing = flights.get(key);
      const isYoung = existing !== undefined && monotonic() - existing.beganAt < lifetimeMs;
      const joined = isYoung ? await existing.text.then(parseText, () => failed) : failed;
      if (joined !== failed) return joined as T; // As `load` of this key yields it.
      // After a shared load has failed, its first caller begins another one and the others join it. If it fails too, they
      // all fail.
      const again = flights.get(key);
      const flight = again && again !== existing ? again : begin(key, lifetimeMs, load);
      return (await flight.text.then(parseText)) as T; // As above.
    },
  };
}

const failed = Symbol("failed");
const parseText = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
