import { audited, type Call, callerOf, type Handlers, type Host, type Tx } from "#kernel";
import * as caseStore from "../case-store.ts";
import {
  CaseNotFound,
  type moderation,
  NoteNotFound,
  notesPerCaseMax,
  NotYourNote,
  TooManyNotes,
} from "../contract.ts";
import * as noteStore from "./note-store.ts";
import type * as store from "../store.ts";

type Parts = Pick<Host<store.Tables>, "db" | "emit" | "now" | "nextId">;

/** Notes that moderators write to each other about a case. The audit trail records each note without its text. */
export function createNotes({
  db,
  emit,
  now,
  nextId,
}: Parts): Pick<Handlers<typeof moderation>, "notes" | "addNote" | "removeNote"> {
  const audit = (tx: Tx<store.Tables>, call: Call, act: string, { kind, thingId, id }: caseStore.Row) =>
    emit(tx, audited, thingId, {
      act,
      actorId: callerOf(call),
      subject: { kind, id: thingId },
      detail: `case ${id}`,
      atMs: now(),
    });

  return {
    async notes({ id, ...page }) {
      if (!(await caseStore.byId(db, id))) throw CaseNotFound({});
      return noteStore.notesOf(db, id, page);
    },

    async addNote({ id: caseId, text }, call) {
      const id = nextId();
      return db.answer(async (tx) => {
        // Locked, so that parallel notes are counted.
        const row = await caseStore.lock(tx, caseId);
        if (!row) throw CaseNotFound({});
        if ((await noteStore.countOf(tx, caseId)) >= notesPerCaseMax) throw TooManyNotes({});
        const note = { id, caseId, authorId: callerOf(call), text, createdAtMs: now() };
        await noteStore.insert(tx, {
          id,
          case_id: caseId,
          author_id: note.authorId,
          text,
          created_at_ms: note.createdAtMs,
        });
        await audit(tx, call, "moderation.note_added", row);
        return note;
      });
    },

    async removeNote({ id }, call) {
      return db.answer(async (tx) => {
        const note = await noteStore.lock(tx, id);
        if (!note) throw NoteNotFound({});
        if (note.authorId !== call.userId && call.role !== "admin") throw NotYourNote({});
        await noteStore.remove(tx, id);
        const row = await caseStore.byId(tx, note.caseId);
        if (row) await audit(tx, call, "moderation.note_removed", row);
        return {};
      });
    },
  };
}
