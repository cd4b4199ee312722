import { KinoraError } from "#kernel";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { nextPath } from "#policy/paths/next-path";
import { auth, type ProviderProblem } from "#services/auth/contract";
import type { z } from "zod";
import type { ClientOf } from "../client-of.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import type { Admission } from "./admission.ts";
import { deviceOf, readCookie, setFlow, setSession } from "./cookie.ts";

const ofBrowsers = {
  verb: "GET",
  group: "auth",
  scope: "any",
  answers: "text/html",
  // The cookie of the way there says who comes back; a session of before says nothing.
  credential: "header",
  auth: "public",
  rate: "login",
  kind: "query",
} as const;

/** Pages of a browser that signs in with a provider: both lead on to another one. */
export const providerRoutes: readonly RawRoute[] = [
  {
    ...ofBrowsers,
    path: "/api/v1/auth/oidc/:id/start",
    name: "startOidc",
    summary:
      "Leads a browser to a provider of OpenID Connect to sign in, and sets a cookie by which it is known when it comes back. `next` is the path of the page that follows.",
    query: ["next", "invitation"],
  },
  {
    ...ofBrowsers,
    path: "/api/v1/auth/oidc/callback",
    name: "finishOidc",
    summary:
      "Where providers send browsers back to: leads to the page that follows, with the session in cookies, or to `/login#error=` with a code.",
    query: ["code", "state", "iss", "error"],
  },
];

/** A provider is asked up to four times, each within four seconds. */
const waitMs = 20_000;
type Problem = z.output<typeof ProviderProblem>;

export function serveProviders(
  server: HttpServer,
  { client, admission }: { readonly client: ClientOf; readonly admission: Admission },
): void {
  const start = routeNamed(providerRoutes, "startOidc");
  server.route({
    method: "GET",
    url: start.path,
    declared: "auth.startOidc",
    service: "auth",
    async handler(request, reply) {
      const call = await admission.admit(start, start.group, request, reply, waitMs);
      const next = nextPath(textOf(request, "next"));
      const invitation = textOf(request, "invitation");
      const input = { id: request.params["id"] ?? "", next, ...(invitation !== undefined && { invitation }) };
      try {
        const { url, flow } = await client(auth).beginProviderSignIn(input, call);
        setFlow(request, reply, flow);
        return redirect(reply, url);
      } catch (error) {
        // A browser is here, and no program: it gets a page that says what is wrong.
        if (!(error instanceof KinoraError)) throw error;
        const { shown } = error.details as { readonly shown?: { readonly provider?: string } }; // ProviderFailed has it.
        return redirect(reply, loginPage({ code: error.code, provider: shown?.provider ?? "" }, next));
      }
    },
  });

  const finish = routeNamed(providerRoutes, "finishOidc");
  server.route({
    method: "GET",
    url: finish.path,
    declared: "auth.finishOidc",
    service: "auth",
    async handler(request, reply) {
      const call = await admission.admit(finish, finish.group, request, reply, waitMs);
      const device = deviceOf(request);
      const [, query = ""] = request.url.split("?");
      const flow = readCookie(request, "flow") ?? "";
      const { next, isOnPage, session, problem } = await client(auth).finishProviderFlow(
        { flow: flow.slice(0, 400), query: query.slice(0, 8_000) },
        { ...call, device },
      );
      setFlow(request, reply, undefined);
      if (session !== undefined) setSession(request, reply, session, device);
      if (problem === undefined) return redirect(reply, next);
      return redirect(reply, isOnPage ? `${next}#${fragmentOf(problem)}` : loginPage(problem, next));
    },
  });
}

const redirect = (reply: HttpReply, location: string): HttpReply =>
  reply.code(302).headers({ location, "cache-control": "no-store", "referrer-policy": "no-referrer" }).send();

const loginPage = (problem: Problem, next: string): string =>
  `/login#${fragmentOf(problem)}${next === "/" ? "" : `&next=${encodeURIComponent(next)}`}`;

/** Behind the `#`, so that it is in no log. */
function fragmentOf({ code, provider, ticket, methods }: Problem): string {
  const fields = { error: code, provider, ticket: ticket ?? "", methods: methods?.join(",") ?? "" };
  return Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

function textOf({ query }: HttpRequest, name: string): string | undefined {
  const value = query[name];
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : undefined;
}
