import { callerOf, type Call, type Handlers, type Host, type Id, type Role, type Tx } from "#kernel";
import * as accountStore from "../account-store.ts";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import { type auth, LastWayIn, ProviderNotFound, ProviderTaken, TooManyTokens } from "../contract.ts";
import type { Tables } from "../store.ts";
import { hintOf } from "./claims.ts";
import type { ProvenUser } from "./identity-provider.ts";
import { presentLink } from "../providers/link-presenter.ts";
import * as linkStore from "../providers/link-store.ts";
import type { Provider } from "../providers/provider-list.ts";
import type { ProviderRoles } from "./provider-roles.ts";

/** The parts of links. */
export interface LinkParts {
  readonly providers: readonly Provider[];
  readonly alerts: Pick<Alerts, "raise">;
  readonly roles: ProviderRoles;
  /** True if a sign-in to the account can begin. */
  readonly hasWayIn: (tx: Tx<Tables>, userId: Id) => Promise<boolean>;
}

/** Users of providers that sign in to accounts: one signs in to one account. */
export interface ProviderLinks {
  /** Links a user to an account that was just made; false where another account has it. */
  readonly add: (
    tx: Tx<Tables>,
    userId: Id,
    user: ProvenUser,
    provider: Provider,
    grantedRole: Role | null,
  ) => Promise<boolean>;
  /** Links a user to an account, or leaves it where it is linked. @throws ProviderTaken, TooManyTokens */
  readonly link: (
    tx: Tx<Tables>,
    userId: Id,
    user: ProvenUser,
    provider: Provider,
    call: Pick<Call, "agent">,
  ) => Promise<void>;
  readonly handlers: Pick<Handlers<typeof auth>, "unlinkProvider">;
}

export function createProviderLinks(
  host: Pick<Host<Tables>, "db" | "emit" | "now">,
  { providers, alerts, roles, hasWayIn }: LinkParts,
): ProviderLinks {
  const { db, now } = host;

  async function add(
    tx: Tx<Tables>,
    userId: Id,
    { identity, claims }: ProvenUser,
    provider: Provider,
    grantedRole: Role | null,
  ): Promise<boolean> {
    const hint = hintOf(claims, identity.subject, provider);
    const row = { ...identity, userId, providerId: provider.id, hint, grantedRole, linkedAtMs: now() };
    if (!(await linkStore.insert(tx, row))) return false;
    await recordAct(host, tx, userId, "provider.linked", { actorId: userId, detail: provider.name });
    return true;
  }

  return {
    add,

    async link(tx, userId, user, provider, call) {
      await accountStore.lockAccount(tx, userId);
      const existing = await linkStore.byIdentity(tx, user.identity);
      if (existing?.userId === userId) return;
      if (existing) throw ProviderTaken({});
      const { issuer } = user.identity;
      if ((await linkStore.ofUser(tx, userId)).some((link) => link.issuer === issuer)) throw TooManyTokens({});
      if (!(await add(tx, userId, user, provider, null))) throw ProviderTaken({});
      await alerts.raise(tx, userId, "factor_changed", call);
    },

    handlers: {
      async unlinkProvider({ id }, call) {
        const userId = callerOf(call);
        await db.tx(async (tx) => {
          await accountStore.lockAccount(tx, userId);
          const links = await linkStore.ofUser(tx, userId);
          const link = links.find((row) => presentLink(row, providers).id === id);
          if (!link) throw ProviderNotFound({});
          // Its provider could not take the role back afterwards.
          await roles.apply(tx, link, null);
          await linkStore.remove(tx, link);
          if (!(await hasWayIn(tx, userId))) throw LastWayIn({});
          await recordAct(host, tx, userId, "provider.unlinked", { actorId: userId, detail: link.providerId });
          await alerts.raise(tx, userId, "factor_changed", call);
        });
        return {};
      },
    },
  };
}
