import type { BlobReader, BlobStore } from "#kernel";
import { openReferenced } from "#kernel/blob/damaged";
import { ObjectDamaged } from "#kernel/errors";

/** An object as its record describes it. */
export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** Opens an object. @throws ObjectDamaged where no store has it, or its length is not the recorded one */
export async function openStoredObject(blob: BlobStore, { key, sizeBytes }: StoredObject): Promise<BlobReader> {
  const object = await openReferenced(blob, key);
  if (object.sizeBytes === sizeBytes) return object;
  try {
    // A read compares the object with its checksums, and reports that the length differs.
    await object.read(0, 1);
  } finally {
    await object.close();
  }
  throw ObjectDamaged({});
}
