import { contentFlagged, flaggedPerson } from "#events/moderation";
import { userUpdated } from "#events/user";
import { type Call, type Host, mustBeFresh } from "#kernel";
import { createFlagCheck } from "#policy/copies/blocklist";
import { auth } from "#services/auth/contract";
import type { z } from "zod";
import { NotYourself, type User, type user } from "./contract.ts";
import { presentProfile } from "./presenter.ts";
import { createProfilePictures } from "./pictures.ts";
import { filteredTexts, profileChanges } from "./profile-fields.ts";
import type { Profiles } from "./profiles.ts";
import * as store from "./store.ts";

type Update = z.output<(typeof user)["methods"]["update"]["input"]>;

/** Changes a user makes to their own profile. */
export function createUpdate(
  { db, emit, now, client, call: newCall }: Pick<Host<store.Tables>, "db" | "emit" | "now" | "client" | "call">,
  profiles: Profiles,
): { update(input: Update, call: Call): Promise<User> } {
  const flag = createFlagCheck(db);
  const pictures = createProfilePictures({ client, call: newCall });
  return {
    async update({ id, avatar: avatarUrl, backgroundImage: backgroundUrl, ...texts }, call) {
      const before = await profiles.byId(id, call);
      if (id !== call.userId) throw NotYourself({});
      const isOtherAddress = texts.email !== undefined && texts.email !== (before.email ?? "");
      if (isOtherAddress) mustBeFresh(call);
      const filtered = filteredTexts(texts);
      const heldFor = await flag(filtered, call);
      const changes: Omit<Update, "id"> = {
        ...texts,
        avatar: await pictures.pathOf(avatarUrl, "avatar", call),
        backgroundImage: await pictures.pathOf(backgroundUrl, "background", call),
      };
      // The service of accounts decides by its rules, and announces the address.
      if (isOtherAddress) await client(auth).setEmail({ email: texts.email ?? "" }, call);
      const after = await db.tx(async (tx) => {
        await store.update(tx, id, columnsOf(changes));
        const changed = (await store.byId(tx, id)) ?? before;
        const { username, nickname, avatar, version, approvesFollowers } = changed;
        await emit(tx, userUpdated, id, {
          userId: id,
          version,
          username,
          nickname,
          avatar,
          ...(approvesFollowers !== before.approvesFollowers && { approvesFollowers }),
        });
        if (heldFor !== undefined) await emit(tx, contentFlagged, id, flaggedPerson(id, filtered, heldFor, now()));
        return changed;
      });
      return presentProfile(after, call);
    },
  };
}

/** The columns of the two tables that an update changes; a field that is left out stays. Pure. */
export const columnsOf = ({ email, phone, ...profile }: Omit<Update, "id">): store.Changes => ({
  user: {
    ...(email !== undefined && { email: email || null }),
    ...(phone !== undefined && { phone }),
  },
  profile: profileChanges(profile),
});
