import type { Identity } from "../providers/link-store.ts";
import type { Provider } from "../providers/provider-list.ts";
import type { Claims } from "./claims.ts";
import { createDiscovery, fail, library, ProviderFault } from "./discovery.ts";

/** The texts by which the answer to a request is known; none of them is in the address bar but `state`. */
export interface Marks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}
export interface ProvenUser {
  readonly identity: Identity;
  readonly claims: Claims;
}

/** A provider of OpenID Connect, of which this instance is a client. */
export interface IdentityProvider {
  readonly settings: Provider;
  /** Its normal form, which identities are stored with. */
  readonly issuer: string;
  /** Reads what the provider says of itself. @throws {ProviderFault} */
  readonly reach: () => Promise<void>;
  /** The address that a browser signs in at. @throws {ProviderFault} */
  readonly authorizationUrl: (marks: Marks, isFresh: boolean) => Promise<string>;
  /** The user that an answer proves: the address that the browser came back to, with its query. @throws {ProviderFault} */
  readonly identify: (answer: URL, marks: Marks) => Promise<ProvenUser>;
}

interface Parts {
  readonly redirectUri: string;
  readonly now: () => number;
}
type IdToken = Claims & { readonly sub?: string; readonly iss?: string };

export function createIdentityProvider(settings: Provider, { redirectUri, now }: Parts): IdentityProvider {
  const issuer = new URL(settings.issuer).href;
  const discovery = createDiscovery(settings, now);
  return {
    settings,
    issuer,

    async reach() {
      await discovery();
    },

    authorizationUrl: async ({ state, nonce, verifier }, isFresh) => {
      const oidc = await library();
      const url = oidc.buildAuthorizationUrl(await discovery(), {
        redirect_uri: redirectUri,
        scope: settings.scopes,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...(isFresh && { prompt: "login", max_age: "0" }),
      });
      return url.href;
    },

    async identify(answer, { state, nonce, verifier }) {
      const oidc = await library();
      const configuration = await discovery();
      const checks = {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      };
      const tokens = await oidc.authorizationCodeGrant(configuration, answer, checks).catch(fail);
      const idToken: IdToken = tokens.claims() ?? {};
      const identity = identityOf(idToken, settings, issuer);
      const isRich = configuration.serverMetadata().userinfo_endpoint !== undefined;
      const userInfo = isRich
        ? await oidc.fetchUserInfo(configuration, tokens.access_token, idToken.sub ?? "").catch(fail)
        : {};
      // The ID token is signed, and goes before.
      return { identity, claims: { ...userInfo, ...idToken } };
    },
  };
}

/** @throws {ProviderFault} for a token of another client or issuer, and for one without the subject */
function identityOf(idToken: IdToken, { client_id, subject_claim }: Provider, issuer: string): Identity {
  // OpenID Connect Core §3.1.3.7: a token that another client asked for. The library looks at it beside others alone.
  if (idToken["azp"] !== undefined && idToken["azp"] !== client_id)
    throw new ProviderFault("the token is of another client");
  // An issuer that stands for many, as of a cloud with tenants, would mix their users.
  if (idToken.iss === undefined || URL.parse(idToken.iss)?.href !== issuer)
    throw new ProviderFault("the issuer is another");
  const subject = idToken[subject_claim];
  if (typeof subject !== "string" || subject === "" || subject.length > 255)
    throw new ProviderFault(`the ID token has no claim ${subject_claim}`);
  return { issuer, subjectClaim: subject_claim, subject };
}
