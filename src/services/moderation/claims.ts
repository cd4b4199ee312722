import { audited, type Call, callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import * as caseStore from "./case-store.ts";
import { AlreadyDecided, CaseNotFound, ClaimedByOther, type moderation } from "./contract.ts";
import { presentCase } from "./presenter.ts";
import type * as store from "./store.ts";

type Claims = Pick<Handlers<typeof moderation>, "claim" | "release">;

/** The moderator who works on a case. A claim informs the others; it stops nobody from deciding. */
export function createClaims({ db, emit, now }: Pick<Host<store.Tables>, "db" | "emit" | "now">): Claims {
  /** Sets who works on a case that is open and locked. */
  async function assign(tx: Tx<store.Tables>, row: caseStore.Row, assigneeId: Id | null, act: string, call: Call) {
    if (row.assigneeId !== assigneeId) {
      await caseStore.assign(tx, row.id, assigneeId);
      await emit(tx, audited, row.thingId, {
        act,
        actorId: callerOf(call),
        subject: { kind: row.kind, id: row.thingId },
        detail: `case ${row.id}`,
        atMs: now(),
      });
    }
    return presentCase(tx, { ...row, assigneeId });
  }

  return {
    async claim({ id, takeOver }, call) {
      return db.answer(async (tx) => {
        const row = await caseStore.lock(tx, id);
        if (!row) throw CaseNotFound({});
        if (row.state === "decided") throw AlreadyDecided({});
        const userId = callerOf(call);
        if (row.assigneeId !== null && row.assigneeId !== userId && !takeOver) throw ClaimedByOther({});
        return assign(tx, row, userId, "moderation.claimed", call);
      });
    },

    async release({ id }, call) {
      return db.answer(async (tx) => {
        const row = await caseStore.lock(tx, id);
        if (!row) throw CaseNotFound({});
        if (row.assigneeId !== null && row.assigneeId !== callerOf(call) && call.role !== "admin")
          throw ClaimedByOther({});
        return assign(tx, row, null, "moderation.released", call);
      });
    },
  };
}
