import { readable, unlessDamaged } from "./damaged.ts";
import type { BlobStore } from "./port.ts";

interface OrphanParts {
  readonly blob: BlobStore;
  readonly space: string;
  /** Objects written later are left alone: their record may not be committed yet. */
  readonly writtenBeforeMs: number;
  readonly signal?: AbortSignal;
  /** The given keys that a row refers to. */
  findReferred(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Calls `remove` while nobody can begin to refer to the key, unless a row does by now. */
  unlessReferred(key: string, remove: () => Promise<void>): Promise<void>;
}

const batch = 500;

/** Removes the objects of a space that no row refers to (reliability D5, F2); yields how many it found. */
export async function removeOrphans({ blob, space, writtenBeforeMs, signal, ...rows }: OrphanParts): Promise<number> {
  let removed = 0;
  let keys: string[] = [];
  const look = async (isAside: boolean) => {
    const referredKeys = await rows.findReferred(keys);
    for (const key of keys) {
      if (referredKeys.has(key)) {
        // Damaged bytes are kept as long as there are no others; here are others.
        if (isAside && (await readable(blob, key))) await blob.quarantine.drop(key);
        continue;
      }
      await rows.unlessReferred(key, async () => void (await removeOld(blob, key, writtenBeforeMs)));
      removed += 1;
    }
    keys = [];
  };
  // Quarantined objects are as useless as others when no record refers to them.
  for (const isAside of [false, true]) {
    for await (const { key, changedAtMs } of (isAside ? blob.quarantine : blob).list(space)) {
      if (signal?.aborted) return removed;
      if (changedAtMs < writtenBeforeMs && keys.push(key) === batch) await look(isAside);
    }
    await look(isAside);
  }
  return removed;
}

/**
 * Removes an object unless it was stored again recently: then a record is about to refer to it. Yields its size, 0 where
 * there was none, and undefined where it stays.
 */
export async function removeOld(blob: BlobStore, key: string, writtenBeforeMs: number): Promise<number | undefined> {
  const object = (await blob.open(key).catch(unlessDamaged)) ?? (await blob.quarantine.open(key));
  await object?.close();
  const changedAtMs = blob.changedAt ? await blob.changedAt(key) : object?.changedAtMs;
  if (changedAtMs === undefined) return 0;
  if (changedAtMs >= writtenBeforeMs) return undefined;
  await blob.remove(key);
  return object?.sizeBytes ?? 0;
}
