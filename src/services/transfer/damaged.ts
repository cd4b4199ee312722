import type { BlobStores } from "#kernel/blob/stores";
import type { Id } from "#kernel";
import { readable } from "#kernel/blob/damaged";
import { type Owners, spaces } from "./owners.ts";

interface Damaged {
  readonly object: string;
  readonly store: string;
  readonly sizeBytes: number;
  readonly foundAtMs: number;
  readonly userIds: Id[];
}

const shownMax = 200;
const batch = 100;

/** What somebody needs and no store has whole, as far as is known; the first two hundred. */
export async function damagedNow(stores: BlobStores, owners: Owners): Promise<Damaged[]> {
  const found: Damaged[] = [];
  for (const space of spaces)
    for (const store of stores.names) {
      const here = await asideIn(stores, store, space, shownMax - found.length);
      for (let at = 0; at < here.length; at += batch) {
        const some = here.slice(at, at + batch);
        const keys = some.map(({ object }) => object);
        const users = await owners.usersOf(space, keys);
        for (const one of some) {
          const userIds = users.get(one.object);
          if (userIds) found.push({ ...one, userIds: [...userIds] });
        }
      }
    }
  return found;
}

async function asideIn(
  stores: BlobStores,
  store: string,
  space: string,
  max: number,
): Promise<Omit<Damaged, "userIds">[]> {
  const found = [];
  for await (const { key, sizeBytes, changedAtMs } of stores.only(store).quarantine.list(space)) {
    if (found.length >= max) break;
    if (await readable(stores, key)) continue;
    found.push({ object: key, store, sizeBytes, foundAtMs: Math.floor(changedAtMs) });
  }
  return found;
}

/** How many objects are set aside in a store, whether anybody needs them or not. */
export async function asideCount(stores: BlobStores, store: string): Promise<number> {
  let count = 0;
  for (const space of spaces) for await (const _ of stores.only(store).quarantine.list(space)) count += 1;
  return count;
}
