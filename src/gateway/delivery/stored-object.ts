import type { BlobReader, BlobStore } from "#kernel";
import { ObjectDamaged } from "#kernel/errors";

/** An object as its record describes it. */
export interface StoredObject {
  readonly key: string;
  readonly sizeBytes: number;
}

/** Opens an object; undefined where it does not exist. @throws ObjectDamaged where its length is not the recorded one */
export async function openStoredObject(
  blob: BlobStore,
  { key, sizeBytes }: StoredObject,
): Promise<BlobReader | undefined> {
  const object = await blob.open(key);
  if (!object || object.sizeBytes === sizeBytes) return object;
  await object.close();
  throw ObjectDamaged({});
}
