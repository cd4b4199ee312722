import type { BlobStores } from "#kernel/blob/stores/stores";
import type { Listed } from "#kernel/blob/port";
import { type Owners, type Space, spaces } from "../owners.ts";
import type * as store from "../store.ts";

type Filter = Pick<store.Row, "space" | "userId" | "olderThanMs" | "largerThanBytes">;

interface Sources {
  readonly stores: BlobStores;
  readonly owners: Owners;
}

/** True if an object has the age and size that a transfer asks for. Pure. */
export const isSelected = (
  { olderThanMs, largerThanBytes }: Pick<Filter, "olderThanMs" | "largerThanBytes">,
  { sizeBytes, changedAtMs }: Pick<Listed, "sizeBytes" | "changedAtMs">,
  nowMs: number,
): boolean =>
  (olderThanMs === null || changedAtMs <= nowMs - olderThanMs) &&
  (largerThanBytes === null || sizeBytes > largerThanBytes);

/** The objects of a store that a transfer selects. */
export async function* selectedObjects(
  sources: Sources,
  from: string,
  filter: Filter,
  nowMs: number,
): AsyncIterable<Listed> {
  for (const space of spacesOf(filter)) {
    const { userId } = filter;
    const listed = userId === null ? sources.stores.only(from).list(space) : ofUser(sources, from, space, userId);
    for await (const object of listed) if (isSelected(filter, object, nowMs)) yield object;
  }
}

/** The objects that were set aside in a store, to be checked again. */
export async function* quarantinedObjects(
  stores: BlobStores,
  from: string,
  filter: Pick<Filter, "space">,
): AsyncIterable<Listed> {
  for (const space of spacesOf(filter)) yield* stores.only(from).quarantine.list(space);
}

/**
 * The objects that an owner needs, that are not planned already, and that no store has.
 * @param unplanned yields the keys among its input that are not planned.
 */
export async function* missingObjects(
  { stores, owners }: Sources,
  filter: Pick<Filter, "space">,
  unplanned: (keys: readonly string[]) => Promise<readonly string[]>,
): AsyncIterable<Pick<Listed, "key" | "sizeBytes">> {
  for (const space of spacesOf(filter))
    for await (const keys of owners.all(space))
      for (const key of await unplanned(keys)) if (!(await isSomewhere(stores, key))) yield { key, sizeBytes: 0 };
}

const spacesOf = ({ space }: Pick<Filter, "space">): readonly Space[] => (space === null ? spaces : [space]);

async function isSomewhere(stores: BlobStores, key: string): Promise<boolean> {
  for (const name of stores.names) if ((await stores.has(name, key)) ?? (await stores.isAside(name, key))) return true;
  return false;
}

async function* ofUser({ stores, owners }: Sources, from: string, space: Space, userId: number): AsyncIterable<Listed> {
  for await (const key of owners.objectsOf(space, userId)) {
    const object = await stores.has(from, key);
    if (object) yield { key, ...object };
  }
}
