import { anyOf, type Id, type Reader, type Role, type Tx } from "#kernel";
import { isDeletedUser } from "#policy/copies/deleted-users";
import { type Generated, sql, type Updateable } from "kysely";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  "user.users": {
    id: Id;
    username: string;
    role: Generated<Role>;
    email: string | null;
    /** Unused: the version before looks for addresses in it. */
    email_key: string | null;
    phone: Generated<string>;
    is_verified: Generated<boolean>;
    version: Generated<number>;
    created_at_ms: number;
  };
  "user.user_profiles": {
    user_id: Id;
    nickname: string;
    avatar: Generated<string>;
    background_image: Generated<string>;
    gender: Generated<number>;
    bio: Generated<string>;
    introduction: Generated<string>;
    about: Generated<string>;
    /** JSON. */
    links: Generated<string>;
    birthday: Generated<string>;
    province: Generated<string>;
    city: Generated<string>;
    school: Generated<string>;
    company: Generated<string>;
    profession: Generated<string>;
    homepage: Generated<string>;
    show_favorites: Generated<boolean>;
    show_likes: Generated<boolean>;
    show_following: Generated<boolean>;
    show_followers: Generated<boolean>;
    approve_followers: Generated<boolean>;
  };
}
type Db = Reader<Tables>;

const columns = [
  "users.id",
  "username",
  "nickname",
  "avatar",
  "background_image as backgroundImage",
  "gender",
  "bio",
  "introduction",
  "about",
  "links",
  "province",
  "city",
  "school",
  "company",
  "profession",
  "homepage",
  "role",
  "is_verified as isVerified",
  "created_at_ms as createdAtMs",
  "email",
  "phone",
  "birthday",
  "show_favorites as showFavorites",
  "show_likes as showLikes",
  "show_following as showFollowing",
  "show_followers as showFollowers",
  "approve_followers as approvesFollowers",
  "version",
] as const;

const profiles = (db: Db) =>
  db.selectFrom("user.users as users").innerJoin("user.user_profiles", "user_id", "users.id");

export interface ProfileRow {
  readonly id: Id;
  readonly username: string;
  readonly nickname: string;
  readonly avatar: string;
  readonly backgroundImage: string;
  readonly gender: number;
  readonly bio: string;
  readonly introduction: string;
  readonly about: string;
  readonly links: string;
  readonly province: string;
  readonly city: string;
  readonly school: string;
  readonly company: string;
  readonly profession: string;
  readonly homepage: string;
  readonly role: Role;
  readonly isVerified: boolean;
  readonly createdAtMs: number;
  readonly email: string | null;
  readonly phone: string;
  readonly birthday: string;
  readonly showFavorites: boolean;
  readonly showLikes: boolean;
  readonly showFollowing: boolean;
  readonly showFollowers: boolean;
  readonly approvesFollowers: boolean;
  readonly version: number;
}
export const byId = (db: Db, id: Id): Promise<ProfileRow | undefined> =>
  profiles(db).select(columns).where("users.id", "=", id).executeTakeFirst();

export async function briefs(db: Db, ids: readonly Id[]) {
  const rows = await profiles(db)
    .select(["users.id", "username", "nickname", "avatar", "introduction", "role"])
    .where("users.id", "=", anyOf(ids))
    .execute();
  return rows.map(({ role, ...row }) => (role === "user" ? row : { ...row, role }));
}

/** Everybody in the order of their ids. */
export const batch = (db: Db, after: number, limit: number) =>
  profiles(db)
    .select(["users.id as userId", "username", "nickname", "version"])
    .where("users.id", ">", after)
    .orderBy("users.id")
    .limit(limit)
    .execute();

export const cards = (db: Db, ids: readonly Id[]) =>
  profiles(db)
    .select(["users.id", "username", "avatar", "background_image as backgroundImage", "bio"])
    .where("users.id", "=", anyOf(ids))
    .execute();

export const privacy = (db: Db, ids: readonly Id[]) =>
  db
    .selectFrom("user.user_profiles")
    .select([
      "user_id as id",
      "show_favorites as showFavorites",
      "show_likes as showLikes",
      "show_following as showFollowing",
      "show_followers as showFollowers",
      "approve_followers as approvesFollowers",
    ])
    .where("user_id", "=", anyOf(ids))
    .execute();

export async function setRole(tx: Tx<Tables>, id: Id, role: Role): Promise<void> {
  await tx
    .updateTable("user.users as users")
    .set({ role, version: sql<number>`version + 1` })
    .where("id", "=", id)
    .execute();
}

interface NewProfile {
  readonly id: Id;
  readonly username: string;
  readonly nickname: string;
  readonly role: Role;
  readonly email: string | null;
  readonly phone: string;
  readonly createdAtMs: number;
}

/** The fields that profiles copy from accounts, in the order of their ids. */
export const accounts = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("user.users as users")
    .select(["id", "username", "role"])
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();

/** Corrects the local copy of an account, unless it was changed since. @returns true if a row was corrected */
export async function correct(
  tx: Tx<Tables>,
  { id, role, username }: { readonly id: Id; readonly role: Role; readonly username: string },
  to: { readonly role: Role; readonly username: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("user.users as users")
    .set(to)
    .where("id", "=", id)
    .where("role", "=", role)
    .where("username", "=", username)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Makes the profile of an account unless it is there or its owner is deleted; yields whether it did. */
export async function insert(tx: Tx<Tables>, profile: NewProfile): Promise<boolean> {
  const { id, username, nickname, role, email, phone, createdAtMs } = profile;
  if (await isDeletedUser(tx, id)) return false;
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("user.users")
    .values({ id, username, role, phone, created_at_ms: createdAtMs, email })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  await tx
    .insertInto("user.user_profiles")
    .values({ user_id: id, nickname })
    .onConflict((c) => c.doNothing())
    .execute();
  return made === 1n;
}

export interface Changes {
  readonly user: Pick<Updateable<Tables["user.users"]>, "email" | "phone">;
  readonly profile: Updateable<Tables["user.user_profiles"]>;
}

export async function update(tx: Tx<Tables>, id: Id, { user, profile }: Changes): Promise<void> {
  await tx
    .updateTable("user.users as users")
    .set({ ...user, ...(user.email !== undefined && { email_key: null }), version: sql<number>`version + 1` })
    .where("id", "=", id)
    .execute();
  if (Object.keys(profile).length > 0)
    await tx.updateTable("user.user_profiles").set(profile).where("user_id", "=", id).execute();
}

export async function remove(tx: Tx<Tables>, id: Id): Promise<void> {
  await tx.deleteFrom("user.users as users").where("id", "=", id).execute();
}
