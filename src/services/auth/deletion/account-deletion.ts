import { userDeleted, userErased } from "#events/auth";
import { type Handlers, type Host, type Id, on, type Tx } from "#kernel";
import * as accountStore from "../account-store.ts";
import { recordAct } from "../audit.ts";
import type { auth } from "../contract.ts";
import type { Tables } from "../store.ts";
import { userDataHolders } from "./user-data.ts";

/** Removes accounts and publishes their deletion, which every other service confirms. The last administrator stays. */
export async function removeAccounts(
  host: Pick<Host, "emit" | "now">,
  tx: Tx<Tables>,
  userIds: readonly Id[],
  actorId?: Id,
): Promise<Id[]> {
  const removedIds = await accountStore.removeAccounts(tx, userIds, host.now());
  for (const userId of removedIds) {
    await host.emit(tx, userDeleted, userId, { userId });
    await recordAct(host, tx, userId, "user.deleted", { actorId });
  }
  return removedIds;
}

/** The progress of deletions: which services have confirmed that they hold nothing of an account any more. */
export function createAccountDeletion(host: Pick<Host<Tables>, "db" | "emit" | "now" | "services">) {
  const { db, now, services } = host;
  const handlers: Pick<Handlers<typeof auth>, "remove" | "deletions"> = {
    async remove({ userIds }) {
      await db.tx((tx) => removeAccounts(host, tx, userIds));
      return {};
    },

    async deletions(page) {
      const { items, receipts, ...paging } = await accountStore.deletions(db, page);
      return {
        ...paging,
        items: items.map((deletion) => {
          const receiptsOfUser = receipts.filter(({ userId }) => userId === deletion.userId);
          return {
            ...deletion,
            receipts: receiptsOfUser.map(({ service, atMs }) => ({ service, atMs })),
            // A deletion that ended before a service began to store data of users waits for no receipt of that service.
            missing:
              deletion.endedAtMs === null
                ? userDataHolders(services()).filter(
                    (service) => !receiptsOfUser.some((receipt) => receipt.service === service),
                  )
                : [],
          };
        }),
      };
    },
  };

  return {
    handlers,
    subscriptions: [
      on(userErased, (tx: Tx<Tables>, { userId, service }) =>
        accountStore.addReceipt(tx, { user_id: userId, service, at_ms: now() }, userDataHolders(services())),
      ),
    ],
  };
}
