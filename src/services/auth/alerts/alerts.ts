import { accountAlerted } from "#events/auth";
import { type Call, callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import type { AlertKind, auth } from "../contract.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import type { Tables } from "../store.ts";
import * as alertStore from "./alert-store.ts";

/** Alerts can be looked up for this long. */
export const alertsKeptMs = 90 * 24 * 3_600_000;

/** Notifies the owner of an account of an act on it: in its list of alerts, by a notification, and by mail. */
export interface Alerts {
  /** In the transaction of the act. */
  readonly raise: (tx: Tx<Tables>, userId: Id, kind: AlertKind, by: Pick<Call, "agent">) => Promise<void>;
  readonly handlers: Pick<Handlers<typeof auth>, "alerts">;
}

export function createAlerts(
  { db, emit, nextId, now }: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  mails: Pick<AccountMails, "alert">,
): Alerts {
  return {
    async raise(tx, userId, kind, { agent = "" }) {
      const id = nextId();
      const atMs = now();
      await alertStore.insert(tx, { id, user_id: userId, kind, agent, at_ms: atMs });
      await emit(tx, accountAlerted, userId, { userId, alertId: id, kind, agent, atMs });
      await mails.alert(tx, { userId, alertId: id, kind, agent, atMs });
    },

    handlers: {
      alerts: (page, call) => alertStore.ofAccount(db.read(call), callerOf(call), page),
    },
  };
}
