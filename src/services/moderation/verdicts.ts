import { isDeepStrictEqual } from "node:util";
import { audited, type Call, callerOf, type Host, type Id, type Role, type Tx } from "#kernel";
import { can } from "#policy/can";
import * as caseStore from "./case-store.ts";
import {
  type Act,
  AlreadyDecided,
  AppealNotFound,
  AuthorUnknown,
  type Case,
  CaseNotFound,
  contentApproved,
  contentRemoved,
  contentRestored,
  decisionMade,
  EndMissing,
  type Kind,
  NotDecided,
  NotForThis,
  NotKept,
  type Outcome,
  OutOfReach,
  YourOwn,
} from "./contract.ts";
import { userBanned, userMuted, userUnbanned, userUnmuted } from "#policy/mutes";
import { consequence, misfit, outcomes } from "./measures.ts";
import * as store from "./store.ts";
import type { z } from "zod";

type Tables = store.Tables;
type Parts = Pick<Host<Tables>, "db" | "emit" | "now" | "nextId">;
interface Verdict {
  readonly action: Act;
  readonly note: string;
  readonly untilMs?: number | undefined;
}

/** Rows as the queue shows them. */
export async function shownCases(db: store.Db, rows: readonly caseStore.Row[]): Promise<Case[]> {
  const counted = await caseStore.reasonsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...row,
    isFinal: row.isFinal || isLetThrough(row),
    reasons: counted.filter(({ caseId }) => caseId === row.id).map(({ reason, count }) => ({ reason, count })),
  }));
}

/** What was held and let through is read by everybody. */
const isLetThrough = ({ isHeld, action }: caseStore.Row): boolean => isHeld && action === "dismiss";

