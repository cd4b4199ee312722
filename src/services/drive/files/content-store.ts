import type { Id, Reader, Tx } from "#kernel";
import { sql } from "kysely";
import { type Tables, fileRank, live } from "../store.ts";

type Db = Reader<Tables>;
type Change = Tx<Tables>;

type HashKind = "sha256" | "sha1" | "md5";
const latestOf = (db: Db, userId: Id, kind: HashKind, hex: string) =>
  live(db, userId)
    .where("rank", "=", fileRank)
    .where(kind, "=", hex)
    .orderBy("uploaded_at_ms", "desc")
    .orderBy("id", "desc");
/** The latest live file of this content. */
export const byHash = (db: Db, userId: Id, kind: HashKind, hex: string) =>
  latestOf(db, userId, kind, hex).limit(1).executeTakeFirst();
/** The latest two: one of them may be what has just come. */
export const ofContent = (db: Db, userId: Id, sha256: string) =>
  latestOf(db, userId, "sha256", sha256).limit(2).execute();

/** Live files some of whose hashes are not known, those never or longest ago asked about first. */
export const listUnhashed = (
  db: Db,
  limit: number,
  by: { readonly userId?: Id; readonly askedBeforeMs?: number } = {},
) =>
  db
    .selectFrom("drive.user_files")
    .select(["user_id as userId", "id", "file_id as fileId"])
    .where("rank", "=", fileRank)
    .where("trash_id", "is", null)
    .where((e) => e.or([e("sha1", "is", null), e("md5", "is", null)]))
    .$if(by.userId !== undefined, (q) => q.where("user_id", "=", by.userId ?? 0).orderBy("uploaded_at_ms", "desc"))
    .$if(by.askedBeforeMs !== undefined, (q) =>
      q.where((e) =>
        e.or([e("digests_asked_at_ms", "is", null), e("digests_asked_at_ms", "<", by.askedBeforeMs ?? 0)]),
      ),
    )
    .orderBy("digests_asked_at_ms", (o) => o.asc().nullsFirst())
    .limit(limit)
    .execute();

export async function storeDigests(
  tx: Change,
  requested: readonly Id[],
  digests: readonly { readonly id: Id; readonly md5: string | null; readonly sha1: string | null }[],
  nowMs: number,
): Promise<void> {
  const md5 = digests.map((digest) => digest.md5);
  const sha1 = digests.map((digest) => digest.sha1);
  await sql`
    UPDATE drive.user_files f SET md5 = coalesce(f.md5, d.md5), sha1 = coalesce(f.sha1, d.sha1), digests_asked_at_ms = ${nowMs}
    FROM unnest(${[...requested]}::bigint[]) AS a (file_id)
    LEFT JOIN unnest(${digests.map(({ id }) => id)}::bigint[], ${md5}::text[], ${sha1}::text[]) AS d (file_id, md5, sha1)
      ON d.file_id = a.file_id
    WHERE f.file_id = a.file_id`.execute(tx);
}

/** Files, the trash included, in the order of their owners and ids. */
export const filesAfter = (db: Db, after: { readonly userId: Id; readonly id: Id }, limit: number) =>
  db
    .selectFrom("drive.user_files")
    .select(["user_id as userId", "id", "file_id as fileId"])
    .where("rank", "=", fileRank)
    .where(sql<boolean>`(user_id, id) > (${after.userId}::bigint, ${after.id}::bigint)`)
    .orderBy("user_id")
    .orderBy("id")
    .limit(limit)
    .execute();
