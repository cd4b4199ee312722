import type { Kind, NewcomerRules, Word } from "#events/moderation";
import { anyOf, type Id, type Reader, type Role, type Tx } from "#kernel";
import { type Generated, type RawBuilder, sql } from "kysely";
import type { z } from "zod";
import type { Act, Measure, Reason } from "./contract.ts";

type MeasureKind = z.output<typeof Measure>["kind"];

/** Greater than every version of content that exists. */
const deletedVersion = 2_147_483_647;

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** The users: a copy, kept by events. */
  "moderation.users": { user_id: Id; role: Generated<Role>; deleted_at_ms: Generated<number | null> };
  /** Reportable things, with the excerpt that moderators may read: a copy, kept by events. */
  "moderation.things": {
    kind: Kind;
    id: Id;
    author_id: Id;
    video_id: Id | null;
    excerpt: string;
    /** Not private, and out. */
    is_visible: boolean;
    version: Generated<number>;
  };
  "moderation.cases": {
    id: Id;
    kind: Kind;
    thing_id: Id;
    author_id: Id | null;
    video_id: Id | null;
    excerpt: string;
    is_held: Generated<boolean>;
    held_for: Generated<string>;
    report_count: Generated<number>;
    state: Generated<"open" | "decided">;
    action: Generated<Act | null>;
    note: Generated<string>;
    rule: Generated<string>;
    until_ms: Generated<number | null>;
    moderator_id: Generated<Id | null>;
    /** The moderator who works on it. */
    assignee_id: Generated<Id | null>;
    created_at_ms: number;
    decided_at_ms: Generated<number | null>;
    /** Removed content that no longer exists cannot be restored. */
    is_final: Generated<boolean>;
  };
  "moderation.reports": {
    id: Id;
    case_id: Id;
    reporter_id: Id;
    reason: z.output<typeof Reason>;
    text: string;
    created_at_ms: number;
  };
  /** The measures of decisions against users; of one kind the strongest holds. */
  "moderation.measures": {
    user_id: Id;
    kind: MeasureKind;
    until_ms: number | null;
    reason: string;
    case_id: Id;
    by_admin: Generated<boolean>;
  };
  /** Nobody but moderators reads them. */
  "moderation.case_notes": {
    id: Id;
    case_id: Id;
    /** Null where the account is deleted. */
    author_id: Id | null;
    text: string;
    created_at_ms: number;
  };
  /** Accounts of which everything was taken back; at most one of a user is in force. */
  "moderation.sweeps": {
    id: Id;
    user_id: Id;
    moderator_id: Id;
    note: string;
    created_at_ms: number;
    undone_at_ms: number | null;
  };
  /** Things that a sweep has set aside; none that was removed before it. */
  "moderation.swept_things": { sweep_id: Id; kind: Kind; id: Id };
  "moderation.appeals": {
    case_id: Id;
    user_id: Id;
    text: string;
    state: Generated<"open" | "accepted" | "refused">;
    answer: Generated<string>;
    created_at_ms: number;
  };
  "moderation.blocklist_terms": {
    id: Id;
    pattern: string;
    key: string;
    action: z.output<typeof Word>["action"];
    created_at_ms: number;
  };
  /** One row; its version grows with every change of it and of the words. */
  "moderation.rules": {
    id: Generated<boolean>;
    version: number;
    days: number;
    comments: number;
    hold_links: boolean;
    per_minute: number;
  };
  /** Only ever added to: the database refuses anything else. */
  "moderation.audit": {
    id: Id;
    act: string;
    actor_id: Id | null;
    subject_kind: string | null;
    subject_id: Id | null;
    detail: string;
    at_ms: number;
  };
}
export type Db = Reader<Tables>;

