import { excerptMax } from "#events/moderation";
import { firstCharacters } from "#kernel/text";
import type { Message } from "#services/message/contract";
import * as caseStore from "./case-store.ts";
import { type Case } from "./contract.ts";
import type * as store from "./store.ts";

/** Held content that was approved is public. */
export const isApproved = ({ isHeld, action }: caseStore.Row): boolean => isHeld && action === "dismiss";

/** Cases as the queue shows them. */
export async function presentCases(db: store.Db, rows: readonly caseStore.Row[]): Promise<Case[]> {
  const reasons = await caseStore.reasonsOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    ...row,
    isFinal: row.isFinal || isApproved(row),
    reasons: reasons.filter(({ caseId }) => caseId === row.id).map(({ reason, count }) => ({ reason, count })),
  }));
}

export const presentCase = async (db: store.Db, row: caseStore.Row): Promise<Case> =>
  (await presentCases(db, [row]))[0] as Case; // One in, one out.

interface AppealRow {
  readonly appealText: string | null;
  readonly appealState: "open" | "accepted" | "refused" | null;
  readonly appealAnswer: string | null;
  readonly appealedAtMs: number | null;
}

/** The appeal against a case, where there is one. Pure. */
export const presentAppeal = ({ appealText, appealState, appealAnswer, appealedAtMs }: AppealRow) =>
  appealState === null
    ? null
    : { text: appealText ?? "", state: appealState, answer: appealAnswer ?? "", createdAtMs: appealedAtMs ?? 0 };

const shapes = ["", "", "picture", "video", "voice"] as const;

/** The excerpt of a message for moderators; of a message that is no text, its kind. Pure. */
export const excerptOf = ({ content, type }: Message): string =>
  firstCharacters(content || `(${shapes[type] ?? "message"})`, excerptMax);
