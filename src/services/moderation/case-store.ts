import type { Kind } from "#events/moderation";
import { anyOf, type Id, type PageInput, pageOf, type Tx } from "#kernel";
import type { Count } from "#kernel/db/counts";
import { sql } from "kysely";
import type { Db, Tables } from "./store.ts";

const columns = [
  "cases.id",
  "cases.kind",
  "cases.thing_id as thingId",
  "cases.author_id as authorId",
  "cases.video_id as videoId",
  "cases.excerpt",
  "cases.is_held as isHeld",
  "cases.held_for as heldFor",
  "cases.report_count as reportCount",
  "cases.state",
  "cases.action",
  "cases.note",
  "cases.rule",
  "cases.until_ms as untilMs",
  "cases.moderator_id as moderatorId",
  "cases.assignee_id as assigneeId",
  "cases.created_at_ms as createdAtMs",
  "cases.decided_at_ms as decidedAtMs",
  "cases.is_final as isFinal",
] as const;

export const counts: readonly Count[] = [
  {
    says: (id?: Id) => `reports of case ${id}`,
    table: "moderation.cases",
    key: ["id"],
    column: "report_count",
    rows: sql`SELECT case_id AS id, 1 AS value FROM moderation.reports`,
  },
];

/** How many cases wait, reported and held ones, how many of them a moderator has claimed, and since when the oldest does. */
export const waiting = (db: Db, moderatorId: Id) =>
  db
    .selectFrom("moderation.cases as cases")
    .select((e) => [
      e.fn.countAll<number>().filterWhere("is_held", "=", false).as("open"),
      e.fn.countAll<number>().filterWhere("is_held", "=", true).as("held"),
      e.fn.countAll<number>().filterWhere("assignee_id", "=", moderatorId).as("mine"),
      e.fn.min("created_at_ms").as("oldestAtMs"),
    ])
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();

export async function openAppeals(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom("moderation.appeals")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();
  return count;
}

export interface Row {
  readonly id: Id;
  readonly kind: Kind;
  readonly thingId: Id;
  readonly authorId: Id | null;
  readonly videoId: Id | null;
  readonly excerpt: string;
  readonly isHeld: boolean;
  readonly heldFor: string;
  readonly reportCount: number;
  readonly state: "open" | "decided";
  readonly action: "dismiss" | "remove" | "warn" | "mute" | "suspend" | "ban" | null;
  readonly note: string;
  readonly rule: string;
  readonly untilMs: number | null;
  readonly moderatorId: Id | null;
  readonly assigneeId: Id | null;
  readonly createdAtMs: number;
  readonly decidedAtMs: number | null;
  readonly isFinal: boolean;
}
export const byId = (db: Db, id: Id): Promise<Row | undefined> =>
  db.selectFrom("moderation.cases as cases").select(columns).where("id", "=", id).executeTakeFirst();

export const lock = (tx: Tx<Tables>, id: Id) =>
  tx.selectFrom("moderation.cases as cases").select(columns).where("id", "=", id).forUpdate().executeTakeFirst();

export const lockOpen = (tx: Tx<Tables>, kind: Kind, thingId: Id) =>
  tx
    .selectFrom("moderation.cases as cases")
    .select(columns)
    .where("kind", "=", kind)
    .where("thing_id", "=", thingId)
    .where("state", "=", "open")
    .forUpdate()
    .executeTakeFirst();

type New = Pick<
  Tables["moderation.cases"],
  "id" | "kind" | "thing_id" | "author_id" | "video_id" | "excerpt" | "created_at_ms"
>;
/** The open case of a thing, locked: the one there is, else this one. */
export async function open(tx: Tx<Tables>, row: New): Promise<Row> {
  for (let attempt = 0; attempt < 5; attempt++) {
    await tx
      .insertInto("moderation.cases")
      .values(row)
      .onConflict((c) => c.doNothing())
      .execute();
    // It may be decided between the two statements; then another is opened.
    const openCase = await lockOpen(tx, row.kind, row.thing_id);
    if (openCase?.authorId === null && row.author_id !== null) return identify(tx, openCase, row);
    if (openCase) return openCase;
  }
  throw new Error("a case is decided again and again");
}

