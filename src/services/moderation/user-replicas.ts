import type { Host } from "#kernel";
import { createReplicaProjection } from "#kernel/db/projection";
import { auth } from "#services/auth/contract";
import * as store from "./store.ts";

/** Replica rows of users, compared with auth. */
export const createUserReplicas = ({ db, client, now }: Pick<Host<store.Tables>, "db" | "client" | "now">) =>
  createReplicaProjection({
    listStored: (after, limit) => store.usersAfter(db, after, limit),
    listOwned: async (page, call) => (await client(auth).batch(page, call)).items,
    idOf: ({ userId }) => userId,
    async repair(deleted, owned, _, stored) {
      const findings: string[] = [];
      for (const { id } of deleted) {
        await db.tx((tx) => store.eraseUser(tx, id, now()));
        findings.push(`user ${id} is deleted and has a replica row`);
      }
      for (const { userId, role } of owned) {
        // Without a row the usual role is assumed.
        const knownRole = stored.get(userId)?.role ?? "user";
        if (knownRole === role) continue;
        if (!stored.has(userId)) await db.tx(async (tx) => void (await store.lockUser(tx, userId)));
        if (await db.tx((tx) => store.correctRole(tx, userId, knownRole, role)))
          findings.push(`user ${userId} has an outdated role`);
      }
      return findings;
    },
  });
