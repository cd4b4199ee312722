import { anyOf, type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import type { Pair, Tables } from "../store.ts";

type Db = Reader<Tables>;

/** True if the request is new. Both users are locked. */
export async function insert(
  tx: Tx<Tables>,
  { id, userId, targetId, createdAtMs }: Pair & { readonly id: Id; readonly createdAtMs: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows: made } = await tx
    .insertInto("relation.follow_requests")
    .values({ id, user_id: userId, target_id: targetId, created_at_ms: createdAtMs })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return made === 1n;
}

/** True if there was a request. Both users are locked. */
export async function remove(tx: Tx<Tables>, { userId, targetId }: Pair): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("relation.follow_requests as requests")
    .where("user_id", "=", userId)
    .where("target_id", "=", targetId)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Withdraws all requests of a user. */
export const removeOf = (tx: Tx<Tables>, userId: Id) =>
  tx.deleteFrom("relation.follow_requests as requests").where("user_id", "=", userId).execute();

/** The requests to a user, the latest first. */
export const toUser = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("relation.follow_requests as requests")
      .select(["user_id as personId", "requests.id as id", "created_at_ms as createdAtMs"])
      .where("target_id", "=", userId),
    { "requests.id": "id" },
    page,
  );

/** Users who wait for this one since a time at the latest. */
export const ofUser = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("relation.follow_requests as requests")
      .select(["target_id as personId", "requests.id as id", "created_at_ms as createdAtMs"])
      .where("user_id", "=", userId),
    { "requests.id": "id" },
    page,
  );

export const waiting = async (db: Db, userId: Id, untilMs: number, limit: number): Promise<Id[]> =>
  (
    await db
      .selectFrom("relation.follow_requests as requests")
      .select("user_id as personId")
      .where("target_id", "=", userId)
      .where("created_at_ms", "<=", untilMs)
      .orderBy("id")
      .limit(limit)
      .execute()
  ).map(({ personId }) => personId);

/** Those of these users whom a user waits for. */
export const requestedAmong = async (db: Db, userId: Id, targetIds: readonly Id[]): Promise<ReadonlySet<Id>> =>
  new Set(
    (
      await db
        .selectFrom("relation.follow_requests as requests")
        .select("target_id as targetId")
        .where("user_id", "=", userId)
        .where("target_id", "=", anyOf(targetIds))
        .execute()
    ).map(({ targetId }) => targetId),
  );