export function judging({ db, emit, now, nextId }: Parts) {
  const note = (tx: Tx<Tables>, { userId: actorId }: Call, act: string, kind: Kind, id: Id, detail: string) =>
    emit(tx, audited, id, {
      act,
      subject: { kind, id },
      detail,
      atMs: now(),
      ...(actorId !== undefined && { actorId }),
    });

  /** Tells whoever a case is about, where that is known, what came of it. */
  const tell = async (
    tx: Tx<Tables>,
    { id: caseId, authorId: userId }: Pick<caseStore.Row, "id" | "authorId">,
    outcome: z.output<typeof Outcome>,
    words: string,
  ) => {
    if (userId !== null) await emit(tx, decisionMade, userId, { caseId, userId, outcome, note: words, atMs: now() });
  };

  /** @throws YourOwn unless it is somebody else's, or of nobody who is known */
  function mustBeOthers(authorId: Id | null, asked: Call): void {
    if (!can(asked, "moderate", { ownerId: authorId ?? 0, visibility: "public", isPublished: true })) throw YourOwn({});
  }

  /** @throws OutOfReach where somebody of that role is not barred by whoever asks */
  function mustReach(role: Role, asked: Call): void {
    if (role === "admin" || (role === "moderator" && asked.role !== "admin")) throw OutOfReach({});
  }

  async function measure(
    tx: Tx<Tables>,
    kind: "mute" | "bar",
    row: caseStore.Row,
    untilMs: number | null,
    reason: string,
    asked: Call,
  ) {
    const { authorId, id: caseId } = row;
    if (authorId === null) throw AuthorUnknown({});
    const person = await store.lockPerson(tx, authorId);
    if (!person) throw AuthorUnknown({});
    mustReach(person.role, asked);
    const by_admin = asked.role === "admin";
    const measured = { user_id: authorId, kind, until_ms: untilMs, reason, case_id: caseId, by_admin };
    await changing(tx, authorId, kind, () => store.putMeasure(tx, measured));
  }

  /** Of what lies on somebody the strongest is told, when it is another than before. The person is locked. */
  async function changing<R>(tx: Tx<Tables>, userId: Id, kind: "mute" | "bar", change: () => Promise<R>): Promise<R> {
    const before = await store.measureOf(tx, userId, kind);
    const changed = await change();
    const holds = await store.measureOf(tx, userId, kind);
    if (!isDeepStrictEqual(before, holds)) await tellMeasure({ emit, now }, tx, userId, kind, holds);
    return changed;
  }

  const lift = (tx: Tx<Tables>, userId: Id, kind: "mute" | "bar", by: Parameters<typeof store.liftMeasures>[3]) =>
    changing(tx, userId, kind, () => store.liftMeasures(tx, userId, kind, by));

  /** The case is open and locked. */
  async function decide(
    tx: Tx<Tables>,
    row: caseStore.Row,
    { action, note: words, untilMs }: Verdict,
    asked: Call,
  ): Promise<caseStore.Row> {
    const { id: caseId, kind, thingId: id, isHeld } = row;
    mustBeOthers(row.authorId, asked);
    const wrong = misfit(action, { kind, untilMs, nowMs: now() });
    if (wrong) throw wrong === "end_missing" ? EndMissing({}) : NotForThis({});
    const { measure: measured, removes } = consequence(action);
    const endsMs = action === "mute" || action === "suspend" ? (untilMs ?? null) : null;
    if (action === "warn" && row.authorId === null) throw AuthorUnknown({});
    if (measured) await measure(tx, measured, row, endsMs, words, asked);
    const atMs = now();
    // Whoever is barred for what is held: it is not shown.
    if (removes || (isHeld && measured)) await emit(tx, contentRemoved, id, { kind, id, reason: words, atMs });
    else if (isHeld) await emit(tx, contentApproved, id, { kind, id, atMs });
    await caseStore.decide(tx, caseId, {
      action,
      note: words,
      until_ms: endsMs,
      moderator_id: callerOf(asked),
      decided_at_ms: atMs,
    });
    if (action !== "dismiss") await tell(tx, row, outcomes[action], words);
    await note(tx, asked, `moderation.${action}`, kind, id, `case ${caseId}`);
    return (await caseStore.byId(tx, caseId)) ?? row;
  }

  /** Takes a decision back; the case is locked. */
  async function takeBack(tx: Tx<Tables>, row: caseStore.Row, asked: Call): Promise<void> {
    const { id: caseId, kind, thingId: id, action, authorId, isHeld } = row;
    if (action === null || isLetThrough(row)) throw NotDecided({});
    mustBeOthers(authorId, asked);
    if (row.isFinal) throw NotKept({});
    if (action === "dismiss") {
      await caseStore.reopen(tx, row, now());
    } else {
      const { measure: measured, removes } = consequence(action);
      if (measured && authorId !== null) {
        const person = await store.lockPerson(tx, authorId);
        if (person) mustReach(person.role, asked);
        await lift(tx, authorId, measured, { caseId });
      }
      if (removes || (isHeld && measured)) await emit(tx, contentRestored, id, { kind, id, atMs: now() });
      await caseStore.dismissed(tx, caseId, asked.userId ?? null);
      await tell(tx, row, "decision_undone", "");
    }
    await note(tx, asked, "moderation.undone", kind, id, `${action}, case ${caseId}`);
  }

  const shownOne = async (row: caseStore.Row, tx: Tx<Tables>): Promise<Case> =>
    (await shownCases(tx, [row]))[0] as Case; // One in, one out.

  const handlers = {
    async resolve({ id, ...verdict }: Verdict & { readonly id: Id }, asked: Call) {
      return db.answer(async (tx) => {
        const found = await caseStore.lock(tx, id);
        if (!found) throw CaseNotFound({});
        if (found.state === "decided") throw AlreadyDecided({});
        return shownOne(await decide(tx, found, verdict, asked), tx);
      });
    },

    async decide({ kind, id, ...verdict }: Verdict & { readonly kind: Kind; readonly id: Id }, asked: Call) {
      const caseId = nextId();
      return db.answer(async (tx) =>
        shownOne(await decide(tx, await openCase(tx, { caseId, kind, id }, now()), verdict, asked), tx),
      );
    },

    async undo({ id }: { readonly id: Id }, asked: Call) {
      return db.answer(async (tx) => {
        const found = await caseStore.lock(tx, id);
        if (!found) throw CaseNotFound({});
        await takeBack(tx, found, asked);
        return shownOne((await caseStore.byId(tx, id)) ?? found, tx);
      });
    },

    async answerAppeal({ id, accept, answer }: { id: Id; accept: boolean; answer: string }, asked: Call) {
      return db.answer(async (tx) => {
        const row = await caseStore.lock(tx, id);
        const appeal = row && (await caseStore.lockAppeal(tx, id));
        if (appeal?.state !== "open") throw AppealNotFound({});
        mustBeOthers(row?.authorId ?? null, asked);
        if (accept && row && row.action !== "dismiss") await takeBack(tx, row, asked);
        await caseStore.answerAppeal(tx, id, accept ? "accepted" : "refused", answer);
        if (row && !accept) await tell(tx, row, "appeal_refused", answer);
        if (row)
          await note(tx, asked, `appeal.${accept ? "accepted" : "refused"}`, row.kind, row.thingId, `case ${id}`);
        return {};
      });
    },
  };

  return {
    handlers,

    /** What is over by now ends, and everybody hears of it. */
    async endOver(): Promise<void> {
      for (const { userId, kind } of await store.overMeasures(db, now(), 1_000))
        await db.tx(async (tx) => {
          await store.lockPerson(tx, userId);
          const over = await lift(tx, userId, kind, { overMs: now() });
          const last = over.at(-1);
          if (!last || (await store.measureOf(tx, userId, kind))) return;
          await tell(tx, { id: last.caseId, authorId: userId }, "measure_ended", "");
        });
    },
  };
}

/** Says what holds for somebody, or that nothing of this kind does. */
export async function tellMeasure(
  { emit, now }: Pick<Parts, "emit" | "now">,
  tx: Tx<Tables>,
  userId: Id,
  kind: "mute" | "bar",
  holds: store.MeasureRow | undefined,
): Promise<void> {
  const told = { userId, atMs: now() };
  if (!holds) return emit(tx, kind === "mute" ? userUnmuted : userUnbanned, userId, told);
  const { untilMs, reason, byAdmin } = holds;
  if (kind === "mute") return emit(tx, userMuted, userId, { ...told, untilMs, reason });
  return emit(tx, userBanned, userId, { ...told, untilMs, reason, byAdmin });
}

/** The open case of a thing, locked, with what is known of it now. */
export async function openCase(
  tx: Tx<Tables>,
  { caseId, kind, id }: { readonly caseId: Id; readonly kind: Kind; readonly id: Id },
  nowMs: number,
): Promise<caseStore.Row> {
  const known =
    kind === "user" ? { authorId: id, videoId: null, excerpt: "", isShown: true } : await store.thing(tx, kind, id);
  return caseStore.open(tx, {
    id: caseId,
    kind,
    thing_id: id,
    author_id: known?.authorId ?? null,
    video_id: known?.videoId ?? null,
    // Nobody's office opens what is private.
    excerpt: known?.isShown ? known.excerpt : "",
    created_at_ms: nowMs,
  });
}
