import { callerOf, type Handlers, type Host } from "#kernel";
import * as auditStore from "./audit-store.ts";
import * as caseStore from "./case-store.ts";
import { CaseNotFound, type moderation } from "./contract.ts";
import { presentAppeal, presentCases } from "./presenter.ts";
import * as store from "./store.ts";
import * as sweepStore from "./sweeps/sweep-store.ts";

type Cases = Pick<
  Handlers<typeof moderation>,
  "queue" | "oneCase" | "history" | "caseReports" | "appeals" | "standing" | "audit" | "openCases" | "counts"
>;

/** The queue of cases, as moderators read it, and the audit trail. */
export const createCases = ({ db, now }: Pick<Host<store.Tables>, "db" | "now">): Cases => ({
  async queue({ state, kind, held, mine, sort, ...page }, call) {
    const assigneeId = mine === true ? callerOf(call) : undefined;
    const { items, ...paging } = await caseStore.queue(db, { state, kind, held, assigneeId, sort }, page);
    return { ...paging, items: await presentCases(db, items) };
  },
  async oneCase({ id }) {
    const row = await caseStore.byId(db, id);
    const [presentedCase] = row ? await presentCases(db, [row]) : [];
    if (!presentedCase) throw CaseNotFound({});
    return presentedCase;
  },
  async history({ id, ...page }) {
    const row = await caseStore.byId(db, id);
    if (!row) throw CaseNotFound({});
    const { items, ...paging } = await caseStore.historyOf(db, row, page);
    return { ...paging, items: await presentCases(db, items) };
  },
  async caseReports({ id, ...page }) {
    if (!(await caseStore.byId(db, id))) throw CaseNotFound({});
    return caseStore.listReports(db, id, page);
  },
  async appeals({ state, ...page }) {
    const { items, ...paging } = await caseStore.appeals(db, state, page);
    const cases = await presentCases(db, items);
    return {
      ...paging,
      items: cases.flatMap((row, place) => {
        const appealed = items[place];
        const appeal = appealed && presentAppeal(appealed);
        return appeal ? [{ ...row, appeal }] : [];
      }),
    };
  },

  openCases: async () => {
    const { open, held, oldestAtMs } = await caseStore.waiting(db, 0);
    return { open, held, oldestAtMs };
  },

  async counts(_, call) {
    const { oldestAtMs: __, ...counts } = await caseStore.waiting(db, callerOf(call));
    return { ...counts, appeals: await caseStore.openAppeals(db) };
  },

  async standing({ id }) {
    const [items, sweep] = await Promise.all([store.measuresOf(db, id, now()), sweepStore.inForce(db, id)]);
    return { items, sweptAtMs: sweep?.atMs ?? null };
  },

  audit: ({ act, area, actorId, subjectId, sinceMs, beforeMs, ...page }, call) =>
    auditStore.entries(db.read(call), { act, area, actorId, subjectId, sinceMs, beforeMs }, page),
});
