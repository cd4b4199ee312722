import type { HttpRequest, HttpServer } from "#kernel/http/port";
import { message } from "#services/message/contract";
import type { ClientOf } from "./client-of.ts";
import type { Admission } from "./identity/admission.ts";
import { type RawRoute, routeNamed } from "./raw-route.ts";

const path = "/api/v1/notifications/end-mails";

/** The link in the headers of mails. Some mail programs post to it, others open it in a browser. */
export const mailRoutes: readonly RawRoute[] = [
  {
    verb: "GET",
    path,
    group: "mail",
    scope: "any",
    name: "openEndMails",
    summary: "Leads to the page that ends the notification mails of a user once they confirm; changes nothing.",
    answers: "text/html",
    query: ["token"],
    credential: "header",
    auth: "public",
    rate: "read",
    kind: "query",
  },
  {
    verb: "POST",
    path,
    group: "mail",
    scope: "any",
    name: "endMails",
    summary: "Ends the notification mails of a user, by the token of one of them; without a sign-in (RFC 8058).",
    answers: "application/json",
    query: ["token"],
    takes: ["application/x-www-form-urlencoded", "application/json"],
    credential: "header",
    auth: "public",
    rate: "login",
    kind: "command",
  },
];

const waitMs = 10_000;

/** Its body says nothing that its address does not: it is not read. */
export function mailLinks(
  server: HttpServer,
  { client, admission }: { readonly client: ClientOf; readonly admission: Admission },
): void {
  const opened = routeNamed(mailRoutes, "openEndMails");
  server.route({
    method: "GET",
    url: path,
    declared: "mail.openEndMails",
    service: "message",
    async handler(request, reply) {
      await admission.admit(opened, opened.group, request, reply, waitMs);
      // Behind the `#`, so that neither this page's server nor another site reads the token.
      const location = `/end-mails#${encodeURIComponent(tokenOf(request))}`;
      return reply
        .code(303)
        .headers({ location, "cache-control": "no-store", "referrer-policy": "no-referrer" })
        .send();
    },
  });

  const route = routeNamed(mailRoutes, "endMails");
  server.route({
    method: "POST",
    url: path,
    declared: "mail.endMails",
    service: "message",
    takes: "any",
    async handler(request, reply) {
      const call = await admission.admit(route, route.group, request, reply, waitMs);
      await client(message).endMails({ token: tokenOf(request) }, call);
      return { code: 0, message: "success", data: {} };
    },
  });
}

function tokenOf({ query: { token } }: HttpRequest): string {
  return typeof token === "string" ? token.slice(0, 100) : "";
}
