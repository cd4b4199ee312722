import type { Handlers, Host } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import { setAside } from "#kernel/blob/stores/set-aside";
import { damageOf, listForgotten, type Scrutiny } from "#kernel/blob/verify";
import type { objectMethods } from "#services/upload/contract";
import type { media } from "../contract.ts";
import * as store from "../store.ts";
import * as objectStore from "./object-store.ts";

/** The stored objects that media refer to, for the services that move, check and remove bytes. */
export const createObjectReferences = ({
  db,
  blob,
}: Pick<Host<store.Tables>, "db" | "blob">): Pick<
  Handlers<typeof media>,
  Exclude<keyof typeof objectMethods, "release">
> => ({
  held: async ({ keys }) => ({ keys: [...(await objectStore.findReferenced(db, keys))] }),

  objectsOf: async ({ userId, after, limit }) => ({ keys: await objectStore.keysOf(db, userId, after, limit) }),

  ownersOf: async ({ keys }) => ({ items: await objectStore.ownersOf(db, keys) }),

  setAside: (object) =>
    db.tx(async (tx) => {
      await objectStore.lockKey(tx, object.key);
      return { isAside: await setAside(blob, object) };
    }),

  prune: ({ key, writtenBeforeMs }) =>
    db.tx(async (tx) => {
      await objectStore.lockKey(tx, key);
      const isHeld = (await objectStore.findReferenced(tx, [key])).has(key);
      if (!isHeld) await removeOld(blob, key, writtenBeforeMs);
      return { isHeld };
    }),
});

/** The findings of `doctor --verify` in rows and bytes. */
export async function* verifyObjects(
  { db, blob, now }: Pick<Host<store.Tables>, "db" | "blob" | "now">,
  graceMs: number,
  scrutiny: Scrutiny,
): AsyncGenerator<string> {
  for (const { id, ...object } of await objectStore.objects(db)) {
    const damage = await damageOf(blob, object, scrutiny);
    if (damage !== undefined) yield `media object ${id}: ${damage}`;
  }
  yield* (await store.contradictions(db)).map(({ id, what }) => `media object ${id} ${what}`);
  yield* listForgotten(blob, "media", { nowMs: now(), graceMs }, (keys) => objectStore.findReferenced(db, keys));
}
