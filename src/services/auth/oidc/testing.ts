import { type Call } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { oidcClient, type OidcServer } from "#test/servers/oidc-server";
import { auth } from "../contract.ts";

export const address = "http://localhost:8080";
export const redirectUri = `${address}/api/v1/auth/oidc/callback`;

/** A provider of the configuration. */
export const configured = (server: OidcServer, parts: object = {}) => ({
  id: "school",
  name: "School",
  issuer: server.issuer,
  ...oidcClient,
  ...parts,
});

const service = (parts: Partial<Call> = {}) => callOf(undefined, { caller: "gateway", ...parts });

/** A browser that goes to a provider and comes back. */
export const createBrowser = (host: TestHost) => {
  const client = host.client(auth);
  return {
    begin: (id = "school", parts: { next?: string; invitation?: string } = {}) =>
      client.beginProviderSignIn({ id, next: "/", ...parts }, service()),

    finish: (flow: string, query: string, parts: Partial<Call> = {}) =>
      client.finishProviderFlow({ flow, query }, service(parts)),

    /** Signs in as the user of the provider. */
    async signIn(server: OidcServer, id = "school", parts: { next?: string; invitation?: string } = {}) {
      const { url, flow } = await this.begin(id, parts);
      return this.finish(flow, await server.visit(url));
    },

    async link(server: OidcServer, call: Call, id = "school") {
      const { url, flow = "" } = await client.linkProvider({ id }, call);
      return this.finish(flow, await server.visit(url));
    },
  };
};
