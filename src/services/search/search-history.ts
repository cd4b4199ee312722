import { type Call, callerOf, type Host } from "#kernel";
import { nameKey } from "#kernel/text";
import { mustBeThere } from "#services/auth/contract";
import { keywordOf } from "./keywords.ts";
import type { Performed } from "./performed.ts";
import type { Tables } from "./store.ts";
import * as wordStore from "./word-store.ts";

/** A user's own recent searches. */
export const searchHistoryOf = ({ db }: Pick<Host<Tables>, "db">, performed: Performed) => ({
  async history({ limit }: { limit: number }, call: Call) {
    await performed.flush();
    return { items: await wordStore.history(db, callerOf(call), limit) };
  },

  async clearHistory(_: object, call: Call) {
    await performed.flush();
    await db.tx((tx) => wordStore.forget(tx, callerOf(call)));
    return {};
  },

  async forgetSearch({ keyword }: { keyword: string }, call: Call) {
    await performed.flush();
    await db.tx((tx) => wordStore.forget(tx, callerOf(call), nameKey(keywordOf(keyword))));
    return {};
  },

  historySettings: async (_: object, call: Call) => ({
    isKept: await wordStore.isKept(db.read(call), callerOf(call)),
  }),

  async setHistory({ isKept }: { isKept: boolean }, call: Call) {
    await performed.flush();
    const userId = callerOf(call);
    await db.tx(async (tx) => {
      await mustBeThere(tx, userId);
      await wordStore.setKept(tx, userId, isKept);
    });
    return { isKept };
  },
});
