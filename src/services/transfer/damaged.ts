import type { BlobStores } from "#kernel/blob/stores/stores";
import type { Id } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import { type Owners, type Space, spaces } from "./owners.ts";

interface DamagedObject {
  readonly object: string;
  readonly store: string;
  readonly sizeBytes: number;
  readonly foundAtMs: number;
  readonly userIds: Id[];
}

const objectsMax = 200;
const batch = 100;

/** The first two hundred objects that an owner needs and that no store has whole, as far as is known. */
export async function damagedObjects(stores: BlobStores, owners: Owners): Promise<DamagedObject[]> {
  const objects: DamagedObject[] = [];
  for (const space of spaces)
    for (const store of stores.names) {
      const unreadable = await unreadableIn(stores, store, space, objectsMax - objects.length);
      for (let at = 0; at < unreadable.length; at += batch)
        objects.push(...(await withOwners(owners, space, unreadable.slice(at, at + batch))));
    }
  return objects;
}

/** The given objects that an owner needs, with the users whose files and videos need them. */
async function withOwners(
  owners: Owners,
  space: Space,
  objects: readonly Omit<DamagedObject, "userIds">[],
): Promise<DamagedObject[]> {
  const keys = objects.map(({ object }) => object);
  const users = await owners.usersOf(space, keys);
  return objects.flatMap((object) => {
    const userIds = users.get(object.object);
    return userIds ? [{ ...object, userIds: [...userIds] }] : [];
  });
}

async function unreadableIn(
  stores: BlobStores,
  store: string,
  space: Space,
  max: number,
): Promise<Omit<DamagedObject, "userIds">[]> {
  const objects = [];
  for await (const { key, sizeBytes, changedAtMs } of stores.only(store).quarantine.list(space)) {
    if (objects.length >= max) break;
    if (await readable(stores, key)) continue;
    objects.push({ object: key, store, sizeBytes, foundAtMs: Math.floor(changedAtMs) });
  }
  return objects;
}

/** How many objects are set aside in a store, whether an owner needs them or not. */
export async function quarantinedCount(stores: BlobStores, store: string): Promise<number> {
  let count = 0;
  for (const space of spaces) for await (const _ of stores.only(store).quarantine.list(space)) count += 1;
  return count;
}
