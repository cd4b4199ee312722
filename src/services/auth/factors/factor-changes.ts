import { type Call, callerOf, type Host, type Id, type Tx } from "#kernel";
import type { RotatingKey } from "#kernel/keys/port";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import type { Tables } from "../store.ts";
import * as factorStore from "./factor-store.ts";
import { hashesOf, lettersOf, newCodes } from "./recovery-codes.ts";

/** The parts that all changes of second factors have in common. */
export interface FactorChanges {
  /** Recovery codes in the place of all before, shown at this moment alone. */
  readonly makeCodes: (tx: Tx<Tables>, userId: Id) => Promise<string[]>;
  /** Adds a change to the audit trail, and alerts the owner of the account. */
  readonly record: (tx: Tx<Tables>, userId: Id, act: string, call: Call) => Promise<void>;
}

export const createFactorChanges = (
  host: Pick<Host<Tables>, "emit" | "now" | "random">,
  { key, alerts }: { readonly key: RotatingKey; readonly alerts: Pick<Alerts, "raise"> },
): FactorChanges => ({
  async makeCodes(tx, userId) {
    const codes = newCodes(host.random);
    const hashes = codes.map((code) => hashesOf(key, lettersOf(code) ?? "")[0] ?? "");
    await factorStore.replaceRecoveryCodes(tx, userId, hashes);
    return codes;
  },

  async record(tx, userId, act, call) {
    await recordAct(host, tx, userId, act, { actorId: callerOf(call) });
    await alerts.raise(tx, userId, "factor_changed", call);
  },
});