/** A report may precede its content, such as a private message by its number; now it is known. */
async function identify(tx: Tx<Tables>, openCase: Row, { author_id, video_id, excerpt }: New): Promise<Row> {
  await tx
    .updateTable("moderation.cases as cases")
    .set({ author_id, video_id, excerpt })
    .where("id", "=", openCase.id)
    .execute();
  return { ...openCase, authorId: author_id, videoId: video_id, excerpt };
}

/** True if it is this user's first report of the case. */
export async function addReport(tx: Tx<Tables>, row: Tables["moderation.reports"]): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("moderation.reports")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) return false;
  await tx
    .updateTable("moderation.cases as cases")
    .set((e) => ({ report_count: e("report_count", "+", 1) }))
    .where("id", "=", row.case_id)
    .execute();
  return true;
}

/** A hold is not taken off by news that only asks for a look. */
export const flag = (tx: Tx<Tables>, id: Id, heldFor: string, isHeld: boolean) =>
  tx
    .updateTable("moderation.cases as cases")
    .set((e) => ({ held_for: heldFor, is_held: isHeld ? true : e.ref("is_held") }))
    .where("id", "=", id)
    .execute();

export const decide = (
  tx: Tx<Tables>,
  id: Id,
  set: Pick<Tables["moderation.cases"], never> & {
    readonly action: NonNullable<Row["action"]>;
    readonly note: string;
    readonly rule: string;
    readonly until_ms: number | null;
    readonly moderator_id: Id | null;
    readonly decided_at_ms: number;
  },
) =>
  tx
    .updateTable("moderation.cases as cases")
    .set({ ...set, state: "decided" })
    .where("id", "=", id)
    .execute();

export const assign = (tx: Tx<Tables>, id: Id, assignee_id: Id | null) =>
  tx.updateTable("moderation.cases as cases").set({ assignee_id }).where("id", "=", id).execute();

/** The decision is none any more; a thing that was reported anew meanwhile has a case of its own, and this one says it was dismissed. */
export async function reopen(tx: Tx<Tables>, row: Row, nowMs: number): Promise<void> {
  const other = await lockOpen(tx, row.kind, row.thingId);
  const nothing = { note: "", rule: "", until_ms: null, moderator_id: null };
  await tx
    .updateTable("moderation.cases as cases")
    .set(
      other
        ? { ...nothing, action: "dismiss", decided_at_ms: nowMs }
        : { ...nothing, action: null, decided_at_ms: null, state: "open" },
    )
    .where("id", "=", row.id)
    .execute();
}

/** It was decided and is taken back: nothing is left to decide. */
export const revoke = (tx: Tx<Tables>, id: Id, moderator_id: Id | null) =>
  tx
    .updateTable("moderation.cases as cases")
    .set({ action: "dismiss", until_ms: null, moderator_id })
    .where("id", "=", id)
    .execute();

export interface CaseFilter {
  readonly state: "open" | "decided";
  readonly kind?: Kind | undefined;
  readonly held?: boolean | undefined;
  /** The moderator who claimed them. */
  readonly assigneeId?: Id | undefined;
  readonly sort: "oldest" | "latest" | "most";
}
export function queue(db: Db, { state, kind, held, assigneeId, sort }: CaseFilter, page: PageInput) {
  const rows = db
    .selectFrom("moderation.cases as cases")
    .select(columns)
    .where("cases.state", "=", state)
    .$if(kind !== undefined, (q) => q.where("cases.kind", "=", kind ?? "video"))
    .$if(held !== undefined, (q) => q.where("cases.is_held", "=", held === true))
    .$if(assigneeId !== undefined, (q) => q.where("cases.assignee_id", "=", assigneeId ?? 0));
  return pageOf(
    db,
    rows,
    sort === "most" ? { "cases.report_count": "reportCount", "cases.id": "id" } : { "cases.id": "id" },
    page,
    sort === "oldest" ? "asc" : "desc",
  );
}

/** The other cases of the author of a case; where that is unknown, of its content. */
export const historyOf = (db: Db, { id, kind, thingId, authorId }: Row, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("moderation.cases as cases")
      .select(columns)
      .where("cases.id", "<>", id)
      .$if(authorId !== null, (q) => q.where("cases.author_id", "=", authorId))
      .$if(authorId === null, (q) => q.where("cases.kind", "=", kind).where("cases.thing_id", "=", thingId)),
    { "cases.id": "id" },
    page,
  );

