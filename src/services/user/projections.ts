import type { Host } from "#kernel";
import { createReplicaProjection, type Projection } from "#kernel/db/projection";
import { markDeletedUser } from "#policy/copies/deleted-users";
import { auth } from "#services/auth/contract";
import { profileOf } from "./accounts.ts";
import * as store from "./store.ts";

/** Compares profiles with their accounts: existence, names and roles. */
export const projectionsOf = ({ db, client, now }: Host<store.Tables>): readonly Projection[] => [
  createReplicaProjection({
    listStored: (after, limit) => store.accounts(db, after, limit),
    listOwned: async (page, call) => (await client(auth).batch(page, call)).items,
    idOf: ({ userId }) => userId,
    async repair(deleted, owned, call, stored) {
      const repaired: string[] = [];
      for (const { id } of deleted) {
        await db.tx(async (tx) => {
          await markDeletedUser(tx, id, now());
          await store.remove(tx, id);
        });
        repaired.push(`user ${id} had a profile and no account`);
      }
      for (const { userId, username, role, state } of owned) {
        const profile = stored.get(userId);
        if (!profile) {
          // An account that waits for approval has no profile yet.
          const account = state === "pending" ? undefined : await client(auth).account({ userId }, call);
          const profile = account && profileOf(userId, account, now());
          if (profile && (await db.tx((tx) => store.insert(tx, profile))))
            repaired.push(`user ${userId} had no profile`);
        } else if (profile.role !== role || profile.username !== username) {
          if (await db.tx((tx) => store.correct(tx, profile, { role, username })))
            repaired.push(`user ${userId} was known by another name or role`);
        }
      }
      return repaired;
    },
  }),
];
