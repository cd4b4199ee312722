import type { Handlers, Host } from "#kernel";
import type { auth } from "./contract.ts";
import * as growthStore from "./growth-store.ts";
import { nameKey } from "./names.ts";
import * as store from "./store.ts";

/** Accounts as other services read them. */
export const createAccountLookup = ({
  db,
}: Pick<Host<store.Tables>, "db">): Pick<Handlers<typeof auth>, "account" | "batch" | "growth"> => ({
  async account({ userId, username }) {
    const row =
      userId !== undefined
        ? await store.accountById(db, userId)
        : await store.accountByName(db, nameKey(username ?? ""));
    if (!row || row.state === "pending") return { found: false };
    const { nickname, email, phone, state: _, stateUntilMs: __, ...account } = row;
    const activeAtMs = await store.lastUse(db, row.userId);
    return {
      found: true,
      ...account,
      ...(activeAtMs !== undefined && { activeAtMs }),
      ...(nickname !== null && { nickname }),
      ...(email !== null && { email }),
      ...(phone !== null && { phone }),
    };
  },

  growth: ({ sinceDay }) => growthStore.growth(db, sinceDay),

  batch: async ({ after, limit }) => ({ items: await store.batch(db, after, limit) }),
});
