import { type Call, Gather, type Host, type Id, inOrderOf, KinoraError, on, plugin, type Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import { auth, userRegistered, userRoleChanged } from "#services/auth/contract";
import { erase, userErased } from "#policy/deleted-users";
import { contentFlagged, flaggedPerson } from "#services/moderation/contract";
import { flagging } from "#policy/blocklist";
import type { z } from "zod";
import { EmailTaken, NotYourself, type User, UserNotFound, user, userUpdated } from "./contract.ts";
import { newProfile, profileOf } from "./accounts.ts";
import { derivedOf } from "./projections.ts";
import { deletedUsers } from "#policy/deleted-users";
import { blocklist } from "#policy/blocklist";
import { migrations } from "./migrations.ts";
import { filteredTexts, profileChanges } from "./profile-fields.ts";
import * as store from "./store.ts";

type Update = z.output<(typeof user)["methods"]["update"]["input"]>;
type Row = NonNullable<Awaited<ReturnType<typeof store.byId>>>;

export const userPlugin = plugin({
  contract: user,
  needs: [auth],
  migrations,
  copies: [deletedUsers, blocklist],
  events: [contentFlagged, userErased, userUpdated],
  start({ db, emit, now, client, call: newCall }: Host<store.Tables>) {
    const accounts = client(auth);
    const briefs = new Gather(db, async (reader, ids: readonly Id[]) =>
      inOrderOf(ids, await store.briefs(reader, ids), ({ id }) => id),
    );
    const flag = flagging(db);

    /** The profile; made from the account when the event of its registration has not arrived yet (design: whichever comes first). */
    async function profile(id: Id, call: Call): Promise<Row> {
      const found = await store.byId(db.read(call), id);
      if (found) return found;
      const account = await accounts.account({ userId: id }, newCall({ traceId: call.traceId, signal: call.signal }));
      const started = profileOf(id, account, now());
      if (started) await db.tx((tx) => store.insert(tx, started));
      const made = await store.byId(db, id);
      if (!made) throw UserNotFound({});
      return made;
    }

    /** What is read of these, and of whoever registered a moment ago: they are there before the news of it. */
    async function ofAll<T extends { readonly id: Id }>(
      ids: readonly Id[],
      read: (ids: readonly Id[]) => Promise<T[]>,
      call: Call,
    ): Promise<T[]> {
      const found = await read(ids);
      const missing = found.length === ids.length ? [] : ids.filter((id) => !found.some((one) => one.id === id));
      if (missing.length === 0) return found;
      await Promise.all(missing.map((id) => profile(id, call).catch(nobody)));
      return [...found, ...(await read(missing))];
    }

    return {
      handlers: {
        get: async ({ id }, call) => shown(await profile(id, call), call),

        async byName({ username }, call) {
          const account = await accounts.account({ username }, newCall({ traceId: call.traceId, signal: call.signal }));
          if (!account.found || account.userId === undefined) throw UserNotFound({});
          return shown(await profile(account.userId, call), call);
        },

        async update({ id, ...given }, call) {
          const before = await profile(id, call);
          if (id !== call.userId) throw NotYourself({});
          const said = filteredTexts(given);
          const heldFor = await flag(said, call);
          const after = await db.tx(async (tx) => {
            if (!(await store.update(tx, id, changesOf(given)))) throw EmailTaken({});
            const changed = (await store.byId(tx, id)) ?? before;
            const { username, nickname, avatar, version, email } = changed;
            await emit(tx, userUpdated, id, {
              userId: id,
              version,
              username,
              nickname,
              avatar,
              ...(given.email !== undefined && { email: email ?? "" }),
            });
            if (heldFor !== undefined) await emit(tx, contentFlagged, id, flaggedPerson(id, said, heldFor, now()));
            return changed;
          });
          return shown(after, call);
        },

        briefs: async ({ ids }, call) => ({
          items: await ofAll(ids, async (some) => (await briefs.all(some)).filter((one) => one !== undefined), call),
        }),
        batch: async ({ after, limit }) => ({ items: await store.batch(db, after, limit) }),
        cards: async ({ ids }, call) => ({ items: await ofAll(ids, (some) => store.cards(db, some), call) }),
        privacy: async ({ ids }, call) => ({ items: await ofAll(ids, (some) => store.privacy(db, some), call) }),

        async named({ names }, { traceId, signal }) {
          const call = newCall({ traceId, signal });
          const found = await Promise.all(names.map((username) => accounts.account({ username }, call)));
          return {
            items: found.flatMap(({ userId, username }) =>
              userId === undefined || username === undefined ? [] : [{ userId, username }],
            ),
          };
        },
      },

      subscriptions: [
        on(userRegistered, async (tx, { userId, phone = "", role = "user", ...given }) => {
          await store.insert(tx, newProfile(userId, { ...given, phone, role, createdAtMs: now() }));
        }),
        on(userRoleChanged, (tx: Tx<store.Tables>, { userId, role }) => store.setRole(tx, userId, role)),
        erase("user", emit, (tx: Tx<store.Tables>, { userId }) => store.remove(tx, userId)),
      ],
    };
  },
  derived: derivedOf,
});

/** Passes over whom there is not. */
function nobody(error: unknown): void {
  if (!(error instanceof KinoraError) || error.code !== UserNotFound.code) throw error;
}

/** A profile as the caller may see it: the private half is for its owner alone. */
function shown(
  { email, phone, birthday, showFavorites, showLikes, showFollowing, showFollowers, version: _, ...row }: Row,
  { userId }: Call,
): User {
  if (row.id !== userId) return row;
  return { ...row, email: email ?? "", phone, birthday, showFavorites, showLikes, showFollowing, showFollowers };
}

/** What an update changes in the two tables; a field that is left out stays. */
const changesOf = ({ email, phone, ...profile }: Omit<Update, "id">): store.Changes => ({
  user: {
    ...(email !== undefined && { email: email || null, email_key: email ? emailKey(email) : null }),
    ...(phone !== undefined && { phone }),
  },
  profile: profileChanges(profile),
});
