import { anyOf, type Id, inOrderOf, type Tx } from "#kernel";
import { sql } from "kysely";
import type { Db, Tables } from "../../store.ts";

export interface Membership {
  readonly memberCount: number;
  readonly isMember: boolean;
  readonly experience: number;
}

/** The rows that `member_count` of a club counts. */
export const memberRows = sql`SELECT owner_id, 1 AS value FROM live.live_fan_club_members WHERE is_member`;

/** The club of a host, and what a user is in it. */
export async function membership(db: Db, ownerId: Id, userId: Id | undefined): Promise<Membership> {
  const row = await db
    .selectFrom("live.live_fan_clubs as club")
    .leftJoin("live.live_fan_club_members as member", (join) =>
      join.onRef("member.owner_id", "=", "club.owner_id").on("member.user_id", "=", userId ?? 0),
    )
    .select(["club.member_count as memberCount", "member.is_member as isMember", "member.experience"])
    .where("club.owner_id", "=", ownerId)
    .executeTakeFirst();
  return { memberCount: row?.memberCount ?? 0, isMember: row?.isMember ?? false, experience: row?.experience ?? 0 };
}

export interface Fan {
  readonly ownerId: Id;
  readonly userId: Id;
}
/** The experience of each of these users in the club of an owner, in their order; undefined for those who are no members. */
export async function experienceOf(db: Db, fans: readonly Fan[]): Promise<(number | undefined)[]> {
  const { rows } = await sql<Fan & { readonly experience: number }>`
    SELECT owner_id AS "ownerId", user_id AS "userId", experience FROM live.live_fan_club_members
    JOIN unnest(${fans.map(({ ownerId }) => ownerId)}::bigint[], ${fans.map(({ userId }) => userId)}::bigint[])
      AS asked (owner_id, user_id) USING (owner_id, user_id)
    WHERE is_member`.execute(db);
  const keyOf = ({ ownerId, userId }: Fan) => `${ownerId} ${userId}`;
  return inOrderOf(fans.map(keyOf), rows, keyOf).map((row) => row?.experience);
}

/** Joins or leaves; doing it again changes nothing. */
export async function setMember(
  tx: Tx<Tables>,
  { ownerId, userId, isMember }: { ownerId: Id; userId: Id; isMember: boolean },
  nowMs: number,
): Promise<void> {
  await tx
    .insertInto("live.live_fan_clubs")
    .values({ owner_id: ownerId, created_at_ms: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // The club is locked before its members, by those who delete accounts too.
  await lockClubs(tx, [ownerId]);
  const changed = isMember
    ? await tx
        .insertInto("live.live_fan_club_members")
        .values({ owner_id: ownerId, user_id: userId, is_member: true, joined_at_ms: nowMs })
        .onConflict((conflict) =>
          conflict
            .columns(["owner_id", "user_id"])
            .doUpdateSet({ is_member: true, joined_at_ms: nowMs })
            .where("live.live_fan_club_members.is_member", "=", false),
        )
        .returning("user_id")
        .executeTakeFirst()
    : await tx
        .updateTable("live.live_fan_club_members")
        .set({ is_member: false })
        .where((eb) => eb.and({ owner_id: ownerId, user_id: userId, is_member: true }))
        .returning("user_id")
        .executeTakeFirst();
  if (!changed) return;
  await tx
    .updateTable("live.live_fan_clubs")
    .set((eb) => ({ member_count: eb("member_count", "+", isMember ? 1 : -1) }))
    .where("owner_id", "=", ownerId)
    .execute();
}

const lockClubs = (tx: Tx<Tables>, ownerIds: readonly Id[]) =>
  tx
    .selectFrom("live.live_fan_clubs")
    .select("owner_id")
    .where("owner_id", "=", anyOf(ownerIds))
    .orderBy("owner_id")
    .forUpdate()
    .execute();

interface Given {
  readonly targetId: Id;
  readonly userId: Id;
  readonly totalValue: number;
}

/** The experience of a member, and what it was before. */
export interface Raised extends Fan {
  readonly experience: number;
  readonly before: number;
}

/** Gifts are experience of those who are members. The host's account is locked, so these rows are changed one batch after the other. */
export async function addExperience(tx: Tx<Tables>, gifts: readonly Given[]): Promise<Raised[]> {
  const columns = (["targetId", "userId", "totalValue"] as const).map(
    (field) => sql`${gifts.map((gift) => gift[field])}::bigint[]`,
  );
  const { rows } = await sql<Raised>`
    UPDATE live.live_fan_club_members AS member SET experience = experience + given.total
    FROM (
      SELECT owner, giver, sum(value) AS total FROM unnest(${sql.join(columns)}) AS gift (owner, giver, value)
      GROUP BY owner, giver
    ) AS given
    WHERE member.owner_id = given.owner AND member.user_id = given.giver AND member.is_member
    RETURNING member.owner_id AS "ownerId", member.user_id AS "userId", experience, experience - given.total AS before`.execute(
    tx,
  );
  return rows;
}

/** Deletes the club and the memberships of a deleted user. */
export async function forget(tx: Tx<Tables>, userId: Id): Promise<void> {
  const clubs = await tx
    .selectFrom("live.live_fan_club_members")
    .select("owner_id as ownerId")
    .where("user_id", "=", userId)
    .execute();
  const ownerIds = clubs.map(({ ownerId }) => ownerId);
  await lockClubs(tx, [...ownerIds, userId]);
  await sql`
    WITH gone AS (
      DELETE FROM live.live_fan_club_members WHERE user_id = ${userId} RETURNING owner_id, is_member
    )
    UPDATE live.live_fan_clubs AS club SET member_count = member_count - 1
    FROM gone WHERE club.owner_id = gone.owner_id AND gone.is_member`.execute(tx);
  await tx.deleteFrom("live.live_fan_club_members").where("owner_id", "=", userId).execute();
  await tx.deleteFrom("live.live_fan_clubs").where("owner_id", "=", userId).execute();
}
