import { audited, type Host, type Id, type Tx } from "#kernel";
import type { userBanned } from "#policy/mutes";
import type { z } from "zod";
import * as accountStore from "./account-store.ts";
import type { AccountState } from "./contract.ts";
import type { Tables } from "./store.ts";

type Parts = Pick<Host<Tables>, "emit" | "now">;
interface Standing {
  readonly state: z.output<typeof AccountState>;
  readonly stateUntilMs: number | null;
}

/** Whether an account is kept out right now; a suspension ends by itself, whoever has heard of its end. Pure. */
export const isBarred = ({ state, stateUntilMs }: Standing, nowMs: number): boolean =>
  state === "banned" || (state === "suspended" && (stateUntilMs === null || stateUntilMs > nowMs));

/**
 * Keeps an account out and ends all its sessions. What it may do is decided here once more, for here alone it is known for
 * sure who is what: an administrator never, a moderator by an administrator.
 */
export async function bar(
  { emit, now }: Parts,
  tx: Tx<Tables>,
  { userId, untilMs, reason, byAdmin }: z.output<typeof userBanned.payload>,
): Promise<void> {
  const account = await accountStore.lockAccount(tx, userId);
  // Who still waits to be let in is nobody yet.
  if (!account || account.state === "pending" || account.role === "admin") return;
  if (account.role === "moderator" && !byAdmin) return;
  const state = untilMs === null ? "banned" : "suspended";
  // Told again: nothing is done twice, in the audit trail neither.
  if (account.state === state && account.stateUntilMs === untilMs && account.stateReason === reason) return;
  await accountStore.setState(tx, userId, state, { untilMs, reason });
  await accountStore.endSessions(tx, userId, now());
  await note({ emit, now }, tx, userId, untilMs === null ? "user.banned" : "user.suspended");
}

export async function unbar(parts: Parts, tx: Tx<Tables>, userId: Id): Promise<void> {
  const account = await accountStore.lockAccount(tx, userId);
  if (account?.state !== "banned" && account?.state !== "suspended") return;
  await accountStore.setState(tx, userId, "active");
  await note(parts, tx, userId, "user.unbanned");
}

const note = ({ emit, now }: Parts, tx: Tx<Tables>, userId: Id, act: string) =>
  emit(tx, audited, userId, { act, subject: { kind: "user", id: userId }, atMs: now() });
