import { BadToken } from "#policy/account";
import { type Call, callerOf, type Handlers, type Host, type Id } from "#kernel";
import { type Message, message, MessageNotFound } from "#services/message/contract";
import * as caseStore from "./case-store.ts";
import { AppealedAlready, CaseNotFound, type moderation, reportsPerHour, TooManyReports, YourOwn } from "./contract.ts";
import { openCase } from "./open-case.ts";
import { excerptOf, presentAppeal } from "./presenter.ts";
import * as store from "./store.ts";

const hourMs = 3_600_000;
const messageThing = { kind: "message", video_id: null, is_visible: true, version: 1 } as const;

type Reports = Pick<Handlers<typeof moderation>, "report" | "reports" | "decisions" | "appeal">;

/** Reports of users, the decisions about their own content, and their appeals. */
export function createReports({
  db,
  now,
  nextId,
  client,
  call: newCall,
}: Pick<Host<store.Tables>, "db" | "now" | "nextId" | "client" | "call">): Reports {
  /** A private message for one of its two participants; undefined for all others, as where there is none. */
  async function ownMessage(id: Id, { userId, role, traceId, signal }: Call): Promise<Message | undefined> {
    const call = newCall({ traceId, signal, ...(userId !== undefined && { userId }), ...(role && { role }) });
    return client(message)
      .get({ id }, call)
      .catch((error: unknown) => {
        if ((error as { code?: unknown }).code === MessageNotFound.code) return undefined;
        throw error;
      });
  }

  return {
    async report({ kind, id, reason, text }, call) {
      const reporterId = callerOf(call);
      const [caseId, reportId] = [nextId(), nextId()];
      const reported = kind === "message" ? await ownMessage(id, call) : undefined;
      return db.tx(async (tx) => {
        // Moderators read only those private messages that a participant reported.
        if (reported)
          await store.putThing(tx, { ...messageThing, id, author_id: reported.senderId, excerpt: excerptOf(reported) });
        // Under the lock of the reporter, so that concurrent reports count against the limit.
        if (!(await store.lockUser(tx, reporterId))) throw BadToken({});
        const row = await openCase(tx, { caseId, kind, id }, now());
        if (row.authorId === reporterId) throw YourOwn({});
        const report = {
          id: reportId,
          case_id: row.id,
          reporter_id: reporterId,
          reason,
          text,
          created_at_ms: now(),
        };
        const { count, firstMs } = await caseStore.reportsSince(tx, reporterId, now() - hourMs);
        if ((await caseStore.addReport(tx, report)) && count >= reportsPerHour)
          throw TooManyReports({ retryAfterMs: Math.max(1_000, firstMs + hourMs - now()) });
        return caseStore.reportBy(tx, reporterId, row.id);
      });
    },
    reports: (page, call) => caseStore.reportsBy(db.read(call), callerOf(call), page),

    async decisions(page, call) {
      const { items, ...paging } = await caseStore.decisionsFor(db.read(call), callerOf(call), page);
      return {
        ...paging,
        items: items.map((row) => ({
          ...row,
          action: row.action ?? "dismiss",
          decidedAtMs: row.decidedAtMs ?? row.createdAtMs,
          appeal: presentAppeal(row),
        })),
      };
    },

    async appeal({ caseId, text }, call) {
      const userId = callerOf(call);
      return db.answer(async (tx) => {
        const row = await caseStore.lock(tx, caseId);
        if (row?.authorId !== userId || row.state !== "decided" || row.action === "dismiss") throw CaseNotFound({});
        const isFirst = await caseStore.addAppeal(tx, {
          case_id: caseId,
          user_id: userId,
          text,
          created_at_ms: now(),
        });
        if (!isFirst) throw AppealedAlready({});
        return {};
      });
    },
  };
}
