import type { Host } from "#kernel";
import { copiesOf, type Derived } from "#kernel/db/projection";
import { markDeletedUser } from "#policy/deleted-users";
import { auth } from "#services/auth/contract";
import { profileOf } from "./accounts.ts";
import * as store from "./store.ts";

/** What profiles say of their accounts: that they are there, their names and roles. */
export const derivedOf = ({ db, client, now }: Host<store.Tables>): readonly Derived[] => [
  copiesOf({
    kept: (after, limit) => store.accounts(db, after, limit),
    owned: async (page, call) => (await client(auth).batch(page, call)).items,
    idOf: ({ userId }) => userId,
    async repair(gone, owned, call, kept) {
      const found: string[] = [];
      for (const { id } of gone) {
        await db.tx(async (tx) => {
          await markDeletedUser(tx, id, now());
          await store.remove(tx, id);
        });
        found.push(`user ${id} had a profile and no account`);
      }
      for (const { userId, username, role, state } of owned) {
        const known = kept.get(userId);
        if (!known) {
          // Who waits to be let in is nobody yet.
          const account = state === "pending" ? undefined : await client(auth).account({ userId }, call);
          const started = account && profileOf(userId, account, now());
          if (started && (await db.tx((tx) => store.insert(tx, started)))) found.push(`user ${userId} had no profile`);
        } else if (known.role !== role || known.username !== username) {
          if (await db.tx((tx) => store.correct(tx, known, { role, username })))
            found.push(`user ${userId} was known by another name or role`);
        }
      }
      return found;
    },
  }),
];
