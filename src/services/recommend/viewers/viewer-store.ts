import type { Id, Tx } from "#kernel";
import type { Db, Tables } from "../store.ts";

/** How much of something a user wants: steps from -2, much less, to 2, much more. */
export interface Weights {
  readonly fresh: number;
  readonly following: number;
  readonly popular: number;
  readonly similar: number;
}
export interface Settings extends Weights {
  /** The feed is made for this user; otherwise it is the same for everybody. */
  readonly isPersonal: boolean;
}
export const usualSettings: Settings = { isPersonal: true, fresh: 0, following: 0, popular: 0, similar: 0 };

/** Kinds of interests: a tag by its key, an author by number, a length by name. */
export type InterestKind = "tag" | "author" | "length";
export interface RemovedInterest {
  readonly kind: InterestKind;
  readonly key: string;
  readonly removedAtMs: number;
}

export async function settingsOf(db: Db, userId: Id): Promise<Settings> {
  const row = await db
    .selectFrom("recommend.viewers")
    .select(["is_personal as isPersonal", "fresh", "following", "popular", "similar"])
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row ?? usualSettings;
}

export const setSettings = (tx: Tx<Tables>, userId: Id, { isPersonal, ...weights }: Settings) =>
  tx
    .insertInto("recommend.viewers")
    .values({ user_id: userId, is_personal: isPersonal, ...weights })
    .onConflict((c) => c.column("user_id").doUpdateSet({ is_personal: isPersonal, ...weights }))
    .execute();

export const removedInterestsOf = (db: Db, userId: Id): Promise<RemovedInterest[]> =>
  db
    .selectFrom("recommend.removed_interests")
    .select(["kind", "key", "removed_at_ms as removedAtMs"])
    .where("user_id", "=", userId)
    .$castTo<RemovedInterest>()
    .execute();

export const removeInterest = (tx: Tx<Tables>, userId: Id, { kind, key, removedAtMs }: RemovedInterest) =>
  tx
    .insertInto("recommend.removed_interests")
    .values({ user_id: userId, kind, key, removed_at_ms: removedAtMs })
    .onConflict((c) => c.columns(["user_id", "kind", "key"]).doUpdateSet({ removed_at_ms: removedAtMs }))
    .execute();

export const restoreInterest = (tx: Tx<Tables>, userId: Id, kind: InterestKind, key: string) =>
  tx
    .deleteFrom("recommend.removed_interests")
    .where("user_id", "=", userId)
    .where("kind", "=", kind)
    .where("key", "=", key)
    .execute();

/** Deletes what a user chose for feeds; what is muted stays. */
export async function deleteChoices(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.deleteFrom("recommend.viewers").where("user_id", "=", userId).execute();
  await tx.deleteFrom("recommend.removed_interests").where("user_id", "=", userId).execute();
}

/** Deletes the choices of an account, and the pages that it was served. */
export async function deleteUser(tx: Tx<Tables>, userId: Id): Promise<void> {
  await deleteChoices(tx, userId);
  await tx.deleteFrom("recommend.pages").where("user_id", "=", userId).execute();
}
