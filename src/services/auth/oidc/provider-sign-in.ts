import { type Call, type Host, type Id, KinoraError, type Role, type Tx } from "#kernel";
import { WordsRefused } from "#policy/copies/blocklist";
import { recordAct } from "../audit.ts";
import { AccountExists, BadCredentials, EmailTaken, NameTaken, RegistrationClosed, type Session } from "../contract.ts";
import type { NewAccounts } from "../registration/new-accounts.ts";
import type { NameFlags } from "../registration/name-flags.ts";
import { createStateCheck } from "../sessions/account-proof.ts";
import type { Enter } from "../sessions/entry.ts";
import type { NewSessions } from "../sessions/sessions.ts";
import type { Tables } from "../store.ts";
import { roleOf, usernameOf, verifiedEmailOf } from "./claims.ts";
import type { ProvenUser } from "./identity-provider.ts";
import * as linkStore from "../providers/link-store.ts";
import type { Provider } from "../providers/provider-list.ts";
import type { ProviderLinks } from "./provider-links.ts";
import type { ProviderRoles } from "./provider-roles.ts";

/** The parts of a sign-in. */
export interface SignInParts extends Pick<NewSessions, "open"> {
  readonly accounts: Pick<NewAccounts, "register" | "rowOf">;
  readonly enter: Enter;
  readonly flags: NameFlags;
  readonly links: Pick<ProviderLinks, "add">;
  readonly roles: ProviderRoles;
}
interface Arrival {
  readonly user: ProvenUser;
  readonly provider: Provider;
  readonly invitation: string | undefined;
}

const nameAttempts = 8;

/** Another request linked the user in the meantime. */
class LinkedMeanwhile extends Error {}
const isFailure = (error: unknown, { code }: { readonly code: string }): boolean =>
  error instanceof KinoraError && error.code === code;

/**
 * Signs accounts in by the users of providers that are linked to them, and makes accounts for those that no account is
 * linked to. An address joins nobody: a provider that confirms it carelessly would give the account away.
 */
export type ProviderSignIn = (arrival: Arrival, call: Call) => Promise<Session>;

export function createProviderSignIn(
  host: Pick<Host<Tables>, "db" | "emit" | "nextId" | "now" | "random">,
  { accounts, enter, flags, links, open, roles }: SignInParts,
): ProviderSignIn {
  const { db, now, random } = host;
  const mustBeActive = createStateCheck(host);

  async function signIn(userId: Id, { user, provider }: Arrival, call: Call): Promise<Session> {
    await mustBeActive(userId);
    return enter({ userId, methods: ["provider"] }, call, async (tx) => {
      const link = await linkStore.byIdentity(tx, user.identity);
      // It may have been unlinked while the provider was asked.
      if (link?.userId !== userId) throw BadCredentials({});
      const role = roleOf(user.claims, provider);
      if (role !== undefined) await roles.apply(tx, link, role);
    });
  }

  async function register(username: string, arrival: Arrival, call: Call): Promise<Session> {
    const { user, provider, invitation } = arrival;
    const granted = roleOf(user.claims, provider) ?? null;
    const role: Role = granted ?? "user";
    const term = await flags.find([username], call);
    const email = verifiedEmailOf(user.claims);
    const row = await accounts.rowOf({ username, role, ...(email !== undefined && { email }) });
    return accounts.register(
      { ...row, ...(email !== undefined && { email_verified_at_ms: now() }) },
      invitation,
      async (tx, userId) => {
        await flags.publish(tx, userId, [username], term);
        return open(tx, { userId, role, methods: ["provider"] }, call);
      },
      async (tx: Tx<Tables>, userId) => {
        if (!(await links.add(tx, userId, user, provider, granted))) throw new LinkedMeanwhile();
        if (role !== "user")
          await recordAct(host, tx, userId, "role.changed", { detail: `user → ${role}, by the provider` });
      },
    );
  }

  async function signUp(arrival: Arrival, call: Call): Promise<Session> {
    if (!arrival.provider.sign_up) throw RegistrationClosed({});
    const base = usernameOf(arrival.user.claims, arrival.provider);
    for (let attempt = 1; ; attempt++) {
      // The name may pass for another, or be refused, with any number behind it.
      const stem = attempt > nameAttempts / 2 ? "user" : base;
      const username = attempt === 1 ? base : `${stem}_${random(3).readUIntBE(0, 3)}`;
      try {
        return await register(username, arrival, call);
      } catch (error) {
        if (isFailure(error, EmailTaken)) throw AccountExists({}, error);
        const isAboutName = isFailure(error, NameTaken) || isFailure(error, WordsRefused);
        if (!isAboutName || attempt === nameAttempts) throw error;
      }
    }
  }

  return async (arrival, call) => {
    const link = await linkStore.byIdentity(db, arrival.user.identity);
    if (link) return signIn(link.userId, arrival, call);
    try {
      return await signUp(arrival, call);
    } catch (error) {
      if (!(error instanceof LinkedMeanwhile) && !isFailure(error, AccountExists)) throw error;
      const other = await linkStore.byIdentity(db, arrival.user.identity);
      if (!other) throw error;
      return signIn(other.userId, arrival, call);
    }
  };
}
