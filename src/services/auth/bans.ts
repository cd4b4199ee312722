import type { userBanned } from "#events/moderation";
import type { Host, Id, Tx } from "#kernel";
import type { z } from "zod";
import * as accountStore from "./account-store.ts";
import { recordAct } from "./audit.ts";
import type { AccountState } from "./contract.ts";
import type { Tables } from "./store.ts";

type BanHost = Pick<Host<Tables>, "emit" | "now">;
interface State {
  readonly state: z.output<typeof AccountState>;
  readonly stateUntilMs: number | null;
}

/** True if an account is banned or suspended now. A suspension ends without an event. Pure. */
export const isBanned = ({ state, stateUntilMs }: State, nowMs: number): boolean =>
  state === "banned" || (state === "suspended" && (stateUntilMs === null || stateUntilMs > nowMs));

/**
 * Bans or suspends an account and ends all its sessions. Only this service knows the current role of an account, so it
 * checks once more: administrators cannot be banned, moderators by an administrator only.
 */
export async function banAccount(
  host: BanHost,
  tx: Tx<Tables>,
  { userId, untilMs, reason, byAdmin }: z.output<typeof userBanned.payload>,
): Promise<void> {
  const account = await accountStore.lockAccount(tx, userId);
  if (!account || account.state === "pending" || account.role === "admin") return;
  if (account.role === "moderator" && !byAdmin) return;
  const state = untilMs === null ? "banned" : "suspended";
  // A redelivered ban changes nothing, and adds nothing to the audit trail.
  if (account.state === state && account.stateUntilMs === untilMs && account.stateReason === reason) return;
  await accountStore.setState(tx, userId, state, { untilMs, reason });
  await accountStore.endSessions(tx, userId, host.now(), { tokensToo: true });
  await recordAct(host, tx, userId, untilMs === null ? "user.banned" : "user.suspended");
}

export async function unbanAccount(host: BanHost, tx: Tx<Tables>, userId: Id): Promise<void> {
  const account = await accountStore.lockAccount(tx, userId);
  if (account?.state !== "banned" && account?.state !== "suspended") return;
  await accountStore.setState(tx, userId, "active");
  await recordAct(host, tx, userId, "user.unbanned");
}