/** The state of a user, locked: measures against one user are serialised. Undefined for a deleted user. */
export async function lockUser(tx: Tx<Tables>, user_id: Id): Promise<{ role: Role } | undefined> {
  await tx
    .insertInto("moderation.users")
    .values({ user_id })
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await tx
    .selectFrom("moderation.users")
    .select(["role", "deleted_at_ms as deletedAtMs"])
    .where("user_id", "=", user_id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return row.deletedAtMs === null ? { role: row.role } : undefined;
}

export const putRole = (tx: Tx<Tables>, user_id: Id, role: Role) =>
  tx
    .insertInto("moderation.users")
    .values({ user_id, role })
    .onConflict((c) => c.column("user_id").doUpdateSet({ role }))
    .execute();

/**
 * Until the transaction ends, no other one stores this thing or opens its case: the second one sees the changes of the
 * first.
 */
export const lockThing = (tx: Tx<Tables>, kind: Kind, id: Id) =>
  sql`SELECT pg_advisory_xact_lock(hashtextextended(${`moderation.${kind}:${id}`}, 0))`.execute(tx);

/**
 * Stores reportable content, and completes its open case where a report preceded its event. Older versions change nothing,
 * and content of deleted users is not stored. Returns whether it changed.
 */
export async function putThing(
  tx: Tx<Tables>,
  row: Tables["moderation.things"] | (Omit<Tables["moderation.things"], "version"> & { version: number }),
): Promise<boolean> {
  if (!(await lockUser(tx, row.author_id))) return false;
  await lockThing(tx, row.kind, row.id);
  // Content below a deleted video is not stored either.
  const { numAffectedRows } = await sql`
    INSERT INTO moderation.things AS t (kind, id, author_id, video_id, excerpt, is_visible, version)
    SELECT ${row.kind}, ${row.id}::bigint, ${row.author_id}::bigint, ${row.video_id}::bigint, ${row.excerpt}, ${row.is_visible}::boolean,
           ${Number(row.version)}::integer
    WHERE NOT EXISTS (SELECT FROM moderation.things WHERE kind = 'video' AND id = ${row.video_id} AND version = ${deletedVersion})
    ON CONFLICT (kind, id) DO UPDATE SET excerpt = excluded.excerpt, is_visible = excluded.is_visible, version = excluded.version
    WHERE t.version < excluded.version OR (t.version = excluded.version AND
      (t.excerpt, t.is_visible) IS DISTINCT FROM (excluded.excerpt, excluded.is_visible))`.execute(tx);
  await sql`
    UPDATE moderation.cases AS c
    SET author_id = t.author_id, video_id = t.video_id, excerpt = CASE WHEN t.is_visible THEN t.excerpt ELSE '' END
    FROM moderation.things AS t
    WHERE c.kind = ${row.kind} AND c.thing_id = ${row.id}::bigint AND c.state = 'open' AND c.author_id IS NULL
      AND (t.kind, t.id) = (c.kind, c.thing_id) AND t.version < ${deletedVersion}`.execute(tx);
  return numAffectedRows === 1n;
}

/** The replica rows of one kind of thing, in the order of ids. */
export const things = (db: Db, kind: Kind, after: number, limit: number) =>
  db
    .selectFrom("moderation.things")
    .select(["id", "author_id as authorId", "excerpt", "is_visible as isVisible", "version"])
    .where("kind", "=", kind)
    .where("id", ">", after)
    .where("version", "<", deletedVersion)
    .orderBy("id")
    .limit(limit)
    .execute();

/** People who are there, in the order of their ids. */
export const usersAfter = (db: Db, after: number, limit: number) =>
  db
    .selectFrom("moderation.users")
    .select(["user_id as id", "role"])
    .where("user_id", ">", after)
    .where("deleted_at_ms", "is", null)
    .orderBy("user_id")
    .limit(limit)
    .execute();

/** Corrects a role, unless it was changed since; yields whether it did. */
export async function correctRole(tx: Tx<Tables>, userId: Id, from: Role, to: Role): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("moderation.users")
    .set({ role: to })
    .where("user_id", "=", userId)
    .where("role", "=", from)
    .where("deleted_at_ms", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** The strongest measure of each kind in force against the next users. */
export async function measuresAfter(db: Db, after: number, limit: number) {
  const { rows } = await strongest(
    sql`user_id IN (SELECT DISTINCT user_id FROM moderation.measures WHERE user_id > ${after} ORDER BY user_id LIMIT ${limit})`,
  ).execute(db);
  return rows;
}
/** The measure in force against a user; undefined where there is none of this kind. */
export async function measureOf(db: Db, userId: Id, kind: MeasureKind): Promise<MeasureRow | undefined> {
  const { rows } = await strongest(sql`user_id = ${userId} AND kind = ${kind}`).execute(db);
  return rows[0];
}
/** Whatever has no end, else what ends last; of two alike an administrator's. */
const strongest = (which: RawBuilder<unknown>) => sql<MeasureRow>`
  SELECT DISTINCT ON (user_id, kind) user_id AS "userId", kind, until_ms AS "untilMs", reason, by_admin AS "byAdmin"
  FROM moderation.measures WHERE ${which} ORDER BY user_id, kind, until_ms DESC NULLS FIRST, by_admin DESC, case_id`;
export interface MeasureRow {
  readonly userId: Id;
  readonly kind: MeasureKind;
  readonly untilMs: number | null;
  readonly reason: string;
  readonly byAdmin: boolean;
}

export const thing = (db: Db, kind: Kind, id: Id) =>
  db
    .selectFrom("moderation.things")
    .select(["author_id as authorId", "video_id as videoId", "excerpt", "is_visible as isVisible"])
    .where("kind", "=", kind)
    .where("id", "=", id)
    .where("version", "<", deletedVersion)
    .executeTakeFirst();

/** Only a tombstone is left, so that older events that arrive late are not stored. */
export const deleteThing = (tx: Tx<Tables>, kind: Kind, id: Id) =>
  sql`INSERT INTO moderation.things AS t (kind, id, author_id, video_id, excerpt, is_visible, version)
      VALUES (${kind}, ${id}, 0, NULL, '', false, ${deletedVersion})
      ON CONFLICT (kind, id) DO UPDATE SET author_id = 0, video_id = NULL, excerpt = '', is_visible = false,
        version = excluded.version`.execute(tx);
export const deletePosts = (tx: Tx<Tables>, videoId: Id) =>
  tx.deleteFrom("moderation.things").where("video_id", "=", videoId).execute();

export const putMeasure = (
  tx: Tx<Tables>,
  row: Omit<Tables["moderation.measures"], "by_admin"> & { by_admin: boolean },
) => tx.insertInto("moderation.measures").values(row).execute();

/** Removes the measure of a case, or all that have expired; returns of which cases. The user is locked. */
export const liftMeasures = (
  tx: Tx<Tables>,
  userId: Id,
  kind: MeasureKind,
  by: { readonly caseId: Id } | { readonly overMs: number },
) =>
  tx
    .deleteFrom("moderation.measures")
    .where("user_id", "=", userId)
    .where("kind", "=", kind)
    .$if("caseId" in by, (q) => q.where("case_id", "=", "caseId" in by ? by.caseId : 0))
    .$if("overMs" in by, (q) => q.where("until_ms", "<=", "overMs" in by ? by.overMs : 0))
    .returning("case_id as caseId")
    .execute();

export const measuresOf = (db: Db, userId: Id, nowMs: number) =>
  db
    .selectFrom("moderation.measures")
    .select(["kind", "until_ms as untilMs", "reason", "case_id as caseId"])
    .where("user_id", "=", userId)
    .where((e) => e.or([e("until_ms", "is", null), e("until_ms", ">", nowMs)]))
    .orderBy("kind")
    .orderBy("case_id")
    .execute();

/** The users with measures that have expired. */
export const expiredMeasures = (db: Db, nowMs: number, limit: number) =>
  db
    .selectFrom("moderation.measures")
    .select(["user_id as userId", "kind"])
    .distinct()
    .where("until_ms", "<=", nowMs)
    .limit(limit)
    .execute();

/** Removes everything that names a deleted user, save their id in the audit trail. */
export async function eraseUser(tx: Tx<Tables>, userId: Id, nowMs: number): Promise<void> {
  await lockUser(tx, userId);
  await tx
    .updateTable("moderation.users")
    .set({ deleted_at_ms: nowMs, role: "user" })
    .where("user_id", "=", userId)
    .execute();
  const cases = await tx
    .selectFrom("moderation.cases")
    .select("id")
    .where((e) => e.or([e("author_id", "=", userId), e.and([e("kind", "=", "user"), e("thing_id", "=", userId)])]))
    .orderBy("id")
    .forUpdate()
    .execute();
  await tx
    .deleteFrom("moderation.cases")
    .where("id", "=", anyOf(cases.map(({ id }) => id)))
    .execute();
  const { rows: reported } = await sql<{ id: Id }>`UPDATE moderation.cases SET report_count = report_count - 1
            WHERE id IN (SELECT case_id FROM moderation.reports WHERE reporter_id = ${userId}) RETURNING id`.execute(
    tx,
  );
  await tx.deleteFrom("moderation.reports").where("reporter_id", "=", userId).execute();
  await tx.deleteFrom("moderation.sweeps").where("user_id", "=", userId).execute();
  // A case without other reports is deleted while it is open; a decided one stays.
  await tx
    .deleteFrom("moderation.cases")
    .where("id", "=", anyOf(reported.map(({ id }) => id)))
    .where("state", "=", "open")
    .where("report_count", "=", 0)
    .where("is_held", "=", false)
    .where("held_for", "=", "")
    .execute();
  await tx.updateTable("moderation.cases").set({ moderator_id: null }).where("moderator_id", "=", userId).execute();
  await tx.updateTable("moderation.cases").set({ assignee_id: null }).where("assignee_id", "=", userId).execute();
  await tx.updateTable("moderation.case_notes").set({ author_id: null }).where("author_id", "=", userId).execute();
  await tx.deleteFrom("moderation.appeals").where("user_id", "=", userId).execute();
  await tx.deleteFrom("moderation.measures").where("user_id", "=", userId).execute();
  await tx.deleteFrom("moderation.things").where("author_id", "=", userId).execute();
}
export const deleteTombstones = (tx: Tx<Tables>, beforeMs: number) =>
  tx.deleteFrom("moderation.users").where("deleted_at_ms", "<", beforeMs).execute();

export const words = (db: Db) =>
  db
    .selectFrom("moderation.blocklist_terms")
    .select(["id", "pattern", "action", "created_at_ms as createdAtMs"])
    .orderBy("key")
    .execute();

/** The rules, locked: words and rules change one after the other, each under a version of its own. */
export async function lockRules(
  tx: Tx<Tables>,
  usual: NewcomerRules,
): Promise<{ version: number; rules: NewcomerRules }> {
  await tx
    .insertInto("moderation.rules")
    .values({ version: 0, ...columnsOfRules(usual) })
    .onConflict((c) => c.doNothing())
    .execute();
  const { version, ...rules } = await tx
    .selectFrom("moderation.rules")
    .select(ruleColumns)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { version, rules };
}
const ruleColumns = ["version", "days", "comments", "hold_links as holdLinks", "per_minute as perMinute"] as const;
export async function rules(db: Db): Promise<NewcomerRules | undefined> {
  const row = await db.selectFrom("moderation.rules").select(ruleColumns).executeTakeFirst();
  if (!row) return undefined;
  const { version: _, ...newcomerRules } = row;
  return newcomerRules;
}
/** The whole blocklist, as it is published; undefined before the first decision. */
export async function decidedWords(db: Db) {
  const row = await db.selectFrom("moderation.rules").select(ruleColumns).executeTakeFirst();
  if (!row) return undefined;
  const { version, ...newcomerRules } = row;
  return {
    version,
    rules: newcomerRules,
    words: (await words(db)).map(({ pattern, action }) => ({ pattern, action })),
  };
}
export const setRules = (tx: Tx<Tables>, version: number, rules: NewcomerRules) =>
  tx
    .updateTable("moderation.rules")
    .set({ version, ...columnsOfRules(rules) })
    .execute();

/** The columns of the rules, by their fields: a new field of the contract without an entry is a type error. */
function columnsOfRules({ days, comments, holdLinks, perMinute }: NewcomerRules) {
  const columns = {
    days: { days },
    comments: { comments },
    holdLinks: { hold_links: holdLinks },
    perMinute: { per_minute: perMinute },
  } satisfies Record<keyof NewcomerRules, Partial<Tables["moderation.rules"]>>;
  return { ...columns.days, ...columns.comments, ...columns.holdLinks, ...columns.perMinute };
}

/** True if the term is new. */
export async function insertWord(tx: Tx<Tables>, row: Tables["moderation.blocklist_terms"]): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("moderation.blocklist_terms")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
export async function removeWord(tx: Tx<Tables>, id: Id): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("moderation.blocklist_terms")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}
