import { type Call, callerOf, type Host } from "#kernel";
import { requireAccount } from "#services/auth/contract";
import type { z } from "zod";
import type { message, NotificationSettings } from "../contract.ts";
import type { Tables } from "../store.ts";
import type { Kind } from "./facts.ts";
import * as notificationStore from "./notification-store.ts";

type Settings = z.output<typeof NotificationSettings>;
type Update = z.output<(typeof message)["methods"]["setSettings"]["input"]>;

/**
 * The kind that each setting switches; a setting of the contract that is missing here is a type error. Notifications of
 * the instance itself cannot be switched off.
 */
const kindOf = {
  like: "like",
  comment: "comment",
  reply: "reply",
  mention: "mention",
  commentLike: "comment_like",
  follow: "follow",
  published: "published",
} as const satisfies Record<keyof Update, Kind>;
const names = Object.keys(kindOf) as (keyof typeof kindOf)[]; // The keys of this very record.

const settingsOf = (disabled: readonly string[]): Settings =>
  Object.fromEntries(names.map((name) => [name, !disabled.includes(kindOf[name])])) as Settings; // One per name.

/** Which kinds of notifications a user gets. */
export const notificationSettingsOf = ({ db }: Pick<Host<Tables>, "db">) => ({
  settings: async (_: object, call: Call) => settingsOf(await notificationStore.disabledKinds(db, callerOf(call))),

  async setSettings(update: Update, call: Call) {
    const userId = callerOf(call);
    return db.tx(async (tx) => {
      await requireAccount(tx, userId);
      await notificationStore.lockSettings(tx, userId);
      const before = settingsOf(await notificationStore.disabledKinds(tx, userId));
      const disabled = names.filter((name) => !(update[name] ?? before[name])).map((name) => kindOf[name]);
      await notificationStore.setDisabledKinds(tx, userId, disabled);
      return settingsOf(disabled);
    });
  },
});
