import type { RawRoute } from "../raw-route.ts";

export const tusBase = "/api/v1/tus";
const uploadPath = `${tusBase}/:id`;
const text = { group: "upload", scope: ["videos:write", "drive:write"], answers: "text/plain" } as const;
const signedIn = { ...text, auth: "user" } as const;

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
    ...signedIn,
    verb: "POST",
    path: tusBase,
    name: "tusCreate",
    summary: "Begins a tus 1.0 upload.",
    rate: "upload",
    kind: "command",
  },
  {
    ...signedIn,
    verb: "HEAD",
    path: uploadPath,
    name: "tusLook",
    summary: "How much of a tus upload is durable.",
    rate: "part",
    kind: "query",
  },
  {
    ...signedIn,
    verb: "PATCH",
    path: uploadPath,
    name: "tusAppend",
    summary: "Goes on with a tus upload at its offset.",
    rate: "part",
    kind: "command",
  },
  {
    ...signedIn,
    verb: "DELETE",
    path: uploadPath,
    name: "tusEnd",
    summary: "Gives a tus upload up.",
    rate: "upload",
    kind: "command",
  },
  {
    ...signedIn,
    verb: "POST",
    path: uploadPath,
    name: "tusOverride",
    summary: "PATCH or DELETE, as `X-HTTP-Method-Override` says.",
    rate: "part",
    kind: "command",
  },
];
