import {
  accountAlerted,
  demoRequested,
  emailChanged,
  userDeleted,
  userRegistered,
  userRoleChanged,
} from "#events/auth";
import { contentFlagged, userBanned, userUnbanned } from "#events/moderation";
import { instanceChanged } from "#events/instance";
import { userUpdated } from "#events/user";
import { audited, type Host, on, plugin, type Tx, joinHandlers } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { createAccountDeletion } from "./account-deletion.ts";
import * as accountStore from "./account-store.ts";
import { createAdministration } from "./administration.ts";
import * as alertStore from "./alerts/alert-store.ts";
import { alertsKeptMs, createAlerts } from "./alerts/alerts.ts";
import { banAccount, unbanAccount } from "./bans.ts";
import { auth } from "./contract.ts";
import { createFactorChanges } from "./factors/factor-changes.ts";
import { createTotpHandlers } from "./factors/totp-handlers.ts";
import { createFactorHandlers } from "./factors/factors.ts";
import { createSecondFactors } from "./factors/second-factor.ts";
import { createSecondStep } from "./sessions/second-step.ts";
import * as ticketStore from "./factors/ticket-store.ts";
import { createTickets } from "./factors/tickets.ts";
import { createInstance } from "./instance.ts";
import { createAccountLookup } from "./lookup.ts";
import { migrations } from "./migrations.ts";
import { createAccountMails } from "./mail/account-mails.ts";
import { createAddressChanges } from "./addresses/address-changes.ts";
import { createEmailAddresses } from "./mail/addresses.ts";
import * as mailStore from "./mail/mail-store.ts";
import * as undoStore from "./mail/undo-store.ts";
import * as invitationStore from "./invitations/invitation-store.ts";
import { createInvitations } from "./invitations/invitations.ts";
import { createOwnAccount } from "./own-account.ts";
import { createPasswordCheck } from "./passwords/password-check.ts";
import { createPersonalTokens } from "./personal-tokens/personal-tokens.ts";
import { createConfirmation } from "./sessions/confirmation.ts";
import * as deviceStore from "./sessions/device-store.ts";
import { createOwnSessions } from "./sessions/own-sessions.ts";
import { createNewAccounts } from "./registration/new-accounts.ts";
import { createRegistration } from "./registration/registration.ts";
import { createOverdueSchedule } from "./registration/overdue.ts";
import { createRegistrationRules } from "./registration/registration-rules.ts";
import { createAttemptLimit } from "./passwords/attempts.ts";
import { createNewSessions, createSessionRefresh } from "./sessions/sessions.ts";
import { createSignIn } from "./sessions/sign-in.ts";
import { createSessionValidation } from "./sessions/validation.ts";
import { Settings } from "./settings.ts";
import { createSourceSalt } from "./source-salt.ts";
import * as store from "./store.ts";
import { createWork } from "./work/work.ts";
import { createSigningKeys, hashSecret } from "./tokens.ts";

/** A key signs for so long, and what it signed is valid until the next one is replaced: longer than a session lasts. */
const signingKeyMs = 31 * 24 * 3_600_000;
/** Administrators can look up a deletion for this long after its last receipt. */
const deletionsKeptMs = 365 * 24 * 3_600_000;

export const authPlugin = plugin({
  contract: auth,
  needs: [],
  migrations,
  copies: [blocklist],
  events: [
    userRegistered,
    userRoleChanged,
    userDeleted,
    accountAlerted,
    emailChanged,
    demoRequested,
    audited,
    contentFlagged,
  ],
  keys: ["signing", "first-run", "factors", "work"],
  settings: Settings,
  async start(host: Host<store.Tables, Settings>) {
    const { db, now, cache, key } = host;
    const keys = createSigningKeys(key("signing"));
    // It is derived, not stored, so that every start prints the same link until it is used.
    const firstRunToken = () => hashSecret(`first run ${key("first-run").current}`);
    const attempts = createAttemptLimit(cache);
    const mails = createAccountMails(host);
    const alerts = createAlerts(host, mails);
    const sessions = createNewSessions(host, { keys, attempts, alerts });
    const factors = createSecondFactors(host, { key: key("factors"), attempts, alerts });
    const changes = createFactorChanges(host, { key: key("factors"), alerts });
    const tickets = createTickets(host);
    const addresses = createAddressChanges(host, { mails, alerts });
    const confirmPassword = createPasswordCheck(host, attempts);
    const accounts = createNewAccounts(host, mails);
    const work = createWork(host, key("work"), accounts.rules);
    const deletion = createAccountDeletion(host);
    const salt = createSourceSalt(host);

    return {
      handlers: joinHandlers(
        createRegistration(host, { ...sessions, accounts, work }),
        work.handlers,
        createSignIn(host, { ...sessions, attempts, factors, tickets }),
        createSecondStep(host, { ...sessions, factors, tickets }),
        createFactorHandlers(host, { changes, alerts, factors }),
        createTotpHandlers(host, { changes, factors }),
        createSessionRefresh(host, { ...sessions, keys, attempts }),
        createSessionValidation(host, { signingKeys: keys, factors }),
        salt.handlers,
        createAccountLookup(host),
        createInstance(host, { ...sessions, accounts, firstRunToken }),
        deletion.handlers,
        createOwnAccount(host, { alerts, confirmPassword }),
        createConfirmation(host, { confirmPassword, factors }),
        alerts.handlers,
        createPersonalTokens(host, alerts),
        addresses.handlers,
        createOwnSessions(host),
        createEmailAddresses(host, mails),
        createInvitations(host),
        createRegistrationRules(host, { mails, accounts }),
        createAdministration(host, mails),
      ),

      subscriptions: [
        on(userUpdated, async (tx, { userId, email }) => {
          if (email !== undefined) await addresses.change(tx, userId, email || undefined);
        }),
        on(instanceChanged, async (tx, { name, theme }) => mailStore.setSite(tx, { name, ...theme.light })),
        on(userBanned, (tx: Tx<store.Tables>, ban) => banAccount(host, tx, ban)),
        on(userUnbanned, (tx: Tx<store.Tables>, { userId }) => unbanAccount(host, tx, userId)),
        ...deletion.subscriptions,
      ],

      jobs: [mails.jobKind],

      schedules: [
        ...salt.schedules,
        createOverdueSchedule(host, { mails, accounts }),
        { name: "auth.signing_key", pattern: "41 3 * * *", run: () => host.rotateKey("signing", signingKeyMs) },
        {
          name: "auth.sessions",
          pattern: "23 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await store.forgetSessions(tx, now());
              await accountStore.forgetResets(tx, now());
              await mailStore.forgetVerifications(tx, now());
              await undoStore.forgetUndos(tx, now());
              await ticketStore.forgetTickets(tx, now());
              await deviceStore.forgetDevices(tx, now());
              await invitationStore.forgetInvitations(tx, now());
              await alertStore.forgetAlerts(tx, now() - alertsKeptMs);
              await accountStore.forgetDeletions(tx, now() - deletionsKeptMs);
            }),
        },
      ],
    };
  },
});
