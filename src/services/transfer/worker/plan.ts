import type { Db, Id, Job } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import type { Owners } from "../owners.ts";
import * as store from "../store.ts";
import { missingObjects, quarantinedObjects, selectedObjects } from "./selection.ts";

const batch = 500;

interface Parts {
  readonly db: Db<store.Tables>;
  readonly stores: BlobStores;
  readonly owners: Owners;
  readonly now: () => number;
}

/** Stores the objects of a transfer in batches, so that a plan that was interrupted begins again without harm. */
export async function planObjects(
  { db, stores, owners, now }: Parts,
  transfer: store.Row,
  job: Job<{ readonly id: Id }>,
): Promise<void> {
  let objects: { key: string; sizeBytes: number }[] = [];
  const saveBatch = async () => {
    const saved = objects;
    objects = [];
    if (saved.length > 0) await job.step<store.Tables>(async (tx) => void (await store.plan(tx, transfer.id, saved)));
  };
  const add = async (listed: AsyncIterable<{ key: string; sizeBytes: number }>) => {
    for await (const { key, sizeBytes } of listed) {
      job.signal.throwIfAborted();
      if (objects.push({ key, sizeBytes }) === batch) await saveBatch();
    }
    await saveBatch();
  };
  const from = transfer.from ?? "";
  await add(selectedObjects({ stores, owners }, from, transfer, now()));
  if (transfer.kind === "repair") await add(quarantinedObjects(stores, from, transfer));
  // Objects that no store has are looked for once, though there may be many stores.
  if (transfer.scrubNo !== null && from === stores.names[0])
    await add(missingObjects({ stores, owners }, transfer, (keys) => store.findUnplanned(db, transfer.id, keys)));
  await job.step<store.Tables>(async (tx) => void (await store.setPlanned(tx, transfer.id)));
}
