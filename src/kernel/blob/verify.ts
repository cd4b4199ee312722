import { isDamaged } from "./damaged.ts";
import type { BlobReader, BlobStore } from "./port.ts";

/** How closely stored objects are looked at. */
export interface Scrutiny {
  /** Also reads every byte and compares its SHA-256 with the object's name: as long as the disk takes. */
  readonly readsAll: boolean;
}

/** The sweepers run once an hour: an object that is older than the grace time by this much was missed. */
const sweepMs = 3_600_000;

/** The damage of an object that a record refers to, in words; undefined when it is as the record says. */
export async function damageOf(
  blob: BlobStore,
  { key, sizeBytes }: { readonly key: string; readonly sizeBytes?: number | undefined },
  { readsAll }: Scrutiny,
): Promise<string | undefined> {
  let object: BlobReader | undefined;
  try {
    object = await blob.open(key);
  } catch (error) {
    if (isDamaged(error)) return `${key} is damaged and in quarantine: nobody is given it`;
    throw error;
  }
  if (!object) return `${key} is missing`;
  try {
    if (sizeBytes !== undefined && object.sizeBytes !== sizeBytes)
      return `${key} has ${object.sizeBytes} bytes instead of ${sizeBytes}`;
    return readsAll && (await blob.examine(key)) === "damaged"
      ? `the bytes of ${key} are not those that were stored`
      : undefined;
  } finally {
    await object.close();
  }
}

/** The objects of a space that no record refers to and that the sweeper should have removed by now. */
export async function* listForgotten(
  blob: BlobStore,
  space: string,
  { nowMs, graceMs }: { readonly nowMs: number; readonly graceMs: number },
  referred: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
): AsyncIterable<string> {
  for (const listing of [blob.list(space), blob.quarantine.list(space)])
    for await (const { key, changedAtMs } of listing)
      if (changedAtMs < nowMs - graceMs - sweepMs && !(await referred([key])).has(key))
        yield `${key} belongs to nothing and was not removed`;
}
