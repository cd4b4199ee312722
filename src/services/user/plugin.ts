import { emailChanged, userErased, userRegistered, userRoleChanged } from "#events/auth";
import { contentFlagged } from "#events/moderation";
import { userUpdated } from "#events/user";
import { Gather, type Host, type Id, inOrderOf, on, plugin, type Tx, handlersOf, joinHandlers } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { deletedUsers, erase } from "#policy/copies/deleted-users";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { newProfile } from "./accounts.ts";
import { UserNotFound, user } from "./contract.ts";
import { migrations } from "./migrations.ts";
import { presentProfile } from "./presenter.ts";
import { createProfiles } from "./profiles.ts";
import { projectionsOf } from "./projections.ts";
import * as store from "./store.ts";
import { columnsOf, createUpdate } from "./update.ts";

export const userPlugin = plugin({
  contract: user,
  needs: [auth, upload, media],
  migrations,
  copies: [deletedUsers, blocklist],
  events: [contentFlagged, userErased, userUpdated],
  start(host: Host<store.Tables>) {
    const { db, emit, now, client, call: newCall } = host;
    const accounts = client(auth);
    const profiles = createProfiles(host);
    const briefs = new Gather(db, async (reader, ids: readonly Id[]) =>
      inOrderOf(ids, await store.briefs(reader, ids), ({ id }) => id),
    );

    return {
      handlers: joinHandlers(
        createUpdate(host, profiles),
        handlersOf(user, {
          get: async ({ id }, call) => presentProfile(await profiles.byId(id, call), call),
          async byName({ username }, call) {
            const account = await accounts.account(
              { username },
              newCall({ traceId: call.traceId, signal: call.signal }),
            );
            if (!account.found || account.userId === undefined) throw UserNotFound({});
            return presentProfile(await profiles.byId(account.userId, call), call);
          },
          briefs: async ({ ids }, call) => ({
            items: await profiles.all(
              ids,
              async (some) => (await briefs.all(some)).filter((brief) => brief !== undefined),
              call,
            ),
          }),
          batch: async ({ after, limit }) => ({ items: await store.batch(db, after, limit) }),
          cards: async ({ ids }, call) => ({ items: await profiles.all(ids, (some) => store.cards(db, some), call) }),
          privacy: async ({ ids }, call) => ({
            items: await profiles.all(ids, (some) => store.privacy(db, some), call),
          }),
          named: async ({ names }, { traceId, signal }) => {
            const call = newCall({ traceId, signal });
            const answers = await Promise.all(names.map((username) => accounts.account({ username }, call)));
            return {
              items: answers.flatMap(({ userId, username }) =>
                userId === undefined || username === undefined ? [] : [{ userId, username }],
              ),
            };
          },
        }),
      ),

      subscriptions: [
        on(userRegistered, async (tx: Tx<store.Tables>, { userId, phone = "", role = "user", ...account }) => {
          await store.insert(tx, newProfile(userId, { ...account, phone, role, createdAtMs: now() }));
        }),
        on(emailChanged, async (tx: Tx<store.Tables>, { userId, email }) => {
          await store.update(tx, userId, columnsOf({ email }));
        }),
        on(userRoleChanged, (tx: Tx<store.Tables>, { userId, role }) => store.setRole(tx, userId, role)),
        erase("user", emit, (tx: Tx<store.Tables>, { userId }) => store.remove(tx, userId)),
      ],
    };
  },
  projections: projectionsOf,
});