export async function reasonsOf(db: Db, ids: readonly Id[]) {
  return db
    .selectFrom("moderation.reports as reports")
    .select(["case_id as caseId", "reason", (e) => e.fn.countAll<number>().as("count")])
    .where("case_id", "=", anyOf(ids))
    .groupBy(["case_id", "reason"])
    .orderBy("count", "desc")
    .orderBy("reason")
    .execute();
}

export const listReports = (db: Db, caseId: Id, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("moderation.reports as reports")
      .select(["id", "reporter_id as reporterId", "reason", "text", "created_at_ms as createdAtMs"])
      .where("case_id", "=", caseId),
    { id: "id" },
    page,
  );

const reportColumns = [
  "reports.id",
  "cases.kind",
  "cases.thing_id as thingId",
  "reports.reason",
  "reports.text",
  "cases.state",
  "cases.action",
  "cases.note",
  "reports.created_at_ms as createdAtMs",
  "cases.decided_at_ms as decidedAtMs",
] as const;
const ownReports = (db: Db, reporterId: Id) =>
  db
    .selectFrom("moderation.reports as reports")
    .innerJoin("moderation.cases as cases", "cases.id", "reports.case_id")
    .select(reportColumns)
    .where("reports.reporter_id", "=", reporterId);
export const reportsBy = (db: Db, reporterId: Id, page: PageInput) =>
  pageOf(db, ownReports(db, reporterId), { "reports.id": "id" }, page);
export const reportBy = (db: Db, reporterId: Id, caseId: Id) =>
  ownReports(db, reporterId).where("reports.case_id", "=", caseId).executeTakeFirstOrThrow();

/** The number of reports of a user since then, and the time of the first. */
export async function reportsSince(
  db: Db,
  reporterId: Id,
  sinceMs: number,
): Promise<{ count: number; firstMs: number }> {
  const { rows } = await sql<{ count: number; firstMs: number }>`
    SELECT count(*)::integer AS count, coalesce(min(created_at_ms), 0) AS "firstMs" FROM (
      SELECT created_at_ms FROM moderation.reports WHERE reporter_id = ${reporterId} AND created_at_ms > ${sinceMs}
      ORDER BY id DESC LIMIT 1000) AS recent`.execute(db);
  return rows[0] ?? { count: 0, firstMs: 0 };
}

export async function decisionsFor(db: Db, userId: Id, page: PageInput) {
  const rows = db
    .selectFrom("moderation.cases as cases")
    .leftJoin("moderation.appeals as appeals", "appeals.case_id", "cases.id")
    .select(columns)
    .select([
      "appeals.text as appealText",
      "appeals.state as appealState",
      "appeals.answer as appealAnswer",
      "appeals.created_at_ms as appealedAtMs",
    ])
    .where("cases.author_id", "=", userId)
    .where("cases.state", "=", "decided")
    .where((e) => e.or([e("cases.action", "<>", "dismiss"), e("appeals.state", "is not", null)]));
  return pageOf(db, rows, { "cases.decided_at_ms": "decidedAtMs", "cases.id": "id" }, page);
}

/** True if it is the first appeal. */
export async function addAppeal(
  tx: Tx<Tables>,
  row: Omit<Tables["moderation.appeals"], "state" | "answer">,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto("moderation.appeals")
    .values(row)
    .onConflict((c) => c.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
export const lockAppeal = (tx: Tx<Tables>, caseId: Id) =>
  tx
    .selectFrom("moderation.appeals as appeals")
    .select(["case_id as caseId", "user_id as userId", "state"])
    .where("case_id", "=", caseId)
    .forUpdate()
    .executeTakeFirst();
export const answerAppeal = (tx: Tx<Tables>, caseId: Id, state: "accepted" | "refused", answer: string) =>
  tx.updateTable("moderation.appeals as appeals").set({ state, answer }).where("case_id", "=", caseId).execute();

export const appeals = (db: Db, state: "open" | "accepted" | "refused", page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("moderation.appeals as appeals")
      .innerJoin("moderation.cases as cases", "cases.id", "appeals.case_id")
      .select(columns)
      .select([
        "appeals.text as appealText",
        "appeals.state as appealState",
        "appeals.answer as appealAnswer",
        "appeals.created_at_ms as appealedAtMs",
      ])
      .where("appeals.state", "=", state),
    { "cases.id": "id" },
    page,
    "asc",
  );
