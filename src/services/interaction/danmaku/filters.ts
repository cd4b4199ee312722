import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host, type Id } from "#kernel";
import type { z } from "zod";
import type { ViewerAccess } from "../access.ts";
import { type DanmakuFilters, DanmakuNotFound, danmakuModes, TooManyHidden } from "../contract.ts";
import type { Tables } from "../store.ts";
import { ownerOf } from "./danmaku-access.ts";
import * as danmakuStore from "./danmaku-store.ts";

type FiltersInput = z.output<typeof DanmakuFilters>;
/** Authors that one viewer hides without knowing who they are. */
const hiddenMax = 500;

/** The filters of a viewer, with the authors they hid. */
export async function filtersOf({ db }: Pick<Host<Tables>, "db">, userId: Id, call: Call) {
  const reader = db.read(call);
  const [{ modes, ...otherFilters }, hiddenIds] = await Promise.all([
    danmakuStore.filtersOf(reader, userId),
    danmakuStore.hiddenAuthorsOf(reader, userId),
  ]);
  return { ...otherFilters, modes: danmakuModes.filter((mode) => modes.includes(mode)), hiddenIds };
}

/** The danmaku that a viewer filters out: by words, users and modes, and those of authors they hid. */
export function createDanmakuFilters({ db }: Pick<Host<Tables>, "db">, access: ViewerAccess) {
  /** The answer has the number of hidden authors and never says who they are. */
  const present = async (userId: Id, call: Call) => {
    const { hiddenIds, ...filters } = await filtersOf({ db }, userId, call);
    return { ...filters, hiddenCount: hiddenIds.length };
  };

  /** @throws DanmakuNotFound where the caller may not see it */
  const mustBeVisible = async (id: Id, call: Call) => {
    const row = await danmakuStore.byId(db, id);
    if (!row) throw DanmakuNotFound({});
    await ownerOf(access, row.videoId, call);
    if ((await access.hiddenUsers(call)).includes(row.userId)) throw DanmakuNotFound({});
  };

  return {
    danmakuFilters: (_: object, call: Call) => present(callerOf(call), call),

    async setDanmakuFilters(filters: FiltersInput, call: Call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await requireAccount(tx, userId);
        await danmakuStore.setFilters(tx, { user_id: userId, ...columnsOf(filters) });
      });
      return present(userId, call);
    },

    async hideAuthor({ id }: { id: Id }, call: Call) {
      await mustBeVisible(id, call);
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await requireAccount(tx, userId);
        const danmaku = await danmakuStore.lockShared(tx, id);
        if (!danmaku) throw DanmakuNotFound({});
        // A viewer's own danmaku are always shown.
        if (danmaku.userId === userId) return;
        await danmakuStore.hideAuthor(tx, userId, danmaku.userId);
        if ((await danmakuStore.hiddenAuthorsOf(tx, userId)).length > hiddenMax) throw TooManyHidden({});
      });
      return present(userId, call);
    },

    async showAuthor({ id }: { id: Id }, call: Call) {
      await mustBeVisible(id, call);
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        const danmaku = await danmakuStore.lockShared(tx, id);
        if (!danmaku) throw DanmakuNotFound({});
        await danmakuStore.showAuthors(tx, userId, danmaku.userId);
      });
      return present(userId, call);
    },

    async showAuthors(_: object, call: Call) {
      const userId = callerOf(call);
      await db.tx((tx) => danmakuStore.showAuthors(tx, userId));
      return present(userId, call);
    },
  };
}

/** The columns of filters, by their fields: a new field of the contract without an entry is a type error. Pure. */
function columnsOf({ words, userIds, modes }: FiltersInput) {
  const byField = {
    words: { words },
    userIds: { user_ids: userIds },
    modes: { modes },
  } satisfies Record<keyof FiltersInput, Partial<Tables["interaction.danmaku_filters"]>>;
  return { ...byField.words, ...byField.userIds, ...byField.modes };
}
