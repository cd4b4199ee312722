import { type Id, type PageInput, pageOf } from "#kernel";
import type { GateKind } from "#policy/gates/fields";
import { sql } from "kysely";
import type { Db } from "../store.ts";

/** The chat messages of a user in all rooms; those that were deleted have no text any more. */
export const messages = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("live.room_messages")
      .select([
        "live_id as liveId",
        "seq",
        sql<string>`coalesce(payload::jsonb ->> 'message', '')`.as("content"),
        "at_ms as createdAtMs",
      ])
      .where("user_id", "=", userId)
      .where("kind", "=", "chat")
      .where("is_deleted", "=", false),
    { live_id: "liveId", seq: "seq" },
    page,
  );

export const memberships = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("live.live_fan_club_members")
      .select(["owner_id as ownerId", "is_member as isMember", "experience", "joined_at_ms as joinedAtMs"])
      .where("user_id", "=", userId),
    { owner_id: "ownerId" },
    page,
  );

export const purchases = (db: Db, userId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("live.access_purchases")
      .select([
        sql<GateKind>`kind`.as("kind"),
        "thing_id as thingId",
        "seller_id as sellerId",
        "price",
        "is_paid as isPaid",
        "bought_at_ms as boughtAtMs",
        "until_ms as untilMs",
      ])
      .where("buyer_id", "=", userId)
      // A row without a purchase was only made to be locked.
      .where("version", ">", 0),
    { thing_id: "thingId" },
    page,
  );
