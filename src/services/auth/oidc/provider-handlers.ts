import { type Call, callerOf, type Handlers, type Host, KinoraError } from "#kernel";
import { type auth, ProviderFailed, ProviderNotFound, SecondFactorNeeded } from "../contract.ts";
import type { Settings } from "../settings.ts";
import * as store from "../store.ts";
import { callbackPath } from "./callback-path.ts";
import { createFlows, type Flow } from "./flows.ts";
import { ProviderFault } from "./discovery.ts";
import { createIdentityProvider, type IdentityProvider } from "./identity-provider.ts";
import { createReturns, providerFailed } from "./returns.ts";
import * as linkStore from "../providers/link-store.ts";
import { createProviderLinks, type LinkParts } from "./provider-links.ts";
import { createProviderRoles } from "./provider-roles.ts";
import { createProviderSignIn, type SignInParts } from "./provider-sign-in.ts";

type Parts = Omit<LinkParts, "providers" | "roles"> & Omit<SignInParts, "links" | "roles">;
type Methods = "beginProviderSignIn" | "finishProviderFlow" | "linkProvider" | "confirmByProvider" | "unlinkProvider";

/** Sign-ins at providers of OpenID Connect, from the departure of a browser to its return. */
export function createProviderHandlers(
  host: Host<store.Tables, Settings>,
  parts: Parts,
): Pick<Handlers<typeof auth>, Methods> {
  const { db, log, now, settings } = host;
  const redirectUri = settings.address + callbackPath;
  const providers = new Map(
    settings.providers.map((provider) => [provider.id, createIdentityProvider(provider, { redirectUri, now })]),
  );
  const roles = createProviderRoles(host);
  const links = createProviderLinks(host, { ...parts, roles, providers: settings.providers });
  const signIn = createProviderSignIn(host, { ...parts, links, roles });
  const flows = createFlows(host);
  const returns = createReturns(host, links);

  function providerOf(id: string): IdentityProvider {
    const provider = providers.get(id);
    if (!provider) throw ProviderNotFound({});
    return provider;
  }

  /** @throws ProviderFailed in place of a fault, which is logged */
  async function reach<T>({ settings: { id, name } }: IdentityProvider, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ProviderFault)) throw error;
      log.warn("a provider did not sign in a user", { provider: id, why: error.message });
      throw providerFailed(name);
    }
  }

  /** Does what the browser came back for. */
  async function finish(flow: Flow, query: string, call: Call) {
    const provider = providerOf(flow.providerId);
    const answer = new URL(`${redirectUri}?${query}`);
    const user = await reach(provider, () => provider.identify(answer, flow.marks));
    const { invitation } = flow;
    if (flow.purpose === "sign_in")
      return { session: await signIn({ user, provider: provider.settings, invitation }, call) };
    if (flow.purpose === "fresh") await returns.confirm(flow, user, provider.settings);
    else await returns.link(flow, user, provider.settings, call);
    return {};
  }

  return {
    async beginProviderSignIn({ id, next, invitation }) {
      const provider = providerOf(id);
      return reach(provider, () => flows.begin(provider, { purpose: "sign_in", next, invitation }));
    },

    async linkProvider({ id, next }, call) {
      const provider = providerOf(id);
      return reach(provider, () => flows.begin(provider, { purpose: "link", next, ...departureOf(call) }));
    },

    async confirmByProvider({ id, next }, call) {
      const provider = providerOf(id);
      const held = await linkStore.ofUser(db, callerOf(call));
      if (!held.some(({ issuer }) => issuer === provider.issuer)) throw ProviderNotFound({});
      return reach(provider, () => flows.begin(provider, { purpose: "fresh", next, ...departureOf(call) }));
    },

    ...links.handlers,

    async finishProviderFlow({ flow: secret, query }, call) {
      const flow = await flows.take(new URLSearchParams(query).get("state") ?? "", secret);
      if (!flow) return { next: "/", isOnPage: false, problem: { code: ProviderFailed.code, provider: "" } };
      const isOnPage = flow.purpose !== "sign_in";
      const page = { next: flow.next, isOnPage };
      try {
        return { ...page, ...(await finish(flow, query, call)) };
      } catch (error) {
        if (!(error instanceof KinoraError)) throw error;
        const provider = providers.get(flow.providerId)?.settings.name ?? "";
        return { ...page, problem: { code: error.code, provider, ...stepOf(error) } };
      }
    },
  };
}

const departureOf = (call: Call) => ({
  userId: callerOf(call),
  ...(call.sessionId !== undefined && { sessionId: call.sessionId }),
});

/** The second step that a sign-in asks for. */
function stepOf({ code, details }: KinoraError): { ticket?: string; methods?: string[] } {
  if (code !== SecondFactorNeeded.code) return {};
  const { ticket, methods } = SecondFactorNeeded.details.parse(details).shown;
  return { ticket, methods };
}
