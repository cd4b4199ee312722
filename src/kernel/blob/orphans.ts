import type { BlobStore } from "./port.ts";

interface OrphanParts {
  readonly blob: BlobStore;
  readonly space: string;
  /** Objects written later are left alone: whoever stored them may not have noted it yet. */
  readonly writtenBeforeMs: number;
  readonly signal?: AbortSignal;
  /** Those of these keys that a row refers to. */
  referred(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Calls `remove` while nobody can begin to refer to the key, unless a row does by now. */
  unlessReferred(key: string, remove: () => Promise<void>): Promise<void>;
}

const batch = 500;

/** Removes the objects of a space that no row refers to (reliability D5, F2); yields how many it found. */
export async function removeOrphans({ blob, space, writtenBeforeMs, signal, ...rows }: OrphanParts): Promise<number> {
  let removed = 0;
  let keys: string[] = [];
  const look = async () => {
    const known = await rows.referred(keys);
    for (const key of keys) {
      if (known.has(key)) continue;
      await rows.unlessReferred(key, () => removeOld(blob, key, writtenBeforeMs));
      removed += 1;
    }
    keys = [];
  };
  for await (const { key, changedAtMs } of blob.list(space)) {
    if (signal?.aborted) return removed;
    if (changedAtMs < writtenBeforeMs && keys.push(key) === batch) await look();
  }
  await look();
  return removed;
}

/** Removes an object unless it was stored again lately: then somebody is about to refer to it. */
export async function removeOld(blob: BlobStore, key: string, writtenBeforeMs: number): Promise<void> {
  const object = await blob.open(key);
  if (!object) return;
  await object.close();
  if (object.changedAtMs < writtenBeforeMs) await blob.remove(key);
}
