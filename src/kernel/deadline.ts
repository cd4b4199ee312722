import { setMaxListeners } from "node:events";

/** How coarse deadlines are: calls that end in the same slot share one signal and one timer. */
const slotMs = 100;

interface Shared {
  readonly signal: AbortSignal;
  readonly slot: number;
}
const shared = new Map<number, Shared>();
const deadlineSignals = new WeakSet<AbortSignal>();
/** The latest time at which each of these signals aborts, on the monotonic clock. */
const ends = new WeakMap<AbortSignal, number>();

/** True for a signal of {@link deadlineSignal}, which aborts for no other reason than time. */
export const isDeadlineSignal = (signal: AbortSignal): boolean => deadlineSignals.has(signal);

/** Records that a signal aborts by `endsAt` at the latest, for {@link withinTime}. */
export function endsBy(signal: AbortSignal, endsAt: number): AbortSignal {
  ends.set(signal, endsAt);
  return signal;
}

/**
 * A signal that aborts with `signal`, and `waitMs` from now at the latest, and the time at which it does. It is `signal`
 * itself where that ends as early: `AbortSignal.any` costs as much as a small call, and once more when its time is over.
 */
export function withinTime(signal: AbortSignal, waitMs: number): { signal: AbortSignal; deadline: number } {
  const deadline = performance.now() + waitMs;
  const endsAt = ends.get(signal);
  if (endsAt !== undefined && endsAt <= deadline + slotMs) return { signal, deadline: Math.min(deadline, endsAt) };
  return { signal: endsBy(AbortSignal.any([signal, deadlineSignal(waitMs)]), deadline + slotMs), deadline };
}

/**
 * A signal that aborts `waitMs` from now, up to a slot later. Making a signal and a timer for each of ten thousand
 * calls a second would cost more than the calls.
 */
export function deadlineSignal(waitMs: number): AbortSignal {
  const slot = Math.ceil((performance.now() + waitMs) / slotMs);
  const current = shared.get(waitMs);
  if (current?.slot === slot) return current.signal;
  const signal = AbortSignal.timeout(Math.ceil(slot * slotMs - performance.now()));
  setMaxListeners(0, signal);
  deadlineSignals.add(signal);
  endsBy(signal, slot * slotMs);
  if (shared.size > 100) shared.clear();
  shared.set(waitMs, { signal, slot });
  return signal;
}

/** Settles as `work` does, which goes on by itself when it is late. @throws what `late` returns after `ms` */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  late: () => Error = () => new Error(`it took longer than ${ms} ms`),
): Promise<T> {
  const end = Promise.withResolvers<never>();
  // An answer that came while this process was busy is read before the second of the two.
  const timer = setTimeout(() => setImmediate(() => end.reject(late())), ms);
  try {
    return await Promise.race([work, end.promise]);
  } finally {
    clearTimeout(timer);
  }
}

interface Waiting {
  readonly endsAt: number;
  late(): void;
}
const waiting = new Set<Waiting>();
let sweeper: NodeJS.Timeout | undefined;

/** Calls `late` once the monotonic clock passes `endsAt`, up to a slot later, unless what it returns was called before. */
export function atDeadline(endsAt: number, late: () => void): () => void {
  const entry = { endsAt, late };
  waiting.add(entry);
  sweeper ??= setInterval(sweep, slotMs).unref();
  return () => void waiting.delete(entry);
}

function sweep(): void {
  const now = performance.now();
  for (const entry of waiting)
    if (entry.endsAt <= now) {
      waiting.delete(entry);
      entry.late();
    }
  if (waiting.size > 0) return;
  clearInterval(sweeper);
  sweeper = undefined;
}
