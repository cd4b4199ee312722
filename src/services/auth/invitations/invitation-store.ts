import { anyOf, type Id, type PageInput, pageOf, type Role, type Tx } from "#kernel";
import { type Insertable, sql } from "kysely";
import type { Db, Tables } from "../store.ts";

export const insert = (tx: Tx<Tables>, row: Insertable<Tables["auth.invitations"]>) =>
  tx.insertInto("auth.invitations").values(row).execute();

/** Invitations that are open or were used, of one account or of all. */
export async function invitations(db: Db, userId: Id | undefined, nowMs: number, page: PageInput) {
  const rows = await pageOf(
    db,
    db
      .selectFrom("auth.invitations as invitations")
      .select([
        "id",
        "user_id as userId",
        "note",
        "email",
        "uses",
        "used",
        "skips_approval as skipsApproval",
        "created_at_ms as createdAtMs",
        "expires_at_ms as expiresAtMs",
      ])
      .where((e) => e.or([e("used", ">", 0), e("expires_at_ms", ">", nowMs)]))
      .$if(userId !== undefined, (q) => q.where("user_id", "=", userId ?? 0)),
    { id: "id" },
    page,
  );
  const invited = await db
    .selectFrom("auth.invited_accounts as invited")
    .select(["invitation_id as invitationId", "user_id as userId"])
    .where("invitation_id", "=", anyOf(rows.items.map(({ id }) => id)))
    .orderBy("user_id")
    .execute();
  return {
    ...rows,
    items: rows.items.map((row) => ({
      ...row,
      accountIds: invited.filter(({ invitationId }) => invitationId === row.id).map(({ userId: of }) => of),
    })),
  };
}

/** Ends an invitation at once; false where there is none of this account, or none at all. */
export async function end(tx: Tx<Tables>, id: Id, userId: Id | undefined, nowMs: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("auth.invitations as invitations")
    .set({ expires_at_ms: sql`least(expires_at_ms, ${nowMs}::bigint)` })
    .where("id", "=", id)
    .$if(userId !== undefined, (q) => q.where("user_id", "=", userId ?? 0))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export interface OpenInvitation {
  readonly id: Id;
  readonly userId: Id;
  readonly note: string;
  readonly skipsApproval: boolean;
  /** The role that its maker has now. */
  readonly role: Role;
}

/** The open invitation of a code, if its maker is not banned. */
export const openByCode = (db: Db, codeHash: string, nowMs: number): Promise<OpenInvitation | undefined> =>
  db
    .selectFrom("auth.invitations as invitations")
    .innerJoin("auth.credentials as credentials", "credentials.user_id", "invitations.user_id")
    .select(["id", "invitations.user_id as userId", "note", "skips_approval as skipsApproval", "role"])
    .where("code_hash", "=", codeHash)
    .where("expires_at_ms", ">", nowMs)
    .whereRef("used", "<", "uses")
    .where("state", "=", "active")
    .executeTakeFirst();

/** Counts a use in one statement, so that the last one is had once; undefined where there is none left. */
export const take = (
  tx: Tx<Tables>,
  {
    codeHash,
    emailKey,
    nowMs,
  }: { readonly codeHash: string; readonly emailKey: string | null; readonly nowMs: number },
): Promise<OpenInvitation | undefined> =>
  tx
    .updateTable("auth.invitations as invitations")
    .from("auth.credentials as credentials")
    .set({ used: sql`used + 1` })
    .whereRef("credentials.user_id", "=", "invitations.user_id")
    .where("code_hash", "=", codeHash)
    .where("expires_at_ms", ">", nowMs)
    .whereRef("used", "<", "uses")
    .where("state", "=", "active")
    .where((e) => e.or([e("invitations.email_key", "is", null), e("invitations.email_key", "=", emailKey)]))
    .returning(["id", "invitations.user_id as userId", "note", "skips_approval as skipsApproval", "role"])
    .executeTakeFirst();

export const addAccount = (tx: Tx<Tables>, invitationId: Id, userId: Id) =>
  tx.insertInto("auth.invited_accounts").values({ invitation_id: invitationId, user_id: userId }).execute();

/** Removes invitations that ended without a use. */
export const forgetInvitations = (tx: Tx<Tables>, beforeMs: number) =>
  tx
    .deleteFrom("auth.invitations as invitations")
    .where("expires_at_ms", "<", beforeMs)
    .where("used", "=", 0)
    .execute();
