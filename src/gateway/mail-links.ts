import type { HttpServer } from "#kernel/http/port";
import { message } from "#services/message/contract";
import type { ClientOf } from "./client-of.ts";
import type { Admission } from "./identity/admission.ts";
import { type RawRoute, routeNamed } from "./raw-route.ts";

/** What mail programs ask for by themselves. */
export const mailRoutes: readonly RawRoute[] = [
  {
    verb: "POST",
    path: "/api/v1/notifications/end-mails",
    group: "mail",
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
  const route = routeNamed(mailRoutes, "endMails");
  server.route({
    method: "POST",
    url: route.path,
    declared: "mail.endMails",
    service: "message",
    takes: "any",
    async handler(request, reply) {
      const call = await admission.admit(route, route.group, request, reply, waitMs);
      const { token } = request.query;
      await client(message).endMails({ token: typeof token === "string" ? token.slice(0, 100) : "" }, call);
      return { code: 0, message: "success", data: {} };
    },
  });
}
