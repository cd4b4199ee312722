import { instanceChanged } from "#events/instance";
import { userBanned, userUnbanned } from "#events/moderation";
import { userUpdated } from "#events/user";
import { type Host, on, type Subscription, type Tx } from "#kernel";
import type { AddressChanges } from "./addresses/address-changes.ts";
import { banAccount, unbanAccount } from "./bans.ts";
import * as mailStore from "./mail/mail-store.ts";
import type { Tables } from "./store.ts";

/** Reactions of accounts to events of other services: profiles, the instance, moderation. */
export const subscriptionsOf = (
  host: Pick<Host<Tables>, "emit" | "now">,
  addresses: Pick<AddressChanges, "change">,
): readonly Subscription<Tables>[] => [
  // Only the version before announces another address so.
  on(userUpdated, async (tx, { userId, email }) => {
    if (email !== undefined) await addresses.change(tx, userId, email || undefined);
  }),
  on(instanceChanged, async (tx, { name, theme }) => mailStore.setSite(tx, { name, ...theme.light })),
  on(userBanned, (tx: Tx<Tables>, ban) => banAccount(host, tx, ban)),
  on(userUnbanned, (tx: Tx<Tables>, { userId }) => unbanAccount(host, tx, userId)),
];
