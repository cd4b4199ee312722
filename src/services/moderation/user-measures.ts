import { isDeepStrictEqual } from "node:util";
import { userBanned, userMuted, userUnbanned, userUnmuted } from "#events/moderation";
import type { Call, Host, Id, Role, Tx } from "#kernel";
import type * as caseStore from "./case-store.ts";
import { AuthorUnknown, OutOfReach } from "./contract.ts";
import * as store from "./store.ts";

type Tables = store.Tables;
type Parts = Pick<Host<Tables>, "emit" | "now">;
type MeasureKind = store.MeasureRow["kind"];

/** @throws OutOfReach where the caller may not mute or ban a user of this role */
export function requireReach(role: Role, call: Call): void {
  if (role === "admin" || (role === "moderator" && call.role !== "admin")) throw OutOfReach({});
}

/** Mutes and bans of users. The strongest of several measures of one kind is in force. */
export interface UserMeasures {
  readonly impose: (
    tx: Tx<Tables>,
    kind: MeasureKind,
    row: caseStore.Row,
    input: { readonly untilMs: number | null; readonly reason: string },
    call: Call,
  ) => Promise<void>;
  readonly lift: (
    tx: Tx<Tables>,
    userId: Id,
    kind: MeasureKind,
    by: Parameters<typeof store.liftMeasures>[3],
  ) => Promise<{ readonly caseId: Id }[]>;
}

export function createUserMeasures({ emit, now }: Parts): UserMeasures {
  /** Publishes the measure that holds where it is another than before. The user is locked. */
  async function change<R>(tx: Tx<Tables>, userId: Id, kind: MeasureKind, work: () => Promise<R>): Promise<R> {
    const before = await store.measureOf(tx, userId, kind);
    const result = await work();
    const current = await store.measureOf(tx, userId, kind);
    if (!isDeepStrictEqual(before, current)) await publishMeasure({ emit, now }, tx, userId, kind, current);
    return result;
  }

  return {
    async impose(
      tx: Tx<Tables>,
      kind: MeasureKind,
      { authorId, id: caseId }: caseStore.Row,
      { untilMs, reason }: { readonly untilMs: number | null; readonly reason: string },
      call: Call,
    ): Promise<void> {
      if (authorId === null) throw AuthorUnknown({});
      const user = await store.lockUser(tx, authorId);
      if (!user) throw AuthorUnknown({});
      requireReach(user.role, call);
      const by_admin = call.role === "admin";
      const measure = { user_id: authorId, kind, until_ms: untilMs, reason, case_id: caseId, by_admin };
      await change(tx, authorId, kind, () => store.putMeasure(tx, measure));
    },

    lift: (tx: Tx<Tables>, userId: Id, kind: MeasureKind, by: Parameters<typeof store.liftMeasures>[3]) =>
      change(tx, userId, kind, () => store.liftMeasures(tx, userId, kind, by)),
  };
}

/** Publishes the measure of this kind that holds for a user, or that none does. */
export async function publishMeasure(
  { emit, now }: Parts,
  tx: Tx<Tables>,
  userId: Id,
  kind: MeasureKind,
  measure: store.MeasureRow | undefined,
): Promise<void> {
  const fact = { userId, atMs: now() };
  if (!measure) return emit(tx, kind === "mute" ? userUnmuted : userUnbanned, userId, fact);
  const { untilMs, reason, byAdmin } = measure;
  if (kind === "mute") return emit(tx, userMuted, userId, { ...fact, untilMs, reason });
  return emit(tx, userBanned, userId, { ...fact, untilMs, reason, byAdmin });
}
