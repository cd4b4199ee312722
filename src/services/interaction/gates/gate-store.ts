import type { Id, Page, PageInput, Reader, Tx } from "#kernel";
import { pageOf } from "#kernel";
import type { GateKind } from "#policy/gates/fields";
import { sql } from "kysely";
import type { Tables } from "../store.ts";

export interface Thing {
  readonly kind: GateKind;
  readonly id: Id;
}

export interface ChangedInvitation {
  readonly userId: Id;
  readonly version: number;
}

/** Invites people; those who are invited already are left out of the answer. */
export async function invite(
  tx: Tx<Tables>,
  { kind, id }: Thing,
  userIds: readonly Id[],
  atMs: number,
): Promise<ChangedInvitation[]> {
  const { rows } = await sql<ChangedInvitation>`
    INSERT INTO interaction.gate_invited AS invited (kind, thing_id, user_id, is_invited, version, invited_at_ms)
    SELECT ${kind}, ${id}::bigint, user_id, true, 1, ${atMs}::bigint
    FROM unnest(${[...userIds].toSorted((a, b) => a - b)}::bigint[]) AS one (user_id)
    ON CONFLICT (thing_id, user_id, kind) DO UPDATE
      SET is_invited = true, version = invited.version + 1, invited_at_ms = excluded.invited_at_ms
      WHERE NOT invited.is_invited
    RETURNING user_id AS "userId", version`.execute(tx);
  return rows;
}

/** Takes an invitation back; undefined where there was none. */
export const uninvite = (tx: Tx<Tables>, { kind, id }: Thing, userId: Id): Promise<ChangedInvitation | undefined> =>
  tx
    .updateTable("interaction.gate_invited")
    .set({ is_invited: false, version: sql<number>`version + 1` })
    .where((eb) => eb.and({ thing_id: id, user_id: userId, kind, is_invited: true }))
    .returning(["user_id as userId", "version"])
    .executeTakeFirst();

export async function invitedCount(reader: Reader<Tables>, { kind, id }: Thing): Promise<number> {
  const { count } = await reader
    .selectFrom("interaction.gate_invited")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where((eb) => eb.and({ thing_id: id, kind, is_invited: true }))
    .executeTakeFirstOrThrow();
  return count;
}

export const listInvited = (
  reader: Reader<Tables>,
  { kind, id }: Thing,
  page: PageInput,
): Promise<Page<{ readonly userId: Id; readonly atMs: number }>> =>
  pageOf(
    reader,
    reader
      .selectFrom("interaction.gate_invited")
      .select(["user_id as userId", "invited_at_ms as atMs"])
      .where((eb) => eb.and({ thing_id: id, kind, is_invited: true })),
    { invited_at_ms: "atMs", user_id: "userId" },
    page,
  );

export const insertLink = (tx: Tx<Tables>, link: Tables["interaction.gate_links"]) =>
  tx.insertInto("interaction.gate_links").values(link).execute();

/** Counts a use of a link; false where it is spent, late, of another thing, or unknown. */
export async function takeLink(tx: Tx<Tables>, { kind, id }: Thing, codeHash: string, nowMs: number): Promise<boolean> {
  const link = await tx
    .updateTable("interaction.gate_links")
    .set({ used: sql<number>`used + 1` })
    .where((eb) => eb.and({ code_hash: codeHash, kind, thing_id: id }))
    .where("expires_at_ms", ">", nowMs)
    .whereRef("used", "<", "uses")
    .returning("code_hash")
    .executeTakeFirst();
  return link !== undefined;
}

export const deleteExpiredLinks = (tx: Tx<Tables>, nowMs: number) =>
  tx.deleteFrom("interaction.gate_links").where("expires_at_ms", "<", nowMs).execute();

/** Stores the terms by which a user opened a thing; yields those by which they did so for the first time. */
export async function addOpenings(
  tx: Tx<Tables>,
  { kind, id }: Thing,
  userId: Id,
  terms: readonly string[],
  atMs: number,
): Promise<string[]> {
  const rows = await tx
    .insertInto("interaction.gate_openings")
    .values(terms.map((term) => ({ kind, thing_id: id, user_id: userId, term, at_ms: atMs })))
    .onConflict((conflict) => conflict.doNothing())
    .returning("term")
    .execute();
  return rows.map(({ term }) => term);
}

export const listOpenings = (reader: Reader<Tables>, { kind, id }: Thing, page: PageInput) =>
  pageOf(
    reader,
    reader
      .selectFrom((db) =>
        db
          .selectFrom("interaction.gate_openings")
          .select(["user_id", "term", "at_ms"])
          // One look opens by several terms; a cursor holds numbers.
          .select(sql<number>`row_number() OVER (PARTITION BY user_id, at_ms ORDER BY term)`.as("place"))
          .where((eb) => eb.and({ thing_id: id, kind }))
          .as("openings"),
      )
      .select(["user_id as userId", "term", "at_ms as atMs", "place"]),
    { at_ms: "atMs", user_id: "userId", place: "place" },
    page,
  );

/** The things that a user opened, the newest thing first. */
export const openingsOf = (reader: Reader<Tables>, userId: Id, page: PageInput) =>
  pageOf(
    reader,
    reader
      .selectFrom("interaction.gate_openings")
      .select((eb) => [
        sql<GateKind>`kind`.as("kind"),
        "thing_id as thingId",
        sql<string[]>`array_agg(term ORDER BY term)`.as("terms"),
        eb.fn.min<number>("at_ms").as("atMs"),
      ])
      .where("user_id", "=", userId)
      .groupBy(["thing_id", "kind"]),
    { thing_id: "thingId" },
    page,
  );

/** Adds to how much of a video a user has watched; true where it is the first time. */
export async function addWatched(tx: Tx<Tables>, videoId: Id, userId: Id, watchedMs: number): Promise<boolean> {
  const { rows } = await sql<{ isFirst: boolean }>`
      INSERT INTO interaction.gate_watched AS kept (video_id, user_id, watched_ms)
      VALUES (${videoId}, ${userId}, ${watchedMs}::bigint)
      ON CONFLICT (video_id, user_id) DO UPDATE SET watched_ms = kept.watched_ms + excluded.watched_ms
      RETURNING xmax = 0 AS "isFirst"`.execute(tx);
  return rows[0]?.isFirst === true;
}

/** How much of a video a user has watched since they could, in milliseconds. */
export async function watchedMs(reader: Reader<Tables>, videoId: Id, userId: Id): Promise<number> {
  const row = await reader
    .selectFrom("interaction.gate_watched")
    .select("watched_ms as watchedMs")
    .where((eb) => eb.and({ video_id: videoId, user_id: userId }))
    .executeTakeFirst();
  return row?.watchedMs ?? 0;
}

/** Deletes what is stored of a user. */
export async function deleteUser(tx: Tx<Tables>, userId: Id): Promise<void> {
  await tx.deleteFrom("interaction.gate_invited").where("user_id", "=", userId).execute();
  await tx.deleteFrom("interaction.gate_openings").where("user_id", "=", userId).execute();
  await tx.deleteFrom("interaction.gate_watched").where("user_id", "=", userId).execute();
}
