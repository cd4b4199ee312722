import { KinoraError, ObjectDamaged } from "../errors.ts";
import type { BlobReader, BlobStore, Listed } from "./port.ts";

/** True if a step failed because the object it is about was set aside. */
export const isDamaged = (error: unknown): boolean => error instanceof KinoraError && error.code === ObjectDamaged.code;

/** For a step that is to find nothing where an object was set aside. */
export function unlessDamaged(error: unknown): undefined {
  if (!isDamaged(error)) throw error;
}

/** Opens an object that a record refers to. @throws ObjectDamaged also where no store has it, which is reported */
export async function openReferenced(blob: BlobStore, key: string): Promise<BlobReader> {
  return (await blob.open(key)) ?? failMissing(blob, key);
}

/** Reports that an object a record refers to is in no store. @throws ObjectDamaged */
export function failMissing(blob: BlobStore, key: string): never {
  blob.reportMissing?.(key);
  throw ObjectDamaged({});
}

/** The readable state of an object right now: none where it was set aside. */
export async function readable(blob: BlobStore, key: string): Promise<Omit<Listed, "key"> | undefined> {
  const object = await blob.open(key).catch(unlessDamaged);
  await object?.close();
  return object && { sizeBytes: object.sizeBytes, changedAtMs: object.changedAtMs };
}
