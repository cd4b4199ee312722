import type { Host, Schedule } from "#kernel";
import { removeAccounts } from "../deletion/account-deletion.ts";
import type { AccountMails } from "../mail/account-mails.ts";
import * as mailStore from "../mail/mail-store.ts";
import type { Tables } from "../store.ts";
import type { NewAccounts } from "./new-accounts.ts";

interface Parts {
  readonly mails: Pick<AccountMails, "isOn">;
  readonly accounts: Pick<NewAccounts, "rules">;
}

/** Removes accounts whose address was not verified in time, as long as it is required and can be. */
export const createOverdueSchedule = (
  host: Pick<Host<Tables>, "db" | "emit" | "now">,
  { mails, accounts }: Parts,
): Schedule => ({
  name: "auth.overdue",
  pattern: "17 * * * *",
  async run() {
    if (!mails.isOn || (await accounts.rules()).email !== "required") return;
    await host.db.tx(async (tx) => {
      await removeAccounts(host, tx, await mailStore.overdue(tx, host.now()));
    });
  },
});
