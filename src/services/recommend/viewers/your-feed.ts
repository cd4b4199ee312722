import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host, type PageInput } from "#kernel";
import type { z } from "zod";
import { tagKey } from "../candidate.ts";
import type { recommend } from "../contract.ts";
import type { Memory } from "../memory.ts";
import * as signalStore from "../signals/signal-store.ts";
import type { Tables } from "../store.ts";
import { authorOf, interestsOf } from "./interests.ts";
import * as viewerStore from "./viewer-store.ts";

type Input<M extends "setFeedSettings" | "setInterest"> = z.output<(typeof recommend)["methods"][M]["input"]>;

/** The last signals that interests are seen in. */
const signalsMax = 200;

/** The handlers for users to view and change their own feed. */
export function createYourFeed({ db, now }: Pick<Host<Tables>, "db" | "now">, memory: Memory) {
  return {
    feedSettings: (_: object, call: Call) => viewerStore.settingsOf(db.read(call), callerOf(call)),

    async setFeedSettings(changes: Input<"setFeedSettings">, call: Call) {
      const userId = callerOf(call);
      return db.tx(async (tx) => {
        await requireAccount(tx, userId);
        const settings = { ...(await viewerStore.settingsOf(tx, userId)), ...definedFields(changes) };
        await viewerStore.setSettings(tx, userId, settings);
        return settings;
      });
    },

    async interests({ limit }: { readonly limit: number }, call: Call) {
      const userId = callerOf(call);
      const reader = db.read(call);
      await memory.refresh();
      const [signals, removed] = await Promise.all([
        signalStore.latestOf(reader, userId, signalsMax),
        viewerStore.removedInterestsOf(reader, userId),
      ]);
      const interests = interestsOf(signals, { pool: memory.pool, removed, nowMs: now() });
      return {
        items: interests
          .slice(0, limit)
          .map(({ kind, key, strength }) => ({ kind, name: key, strength, authorId: authorOf({ kind, key }) })),
      };
    },

    async setInterest({ kind, name, isRemoved }: Input<"setInterest">, call: Call) {
      const userId = callerOf(call);
      const key = kind === "tag" ? tagKey(name) : name;
      await db.tx(async (tx) => {
        await requireAccount(tx, userId);
        if (isRemoved) await viewerStore.removeInterest(tx, userId, { kind, key, removedAtMs: now() });
        else await viewerStore.restoreInterest(tx, userId, kind, key);
      });
      return {};
    },

    async reset(_: object, call: Call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        await signalStore.deleteSignals(tx, userId);
        await viewerStore.deleteChoices(tx, userId);
      });
      return {};
    },

    async signals(page: PageInput, call: Call) {
      const { items, ...paging } = await signalStore.pageOfUser(db.read(call), callerOf(call), page);
      return { ...paging, items: items.map(({ userId: _, lengthMs: __, beganAtMs: ___, ...signal }) => signal) };
    },
  };
}

/** The fields that are there. */
const definedFields = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
