import type { HttpServer } from "#kernel/http/port";
import { auth } from "#services/auth/contract";
import type { ClientOf } from "../client-of.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import type { Admission } from "./admission.ts";

/** The keys by which anybody can verify access tokens. */
export const keySetRoutes: readonly RawRoute[] = [
  {
    verb: "GET",
    path: "/.well-known/jwks.json",
    group: "auth",
    scope: "any",
    name: "keySet",
    summary: "The public keys that verify access tokens (RFC 7517), those that sign soon and signed before among them.",
    answers: "application/json",
    credential: "header",
    auth: "public",
    rate: "read",
    kind: "query",
  },
];

const waitMs = 10_000;
/** A verifier that meets a key it does not know reads the set again, so it may be old. */
const maxAgeSeconds = 300;

export function keySet(
  server: HttpServer,
  { client, admission }: { readonly client: ClientOf; readonly admission: Admission },
): void {
  const declared = routeNamed(keySetRoutes, "keySet");
  server.route({
    method: ["GET", "HEAD"],
    url: declared.path,
    declared: "auth.keySet",
    service: "auth",
    async handler(request, reply) {
      const call = await admission.admit(declared, declared.group, request, reply, waitMs);
      const { items } = await client(auth).keys({}, call);
      const keys = items.map(({ kid, x }) => ({ kty: "OKP", crv: "Ed25519", alg: "EdDSA", use: "sig", kid, x }));
      return reply
        .type("application/json; charset=utf-8")
        .header("cache-control", `public, max-age=${maxAgeSeconds}`)
        .send(JSON.stringify({ keys }));
    },
  });
}
