import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host } from "#kernel";
import type { z } from "zod";
import type { message, NotificationSettings } from "../contract.ts";
import type { Tables } from "../store.ts";
import type { Kind } from "./facts.ts";
import * as notificationStore from "./notification-store.ts";

type Settings = z.output<typeof NotificationSettings>;
type Update = z.output<(typeof message)["methods"]["setSettings"]["input"]>;
type Noticed = keyof Omit<Settings, "mail" | "push" | "live">;

/**
 * The kind that each setting switches; a setting of the contract that is missing here is a type error. Notifications of
 * the instance itself cannot be switched off on the site.
 */
const kindOf = {
  like: "like",
  comment: "comment",
  reply: "reply",
  mention: "mention",
  commentLike: "comment_like",
  follow: "follow",
  published: "published",
} as const satisfies Record<Noticed, Kind>;
const siteKindOf = { ...kindOf, live: "live" } as const satisfies Record<Noticed | "live", Kind>;
/** Decisions about one's account are one kind there. */
const mailKindOf = { ...kindOf, account: "account" } as const satisfies Record<keyof Settings["mail"], string>;
const pushKindOf = { ...mailKindOf, live: "live", message: "message" } as const satisfies Record<
  keyof Settings["push"],
  string
>;
export const mailKinds: string[] = Object.values(mailKindOf);
export const alertKinds = Object.values(pushKindOf);

/** The state of each setting: true if it is on. Pure. */
const switches = <N extends string>(kinds: Record<N, string>, off: readonly string[]): Record<N, boolean> =>
  Object.fromEntries(Object.entries<string>(kinds).map(([name, kind]) => [name, !off.includes(kind)])) as Record<
    N,
    boolean
  >; // One per name.

/** The kinds that are off after a change. Pure. */
const applyChange = <N extends string>(
  kinds: Record<N, string>,
  off: readonly string[],
  change: Partial<Record<N, boolean | undefined>> = {},
): string[] =>
  (Object.entries(kinds) as [N, string][]) // The keys of this very record.
    .filter(([name, kind]) => !(change[name] ?? !off.includes(kind)))
    .map(([, kind]) => kind);

const settingsOf = ({ off, mailOff, pushOff }: notificationStore.DisabledKinds): Settings => ({
  ...switches(siteKindOf, off),
  mail: switches(mailKindOf, mailOff),
  push: switches(pushKindOf, pushOff),
});

/** The kinds of notifications a user gets: on the site, as mails and as push messages. */
export const createNotificationSettings = ({ db }: Pick<Host<Tables>, "db">) => ({
  settings: async (_: object, call: Call) => settingsOf(await notificationStore.disabledKinds(db, callerOf(call))),

  async setSettings({ mail, push, ...site }: Update, call: Call) {
    const userId = callerOf(call);
    return db.tx(async (tx) => {
      await requireAccount(tx, userId);
      await notificationStore.lockSettings(tx, userId);
      const before = await notificationStore.disabledKinds(tx, userId);
      const after = {
        off: applyChange(siteKindOf, before.off, site),
        mailOff: applyChange(mailKindOf, before.mailOff, mail),
        pushOff: applyChange(pushKindOf, before.pushOff, push),
      };
      await notificationStore.setDisabledKinds(tx, userId, after);
      return settingsOf(after);
    });
  },
});
