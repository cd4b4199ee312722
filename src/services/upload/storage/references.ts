import type { Handlers } from "#kernel";
import { removeOld } from "#kernel/blob/orphans";
import { setAside } from "#kernel/blob/stores/set-aside";
import type { upload } from "../contract.ts";
import type { UploadHost } from "../settings.ts";
import * as contentStore from "../completion/content-store.ts";

/** The objects that files need, for the services that move objects. */
export const createObjectReferences = ({
  db,
  blob,
}: UploadHost): Pick<
  Handlers<typeof upload>,
  "held" | "objectsOf" | "ownersOf" | "setAside" | "prune" | "content"
> => ({
  held: async ({ keys }) => ({ keys: [...(await contentStore.findReferenced(db, keys))] }),

  objectsOf: async ({ userId, after, limit }) => ({ keys: await contentStore.keysOf(db, userId, after, limit) }),

  ownersOf: async ({ keys }) => ({ items: await contentStore.ownersOf(db, keys) }),

  async setAside(input) {
    return db.tx(async (tx) => {
      await contentStore.lockKey(tx, input.key);
      return { isAside: await setAside(blob, input) };
    });
  },

  async prune({ key, writtenBeforeMs }) {
    return db.tx(async (tx) => {
      await contentStore.lockKey(tx, key);
      const isHeld = (await contentStore.findReferenced(tx, [key])).has(key);
      if (!isHeld) await removeOld(blob, key, writtenBeforeMs);
      return { isHeld };
    });
  },

  async content({ hash }) {
    const [content, second] = await contentStore.contentsOf(db, hash);
    return { key: content && !second ? content.key : null };
  },
});
