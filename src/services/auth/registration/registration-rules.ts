import type { Handlers, Host } from "#kernel";
import { recordAct } from "../audit.ts";
import { type auth, MailOff } from "../contract.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import type { Tables } from "../store.ts";
import type { RegistrationChanges } from "./contract.ts";
import type { NewAccounts } from "./new-accounts.ts";
import * as registrationStore from "../registration-store.ts";

/** Administrators decide how people sign up. */
export function createRegistrationRules(
  host: Pick<Host<Tables>, "db" | "emit" | "now">,
  { mails, accounts }: { readonly mails: Pick<AccountMails, "isOn">; readonly accounts: Pick<NewAccounts, "rules"> },
): Pick<Handlers<typeof auth>, "registration" | "setRegistration"> {
  return {
    registration: () => accounts.rules(),

    async setRegistration(changes, { userId: actorId }) {
      // An address that must be verified, where none can be, would let nobody stay.
      if (changes.email === "required" && !mails.isOn) throw MailOff({});
      await host.db.tx(async (tx) => {
        await registrationStore.setRules(tx, changes);
        if (actorId !== undefined && Object.keys(changes).length > 0)
          await recordAct(host, tx, actorId, "registration.changed", { actorId, detail: detailOf(changes) });
      });
      return accounts.rules();
    },
  };
}

/** The mode, then the other rules that changed, of lists their lengths alone. Pure. */
const detailOf = ({ registration, ...rules }: RegistrationChanges): string =>
  [
    ...(registration === undefined ? [] : [registration]),
    ...Object.entries(rules).map(([name, value]) => `${name} ${Array.isArray(value) ? value.length : value}`),
  ].join(", ");
