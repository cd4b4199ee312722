import type { Host } from "#kernel";
import type { Tables } from "../store.ts";
import * as modelStore from "./model-store.ts";

const space = "models";
/** Models that are kept to go back to. */
const keptMax = 5;
/** A model object without a record, left by a crash, is removed after this time. */
const orphanMs = 24 * 3_600_000;

/** The objects that models are in. */
export interface ModelObjects {
  readonly store: (parts: readonly Uint8Array[]) => Promise<string>;
  /** Removes objects that no record names: of models that are old, and of trainings that were killed. */
  readonly sweep: () => Promise<void>;
}

export function createModelObjects({ db, blob, now }: Pick<Host<Tables>, "db" | "blob" | "now">): ModelObjects {
  async function store(parts: readonly Uint8Array[]): Promise<string> {
    const writer = await blob.create(space);
    try {
      for (const part of parts) await writer.write(part);
      return (await writer.commit()).key;
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  async function sweep(): Promise<void> {
    const old = await db.tx((tx) => modelStore.deleteOldest(tx, keptMax));
    const kept = new Set((await modelStore.models(db)).map(({ key }) => key));
    for (const key of old) if (!kept.has(key)) await blob.remove(key);
    for await (const { key, changedAtMs } of blob.list(space))
      if (!kept.has(key) && changedAtMs < now() - orphanMs) await blob.remove(key);
  }

  return { store, sweep };
}
