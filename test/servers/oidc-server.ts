import type { webcrypto } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import OidcProvider from "oidc-provider";

/** The user who is signed in at the provider. */
export interface ProviderUser {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

interface Parts {
  /** By default browsers are sent back to any address: the port of an instance is not known before it starts. */
  readonly redirectUri?: string;
  /** The algorithms that the provider announces. */
  readonly algorithms?: readonly string[];
}

/** The client that the provider knows. */
export const oidcClient = { client_id: "kinora", client_secret: "a secret of the client" } as const;

/**
 * A certified provider on loopback. Everybody who comes is signed in as `user` without a question, and the answers of
 * its token endpoint can be altered.
 */
export class OidcServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #key: webcrypto.CryptoKey;
  readonly issuer: string;
  user: ProviderUser = { sub: "ada" };
  /** Changes an ID token on its way. */
  alter: ((token: string) => Promise<string> | string) | undefined;
  /** Changes the claims of ID tokens, which are signed again. */
  claims: ((claims: JWTPayload) => JWTPayload) | undefined;
  /** The paths of the requests so far. */
  readonly paths: string[] = [];

  private constructor(server: Server, key: webcrypto.CryptoKey) {
    this.#server = server;
    this.#key = key;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // It listens on a port.
  }

  static async start({ redirectUri, algorithms }: Parts = {}): Promise<OidcServer> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const self = new OidcServer(server, privateKey);
    const provider = new OidcProvider(self.issuer, {
      clients: [{ ...oidcClient, redirect_uris: [redirectUri ?? self.issuer] }],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "test", alg: "RS256", use: "sig" }] },
      cookies: { keys: ["one key of cookies"] },
      ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
      claims: {
        openid: ["sub"],
        profile: ["preferred_username", "name", "groups", "realm_access"],
        email: ["email", "email_verified"],
      },
      features: { devInteractions: { enabled: false } },
      findAccount: (_, accountId) => ({ accountId, claims: () => ({ ...self.user, sub: accountId }) }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      // Consent is not what is tested.
      async loadExistingGrant(ctx) {
        const { client, session } = ctx.oidc;
        const grant = new ctx.oidc.provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
        grant.addOIDCScope("openid profile email");
        await grant.save();
        return grant;
      },
    });
    if (redirectUri === undefined) provider.Client.prototype.redirectUriAllowed = () => true;
    provider.use(async (ctx, next) => {
      self.paths.push(ctx.path);
      if (ctx.path.startsWith("/interaction/"))
        return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: self.user.sub } });
      await next();
      const body = ctx.body as
        | { id_token?: string; id_token_signing_alg_values_supported?: readonly string[] }
        | undefined; // The body is JSON.
      if (ctx.path === "/token" && body?.id_token !== undefined) body.id_token = await self.#altered(body.id_token);
      if (ctx.path.endsWith("/openid-configuration") && body && algorithms)
        body.id_token_signing_alg_values_supported = algorithms;
      return undefined;
    });
    server.on("request", provider.callback());
    return self;
  }

  /** Signs claims as the provider does. */
  sign(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: "test" }).sign(this.#key);
  }

  async #altered(token: string): Promise<string> {
    const { claims, alter } = this;
    const signed = claims ? await this.sign(claims(claimsOf(token))) : token;
    return alter ? alter(signed) : signed;
  }

  /** Follows a browser from the address of the provider until it is sent back, and yields the query. */
  async visit(url: string): Promise<string> {
    const cookies = new Map<string, string>();
    for (let at = url; ; ) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(at, { redirect: "manual", headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [pair = ""] = line.split(";");
        cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
      }
      const location = answer.headers.get("location");
      if (location === null) throw new Error(`the provider answers ${answer.status}: ${await answer.text()}`);
      const next = new URL(location, at);
      if (next.origin !== this.issuer) return next.search.slice(1);
      at = next.href;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** The claims of a token, unverified. */
export const claimsOf = (token: string): JWTPayload =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as JWTPayload; // A JWT has an object.
