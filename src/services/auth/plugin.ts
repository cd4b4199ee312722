import { demoRequested, userDeleted, userRegistered, userRoleChanged } from "#events/auth";
import { contentFlagged, userBanned, userUnbanned } from "#events/moderation";
import { instanceChanged } from "#events/instance";
import { userUpdated } from "#events/user";
import { audited, type Host, on, plugin, type Tx, joinHandlers } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { accountDeletion } from "./account-deletion.ts";
import * as accountStore from "./account-store.ts";
import { administration } from "./administration.ts";
import { banAccount, unbanAccount } from "./bans.ts";
import { auth } from "./contract.ts";
import { instance } from "./instance.ts";
import { accountLookup } from "./lookup.ts";
import { migrations } from "./migrations.ts";
import { accountMails } from "./mail/account-mails.ts";
import { changeAddress, emailAddresses } from "./mail/addresses.ts";
import * as mailStore from "./mail/mail-store.ts";
import { ownAccount } from "./own-account.ts";
import { ownSessions } from "./sessions/own-sessions.ts";
import { newAccounts } from "./registration/new-accounts.ts";
import { registration } from "./registration/registration.ts";
import { attemptLimit } from "./sessions/attempts.ts";
import { newSessions, sessionRefresh } from "./sessions/sessions.ts";
import { signIn } from "./sessions/sign-in.ts";
import { sessionValidation } from "./sessions/validation.ts";
import { Settings } from "./settings.ts";
import { sourceSalt } from "./source-salt.ts";
import * as store from "./store.ts";
import { hashed, signingKey } from "./tokens.ts";

/** Administrators can look up a deletion for this long after its last receipt. */
const deletionsKeptMs = 365 * 24 * 3_600_000;

export const authPlugin = plugin({
  contract: auth,
  needs: [],
  migrations,
  copies: [blocklist],
  events: [userRegistered, userRoleChanged, userDeleted, demoRequested, audited, contentFlagged],
  settings: Settings,
  async start(host: Host<store.Tables, Settings>) {
    const { db, now, cache, secret } = host;
    const key = signingKey(await secret("signing"));
    // It is derived, not stored, so that every start prints the same link until it is used.
    const firstRunToken = hashed(`first run ${await secret("first-run")}`);
    const attempts = attemptLimit(cache);
    const sessions = newSessions(host, { key, attempts });
    const mails = accountMails(host);
    const accounts = newAccounts(host, mails);
    const deletion = accountDeletion(host);
    const salt = sourceSalt(host);

    return {
      handlers: joinHandlers(
        registration(host, { ...sessions, accounts }),
        signIn(host, { ...sessions, attempts }),
        sessionRefresh(host, { ...sessions, key, attempts }),
        sessionValidation(host, key),
        salt.handlers,
        accountLookup(host),
        instance(host, { ...sessions, accounts, firstRunToken }),
        deletion.handlers,
        ownAccount(host, attempts),
        ownSessions(host),
        emailAddresses(host, mails),
        administration(host),
      ),

      subscriptions: [
        on(userUpdated, async (tx, { userId, email }) => {
          if (email !== undefined) await changeAddress(tx, mails, userId, email || undefined);
        }),
        on(instanceChanged, async (tx, { name, theme }) => mailStore.setSite(tx, { name, ...theme.light })),
        on(userBanned, (tx: Tx<store.Tables>, ban) => banAccount(host, tx, ban)),
        on(userUnbanned, (tx: Tx<store.Tables>, { userId }) => unbanAccount(host, tx, userId)),
        ...deletion.subscriptions,
      ],

      jobs: [mails.jobKind],

      schedules: [
        ...salt.schedules,
        {
          name: "auth.sessions",
          pattern: "23 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await store.forgetSessions(tx, now());
              await accountStore.forgetResets(tx, now());
              await mailStore.forgetVerifications(tx, now());
              await accountStore.forgetDeletions(tx, now() - deletionsKeptMs);
            }),
        },
      ],
    };
  },
});
