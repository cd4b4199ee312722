import {
  accountAlerted,
  demoRequested,
  emailChanged,
  holdingsChanged,
  nftVerified,
  userDeleted,
  userRegistered,
  userRoleChanged,
  walletLinked,
  walletUnlinked,
} from "#events/auth";
import { contentFlagged } from "#events/moderation";
import { audited, type Host, type Id, joinHandlers, plugin, type Tx } from "#kernel";
import { blocklist } from "#policy/copies/blocklist";
import { createAccountDeletion } from "./deletion/account-deletion.ts";
import { createAdministration } from "./administration/administration.ts";
import { createAlerts } from "./alerts/alerts.ts";
import { auth } from "./contract.ts";
import { waysIn } from "./factors/account-factors.ts";
import { createFactorChanges } from "./factors/factor-changes.ts";
import { createPasskeyHandlers } from "./factors/passkey-handlers.ts";
import { createPasskeyOptions } from "./factors/passkey-options.ts";
import { createTotpHandlers } from "./factors/totp-handlers.ts";
import { createFactorHandlers } from "./factors/factors.ts";
import { createSecondFactors } from "./factors/second-factor.ts";
import { createSecondStep } from "./sessions/second-step.ts";
import { createTickets } from "./factors/tickets.ts";
import { createInstance } from "./instance.ts";
import { createAccountLookup } from "./lookup.ts";
import { migrations } from "./migrations.ts";
import { createAccountMails } from "./mail/account-mails.ts";
import { createAddressChanges } from "./addresses/address-changes.ts";
import { createEmailAddresses } from "./mail/addresses.ts";
import { createInvitations } from "./invitations/invitations.ts";
import { createOwnAccount } from "./own-account.ts";
import { createPasswordCheck } from "./passwords/password-check.ts";
import { createChallenges } from "./passkeys/challenges.ts";
import { warnOfOtherHosts } from "./passkeys/other-hosts.ts";
import { createPasskeyProof } from "./passkeys/passkey-proof.ts";
import { createPersonalTokens } from "./personal-tokens/personal-tokens.ts";
import { createEntry } from "./sessions/entry.ts";
import { createPasskeySignIn } from "./sessions/passkey-sign-in.ts";
import { createConfirmation } from "./sessions/confirmation.ts";
import { createOwnSessions } from "./sessions/own-sessions.ts";
import { createProviderHandlers } from "./oidc/provider-handlers.ts";
import { createNameFlags } from "./registration/name-flags.ts";
import { createNewAccounts } from "./registration/new-accounts.ts";
import { createRegistration } from "./registration/registration.ts";
import { createOverdueSchedule } from "./registration/overdue.ts";
import { createRegistrationRules } from "./registration/registration-rules.ts";
import { createAttemptLimit } from "./passwords/attempts.ts";
import { createNewSessions, createSessionRefresh } from "./sessions/sessions.ts";
import { createSignIn } from "./sessions/sign-in.ts";
import { createSessionValidation } from "./sessions/validation.ts";
import { schedulesOf } from "./schedules.ts";
import { Settings } from "./settings.ts";
import { createSourceSalt } from "./source-salt.ts";
import type { Tables } from "./store.ts";
import { subscriptionsOf } from "./subscriptions.ts";
import { createWork } from "./work/work.ts";
import { createSigningKeys, hashSecret } from "./tokens.ts";
import { createWalletParts } from "./wallet-parts.ts";

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
    holdingsChanged,
    nftVerified,
    walletLinked,
    walletUnlinked,
    demoRequested,
    audited,
    contentFlagged,
  ],
  keys: ["signing", "first-run", "factors", "work"],
  settings: Settings,
  async start(host: Host<Tables, Settings>) {
    const { cache, key } = host;
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
    const enter = createEntry(host, { ...sessions, factors, tickets });
    const challenges = createChallenges(host);
    const passkeys = createPasskeyProof(host, { challenges, alerts });
    await warnOfOtherHosts(host);
    const addresses = createAddressChanges(host, { mails, alerts });
    const confirmPassword = createPasswordCheck(host, attempts);
    const accounts = createNewAccounts(host, mails);
    const work = createWork(host, key("work"), accounts.rules);
    const deletion = createAccountDeletion(host);
    const salt = createSourceSalt(host);
    const flags = createNameFlags(host);
    const hasWayIn = async (tx: Tx<Tables>, userId: Id): Promise<boolean> =>
      waysIn(await factors.factorsOf(tx, userId)).length > 0;
    const wallets = createWalletParts(host, { ...sessions, accounts, alerts, enter, hasWayIn, work });

    return {
      handlers: joinHandlers(
        createRegistration(host, { ...sessions, accounts, flags, work }),
        work.handlers,
        wallets.handlers,
        createProviderHandlers(host, { ...sessions, accounts, alerts, enter, flags, hasWayIn }),
        createSignIn(host, { ...sessions, attempts, enter, factors }),
        createPasskeySignIn(host, { enter, passkeys }),
        createSecondStep(host, { enter, factors, passkeys, tickets }),
        createFactorHandlers(host, { changes, alerts, factors }),
        createTotpHandlers(host, { changes, factors }),
        createPasskeyOptions(host, { challenges, tickets }),
        createPasskeyHandlers(host, { challenges, changes, factors }),
        createSessionRefresh(host, { ...sessions, keys, attempts }),
        createSessionValidation(host, { signingKeys: keys, factors }),
        salt.handlers,
        createAccountLookup(host),
        createInstance(host, { ...sessions, accounts, firstRunToken }),
        deletion.handlers,
        createOwnAccount(host, { alerts, confirmPassword }),
        createConfirmation(host, { confirmPassword, factors, passkeys, wallets: wallets.proof }),
        alerts.handlers,
        createPersonalTokens(host, alerts),
        addresses.handlers,
        createOwnSessions(host),
        createEmailAddresses(host, mails),
        createInvitations(host),
        createRegistrationRules(host, { mails, accounts }),
        createAdministration(host, mails),
      ),

      subscriptions: [...subscriptionsOf(host, addresses), ...deletion.subscriptions],

      jobs: [mails.jobKind],

      schedules: [...salt.schedules, createOverdueSchedule(host, { mails, accounts }), ...schedulesOf(host)],
    };
  },
});
