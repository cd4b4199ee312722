import { contentApproved, contentRemoved, contentRestored, type Kind } from "#events/moderation";
import { audited, type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import type { z } from "zod";
import { can } from "#policy/can";
import * as caseStore from "./case-store.ts";
import {
  AlreadyDecided,
  AppealNotFound,
  AuthorUnknown,
  CaseNotFound,
  EndMissing,
  type moderation,
  NotDecided,
  NotForThis,
  NotKept,
  YourOwn,
} from "./contract.ts";
import { publishDecision } from "./decision-notices.ts";
import { consequence, misfit, outcomes } from "./measures.ts";
import { openCase } from "./open-case.ts";
import { isApproved, presentCase } from "./presenter.ts";
import * as store from "./store.ts";
import { requireReach, createUserMeasures } from "./user-measures.ts";

type Tables = store.Tables;
type Parts = Pick<Host<Tables>, "db" | "emit" | "now" | "nextId">;
type Verdict = Omit<z.output<(typeof moderation)["methods"]["resolve"]["input"]>, "id">;

/** @throws YourOwn where the content is the caller's, or a deleted account's */
function requireOthersContent(authorId: Id | null, call: Call): void {
  if (!can(call, "moderate", { ownerId: authorId ?? 0, visibility: "public", isPublished: true })) throw YourOwn({});
}

/** The acts of a moderator on a case that is locked. */
function decisionsOf({ emit, now }: Pick<Parts, "emit" | "now">) {
  const measures = createUserMeasures({ emit, now });

  const audit = (tx: Tx<Tables>, { userId: actorId }: Call, act: string, kind: Kind, id: Id, detail: string) =>
    emit(tx, audited, id, {
      act,
      subject: { kind, id },
      detail,
      atMs: now(),
      ...(actorId !== undefined && { actorId }),
    });

  /** Decides a case that is open and locked. */
  async function decide(
    tx: Tx<Tables>,
    row: caseStore.Row,
    { action, note, rule, untilMs }: Verdict,
    call: Call,
  ): Promise<caseStore.Row> {
    const { id: caseId, kind, thingId: id, isHeld } = row;
    requireOthersContent(row.authorId, call);
    const reason = misfit(action, { kind, untilMs, nowMs: now() });
    if (reason) throw reason === "end_missing" ? EndMissing({}) : NotForThis({});
    const { measure, removes } = consequence(action);
    const endsMs = action === "mute" || action === "suspend" ? (untilMs ?? null) : null;
    if (action === "warn" && row.authorId === null) throw AuthorUnknown({});
    if (measure) await measures.impose(tx, measure, row, { untilMs: endsMs, reason: note }, call);
    const atMs = now();
    // Held content whose author is muted or banned for it is removed.
    if (removes || (isHeld && measure)) await emit(tx, contentRemoved, id, { kind, id, reason: note, atMs });
    else if (isHeld) await emit(tx, contentApproved, id, { kind, id, atMs });
    await caseStore.decide(tx, caseId, {
      action,
      note,
      rule: action === "dismiss" ? "" : rule,
      until_ms: endsMs,
      moderator_id: callerOf(call),
      decided_at_ms: atMs,
    });
    if (action !== "dismiss") await publishDecision({ emit, now }, tx, row, outcomes[action], note);
    await audit(tx, call, `moderation.${action}`, kind, id, `case ${caseId}`);
    return (await caseStore.byId(tx, caseId)) ?? row;
  }

  /** Revokes the decision of a case that is locked. */
  async function revoke(tx: Tx<Tables>, row: caseStore.Row, call: Call): Promise<void> {
    const { id: caseId, kind, thingId: id, action, authorId, isHeld } = row;
    if (action === null || isApproved(row)) throw NotDecided({});
    requireOthersContent(authorId, call);
    if (row.isFinal) throw NotKept({});
    if (action === "dismiss") {
      await caseStore.reopen(tx, row, now());
    } else {
      const { measure, removes } = consequence(action);
      if (measure && authorId !== null) {
        const user = await store.lockUser(tx, authorId);
        if (user) requireReach(user.role, call);
        await measures.lift(tx, authorId, measure, { caseId });
      }
      if (removes || (isHeld && measure)) await emit(tx, contentRestored, id, { kind, id, atMs: now() });
      await caseStore.revoke(tx, caseId, call.userId ?? null);
      await publishDecision({ emit, now }, tx, row, "decision_undone", "");
    }
    await audit(tx, call, "moderation.undone", kind, id, `${action}, case ${caseId}`);
  }

  return { audit, decide, revoke };
}

/** Decisions of moderators, their revocation, and answers to appeals. */
export function createVerdicts({ db, emit, now, nextId }: Parts) {
  const { audit, decide, revoke } = decisionsOf({ emit, now });

  return {
    async resolve({ id, ...verdict }: Verdict & { readonly id: Id }, call: Call) {
      return db.answer(async (tx) => {
        const row = await caseStore.lock(tx, id);
        if (!row) throw CaseNotFound({});
        if (row.state === "decided") throw AlreadyDecided({});
        return presentCase(tx, await decide(tx, row, verdict, call));
      });
    },

    async decide({ kind, id, ...verdict }: Verdict & { readonly kind: Kind; readonly id: Id }, call: Call) {
      const caseId = nextId();
      return db.answer(async (tx) =>
        presentCase(tx, await decide(tx, await openCase(tx, { caseId, kind, id }, now()), verdict, call)),
      );
    },

    async undo({ id }: { readonly id: Id }, call: Call) {
      return db.answer(async (tx) => {
        const row = await caseStore.lock(tx, id);
        if (!row) throw CaseNotFound({});
        await revoke(tx, row, call);
        return presentCase(tx, (await caseStore.byId(tx, id)) ?? row);
      });
    },

    async answerAppeal({ id, accept, answer }: { id: Id; accept: boolean; answer: string }, call: Call) {
      return db.answer(async (tx) => {
        const row = await caseStore.lock(tx, id);
        const appeal = row && (await caseStore.lockAppeal(tx, id));
        if (appeal?.state !== "open") throw AppealNotFound({});
        requireOthersContent(row?.authorId ?? null, call);
        if (accept && row && row.action !== "dismiss") await revoke(tx, row, call);
        await caseStore.answerAppeal(tx, id, accept ? "accepted" : "refused", answer);
        if (row && !accept) await publishDecision({ emit, now }, tx, row, "appeal_refused", answer);
        if (row)
          await audit(tx, call, `appeal.${accept ? "accepted" : "refused"}`, row.kind, row.thingId, `case ${id}`);
        return {};
      });
    },
  };
}
