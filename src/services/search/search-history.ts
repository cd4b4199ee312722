import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host } from "#kernel";
import { nameKey } from "#kernel/text";
import type { z } from "zod";
import type { search } from "./contract.ts";
import { keywordOf } from "./keywords.ts";
import type { SearchLog } from "./search-log.ts";
import type { Tables } from "./store.ts";
import * as wordStore from "./word-store.ts";

type HistorySettings = z.output<(typeof search)["methods"]["setHistory"]["input"]>;

/** A user's own recent searches. */
export const createSearchHistory = ({ db }: Pick<Host<Tables>, "db">, searchLog: SearchLog) => ({
  async history({ limit }: { limit: number }, call: Call) {
    await searchLog.flush();
    return { items: await wordStore.history(db, callerOf(call), limit) };
  },

  async clearHistory(_: object, call: Call) {
    await searchLog.flush();
    await db.tx((tx) => wordStore.deleteHistory(tx, callerOf(call)));
    return {};
  },

  async forgetSearch({ keyword }: { keyword: string }, call: Call) {
    await searchLog.flush();
    await db.tx((tx) => wordStore.deleteHistory(tx, callerOf(call), nameKey(keywordOf(keyword))));
    return {};
  },

  historySettings: async (_: object, call: Call) => ({
    isKept: await wordStore.isKept(db.read(call), callerOf(call)),
  }),

  async setHistory(settings: HistorySettings, call: Call) {
    await searchLog.flush();
    const userId = callerOf(call);
    await db.tx(async (tx) => {
      await requireAccount(tx, userId);
      await wordStore.setSettings(tx, { user_id: userId, ...columnsOf(settings) });
    });
    return settings;
  },
});

/** The columns of settings, by their fields: a new field of the contract without an entry is a type error. Pure. */
const columnsOf = ({ isKept }: HistorySettings) => {
  const byField = { isKept: { is_kept: isKept } } satisfies Record<
    keyof HistorySettings,
    Partial<Tables["search.search_settings"]>
  >;
  return byField.isKept;
};
