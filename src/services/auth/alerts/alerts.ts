import { accountAlerted } from "#events/auth";
import { callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import type { AlertKind, auth } from "../contract.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import type { Tables } from "../store.ts";
import * as alertStore from "./alert-store.ts";

/** Alerts can be looked up for this long. */
export const alertsKeptMs = 90 * 24 * 3_600_000;

/** The client of an act, its session, and the name of what was made. */
interface Act {
  readonly agent?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly name?: string;
}

/** Notifies the owner of an account of an act on it: in its list of alerts, by a notification, and by mail. */
export interface Alerts {
  /** In the transaction of the act. */
  readonly raise: (tx: Tx<Tables>, userId: Id, kind: AlertKind, act: Act) => Promise<void>;
  readonly handlers: Pick<Handlers<typeof auth>, "alerts">;
}

export function createAlerts(
  { db, emit, nextId, now }: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now">,
  mails: Pick<AccountMails, "alert">,
): Alerts {
  return {
    async raise(tx, userId, kind, { agent = "", name = "", sessionId }) {
      const id = nextId();
      const atMs = now();
      const session_id = sessionId ?? null;
      await alertStore.insert(tx, { id, user_id: userId, kind, agent, name, session_id, at_ms: atMs });
      await emit(tx, accountAlerted, userId, { userId, alertId: id, kind, agent, name, atMs });
      await mails.alert(tx, { userId, alertId: id, kind, agent, name, atMs });
    },

    handlers: {
      alerts: (page, call) => alertStore.ofAccount(db.read(call), callerOf(call), page),
    },
  };
}
