import { emailChanged } from "#events/auth";
import { callerOf, type Handlers, type Host, type Id, type Tx } from "#kernel";
import { emailKey } from "#kernel/text";
import * as accountStore from "../account-store.ts";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import { type auth, BadUndo, DomainDenied, EmailMissing, EmailTaken, type RegistrationRules } from "../contract.ts";
import { nameKey } from "../names.ts";
import { isDomainAllowed } from "../registration/domains.ts";
import * as registrationStore from "../registration-store.ts";
import * as store from "../store.ts";
import { hashSecret } from "../tokens.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import * as undoStore from "../mail/undo-store.ts";

/** The earlier address can undo a change for so long. */
export const undoMs = 7 * 24 * 3_600_000;

interface Parts {
  readonly mails: AccountMails;
  readonly alerts: Pick<Alerts, "raise">;
}

/** Changes of the e-mail address of an account, and the way back. */
export interface AddressChanges {
  /**
   * The address of an account is another one. It proves nothing until it is verified; links to the address before end,
   * and a verified one gets a link that undoes the change. False where another account has the address. An
   * address that another account has verified is like a free one where addresses are required: its owner gets a mail.
   * @throws DomainDenied; EmailMissing for none where one is required
   */
  readonly change: (tx: Tx<store.Tables>, userId: Id, email: string | undefined) => Promise<boolean>;
  readonly handlers: Pick<Handlers<typeof auth>, "setEmail" | "undoEmail">;
}

export function createAddressChanges(
  host: Pick<Host<store.Tables>, "db" | "emit" | "now">,
  { mails, alerts }: Parts,
): AddressChanges {
  const { db, emit, now } = host;

  async function change(tx: Tx<store.Tables>, userId: Id, email: string | undefined): Promise<boolean> {
    const before = await accountStore.lockAccount(tx, userId);
    if (!before) return true;
    const key = email ? emailKey(email) : null;
    const { email: rule, ...domains } = await registrationStore.rules(tx);
    const isRequired = rule === "required" && mails.isOn;
    if (key !== before.emailKey) assertAllowed(key, isRequired, domains);
    const ownership = isRequired ? "none" : mails.isOn ? "verified" : "any";
    const keys = { emailKey: key, nameKey: nameKey(email ?? ""), ownership } as const;
    if (!(await store.setLoginEmail(tx, userId, email ?? null, keys))) return false;
    if (key === before.emailKey) return true;
    await accountStore.removeResets(tx, userId);
    if (before.email !== null && before.emailVerifiedAtMs !== null) {
      // The first address can undo several changes in a row.
      if (mails.isOn) await undoStore.insert(tx, { userId, email: before.email, nowMs: now(), lifeMs: undoMs });
      await mails.addressChanged(tx, userId, before.email);
    }
    if (email) await mails.verify(tx, userId);
    await alerts.raise(tx, userId, "email_changed", {});
    return true;
  }

  return {
    change,
    handlers: {
      setEmail: ({ email }, call) =>
        db.answer(async (tx) => {
          const userId = callerOf(call);
          if (!(await change(tx, userId, email || undefined))) throw EmailTaken({});
          await recordAct(host, tx, userId, "email.changed", { actorId: userId });
          await emit(tx, emailChanged, userId, { userId, email });
          return {};
        }),

      async undoEmail({ token }) {
        await db.tx(async (tx) => {
          const undo = await undoStore.take(tx, hashSecret(token));
          if (!undo || undo.expiresAtMs <= now()) throw BadUndo({});
          const { userId, email } = undo;
          const keys = { emailKey: emailKey(email), nameKey: nameKey(email), ownership: "verified" } as const;
          if (!(await store.setLoginEmail(tx, userId, email, keys))) throw EmailTaken({});
          await undoStore.setVerifiedAgain(tx, userId, now());
          await accountStore.removeResets(tx, userId);
          // A thief may have made tokens meanwhile.
          await accountStore.endSessions(tx, userId, now(), { tokensToo: true });
          await recordAct(host, tx, userId, "email.restored", { actorId: userId });
          await emit(tx, emailChanged, userId, { userId, email });
        });
        return {};
      },
    },
  };
}

/** @throws DomainDenied, EmailMissing */
function assertAllowed(
  key: string | null,
  isRequired: boolean,
  domains: Pick<RegistrationRules, "domainsAllowed" | "domainsDenied">,
): void {
  if (key === null && isRequired) throw EmailMissing({});
  if (key !== null && !isDomainAllowed(key, domains)) throw DomainDenied({});
}
