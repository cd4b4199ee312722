import type { Id, Role, Tx } from "#kernel";
import type { Db, Tables } from "../store.ts";

/** A user of a provider is known by these. */
export interface Identity {
  readonly issuer: string;
  readonly subjectClaim: string;
  readonly subject: string;
}
export interface LinkRow extends Identity {
  readonly userId: Id;
  readonly providerId: string;
  readonly hint: string;
  readonly grantedRole: Role | null;
  readonly linkedAtMs: number;
}

const columns = [
  "user_id as userId",
  "issuer",
  "subject_claim as subjectClaim",
  "subject",
  "provider_id as providerId",
  "hint",
  "granted_role as grantedRole",
  "linked_at_ms as linkedAtMs",
] as const;

/** The links of an account, the first made first. */
export const ofUser = (db: Db, userId: Id): Promise<LinkRow[]> =>
  db
    .selectFrom("auth.provider_links as links")
    .select(columns)
    .where("user_id", "=", userId)
    .orderBy("linked_at_ms")
    .orderBy("issuer")
    .execute();

export const byIdentity = (db: Db, { issuer, subjectClaim, subject }: Identity): Promise<LinkRow | undefined> =>
  db
    .selectFrom("auth.provider_links as links")
    .select(columns)
    .where("issuer", "=", issuer)
    .where("subject_claim", "=", subjectClaim)
    .where("subject", "=", subject)
    .executeTakeFirst();

/** False where an account has the identity, or the account another one of the issuer. */
export async function insert(tx: Tx<Tables>, row: LinkRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("auth.provider_links")
    .values({
      user_id: row.userId,
      issuer: row.issuer,
      subject_claim: row.subjectClaim,
      subject: row.subject,
      provider_id: row.providerId,
      hint: row.hint,
      granted_role: row.grantedRole,
      linked_at_ms: row.linkedAtMs,
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export const setGrantedRole = (
  tx: Tx<Tables>,
  { userId, issuer }: Pick<LinkRow, "userId" | "issuer">,
  role: Role | null,
) =>
  tx
    .updateTable("auth.provider_links as links")
    .set({ granted_role: role })
    .where("user_id", "=", userId)
    .where("issuer", "=", issuer)
    .execute();

export const remove = (tx: Tx<Tables>, { userId, issuer }: Pick<LinkRow, "userId" | "issuer">) =>
  tx.deleteFrom("auth.provider_links as links").where("user_id", "=", userId).where("issuer", "=", issuer).execute();
