import type { BlobReader, BlobStore } from "#kernel";
import { ObjectDamaged } from "#kernel/errors";

/** What a record says of an object. */
export interface Whole {
  readonly key: string;
  readonly sizeBytes: number;
}

/** An object as its record says it is; undefined where there is none. @throws ObjectDamaged where it has another length */
export async function openWhole(blob: BlobStore, { key, sizeBytes }: Whole): Promise<BlobReader | undefined> {
  const object = await blob.open(key);
  if (!object || object.sizeBytes === sizeBytes) return object;
  await object.close();
  throw ObjectDamaged({});
}
