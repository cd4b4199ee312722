import type { BlobStores } from "#kernel/blob/stores";
import type { Listed } from "#kernel/blob/port";
import { type Owners, spaces } from "./owners.ts";
import type * as store from "./store.ts";

type Which = Pick<store.Row, "space" | "userId" | "olderThanMs" | "largerThanBytes">;

/** Whether an object is one of those that were asked for. Pure. */
export const isMeant = (
  { olderThanMs, largerThanBytes }: Pick<Which, "olderThanMs" | "largerThanBytes">,
  { sizeBytes, changedAtMs }: Pick<Listed, "sizeBytes" | "changedAtMs">,
  nowMs: number,
): boolean =>
  (olderThanMs === null || changedAtMs <= nowMs - olderThanMs) &&
  (largerThanBytes === null || sizeBytes > largerThanBytes);

/** The objects of a store that are meant. */
export async function* meant(
  stores: BlobStores,
  owners: Owners,
  from: string,
  which: Which,
  nowMs: number,
): AsyncIterable<Listed> {
  const { userId, space: only } = which;
  for (const space of only === null ? spaces : [only]) {
    const found = userId === null ? stores.only(from).list(space) : ofPerson(stores, owners, from, space, userId);
    for await (const object of found) if (isMeant(which, object, nowMs)) yield object;
  }
}

/** What was set aside in a store, to be looked at again. */
export async function* aside(stores: BlobStores, from: string, { space }: Pick<Which, "space">): AsyncIterable<Listed> {
  for (const one of space === null ? spaces : [space]) yield* stores.only(from).quarantine.list(one);
}

/**
 * Of the objects somebody needs and that are not planned already, those that no store has.
 * @param unplanned those of these keys that are not planned.
 */
export async function* missing(
  stores: BlobStores,
  owners: Owners,
  { space }: Pick<Which, "space">,
  unplanned: (keys: readonly string[]) => Promise<readonly string[]>,
): AsyncIterable<Pick<Listed, "key" | "sizeBytes">> {
  for (const one of space === null ? spaces : [space])
    for await (const keys of owners.all(one))
      for (const key of await unplanned(keys)) if (!(await isSomewhere(stores, key))) yield { key, sizeBytes: 0 };
}

async function isSomewhere(stores: BlobStores, key: string): Promise<boolean> {
  for (const name of stores.names) if ((await stores.has(name, key)) ?? (await stores.isAside(name, key))) return true;
  return false;
}

async function* ofPerson(
  stores: BlobStores,
  owners: Owners,
  from: string,
  space: "upload" | "media",
  userId: number,
): AsyncIterable<Listed> {
  for await (const key of owners.objectsOf(space, userId)) {
    const found = await stores.has(from, key);
    if (found) yield { key, ...found };
  }
}
