import type { RawRoute } from "../raw-route.ts";

export const tusBase = "/api/v1/tus";
const one = `${tusBase}/:id`;
const text = { group: "upload", answers: "text/plain" } as const;
const own = { ...text, auth: "user" } as const;

/** tus 1.0, and what behind some proxies takes the place of PATCH and DELETE. */
export const tusRoutes: readonly RawRoute[] = [
  {
    ...text,
    verb: "OPTIONS",
    path: tusBase,
    name: "tusOptions",
    summary: "What of tus 1.0 is spoken here.",
    auth: "public",
    rate: "read",
    kind: "query",
  },
  {
    ...own,
    verb: "POST",
    path: tusBase,
    name: "tusCreate",
    summary: "Begins a tus 1.0 upload.",
    rate: "upload",
    kind: "command",
  },
  {
    ...own,
    verb: "HEAD",
    path: one,
    name: "tusLook",
    summary: "How much of a tus upload is durable.",
    rate: "part",
    kind: "query",
  },
  {
    ...own,
    verb: "PATCH",
    path: one,
    name: "tusAppend",
    summary: "Goes on with a tus upload at its offset.",
    rate: "part",
    kind: "command",
  },
  {
    ...own,
    verb: "DELETE",
    path: one,
    name: "tusEnd",
    summary: "Gives a tus upload up.",
    rate: "upload",
    kind: "command",
  },
  {
    ...own,
    verb: "POST",
    path: one,
    name: "tusOverride",
    summary: "PATCH or DELETE, as `X-HTTP-Method-Override` says.",
    rate: "part",
    kind: "command",
  },
];
