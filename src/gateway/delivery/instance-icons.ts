import type { HttpServer } from "#kernel/http/port";
import { IconName, IconNotFound, instance } from "#services/instance/contract";
import type { ClientOf } from "../client-of.ts";
import type { Admission } from "../identity/admission.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";

/** The icon of the instance. */
export const instanceRoutes: readonly RawRoute[] = [
  {
    verb: "GET",
    path: "/api/v1/instance/icons/:name",
    group: "instance",
    scope: "any",
    name: "iconFile",
    summary: "A file of the icon of this instance: `icon.svg`, `icon-192.png`, `icon-512.png`, `maskable-512.png`.",
    answers: "image/png",
    auth: "public",
    rate: "media",
    kind: "query",
  },
];

const waitMs = 10_000;

/** The files of the icon. Their addresses name their content in `v`, so that browsers keep them. */
export function instanceIcons(
  server: HttpServer,
  { client, admission }: { readonly client: ClientOf; readonly admission: Admission },
): void {
  const route = routeNamed(instanceRoutes, "iconFile");
  server.route({
    method: ["GET", "HEAD"],
    url: route.path,
    declared: "instance.iconFile",
    service: "instance",
    async handler(request, reply) {
      const call = await admission.admit(route, route.group, request, reply, waitMs);
      const { data: name } = IconName.safeParse(request.params["name"]);
      const { mime, bytes } = name === undefined ? {} : await client(instance).icon({ name }, call);
      if (mime === undefined || bytes === undefined) throw IconNotFound({});
      reply.type(mime).headers({
        "cache-control": "public, max-age=86400",
        // Drawn here; opened alone, an SVG runs nothing.
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      });
      return reply.send(Buffer.from(bytes));
    },
  });
}
