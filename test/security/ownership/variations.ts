import fc from "fast-check";
import type { ForeignRequest } from "./foreign-ids.ts";
import type { Account, Verb } from "../../platform/platform.ts";

export type Vary = (request: ForeignRequest) => ForeignRequest;

const fullWidth = (digits: string) =>
  encodeURIComponent(digits.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))));

/** The ways to write an id in a path: its neighbours, other spellings of the number, and paths around it. */
const spellings: readonly ((id: string) => string)[] = [
  (id) => String(Number(id) + 1),
  (id) => String(Number(id) - 1),
  (id) => `-${id}`,
  (id) => `0${id}`,
  (id) => `+${id}`,
  (id) => `%20${id}`,
  (id) => `${id}%20`,
  (id) => `${id}%00`,
  (id) => `${id}%0a`,
  (id) => `${id}.0`,
  (id) => `${id}e0`,
  (id) => `0x${Number(id).toString(16)}`,
  fullWidth,
  (id) => `${id},1`,
  (id) => `1,${id}`,
  (id) => `${id}%2f`,
  (id) => `${id}%2f..%2f${id}`,
  (id) => `1/../${id}`,
  (id) => `1%2f..%2f${id}`,
  (id) => `.;/${id}`,
  (id) => `${id};x=1`,
  (id) => `${id}.json`,
  (id) => [...id].map((digit) => `%${digit.charCodeAt(0).toString(16)}`).join(""),
  (id) => [...id].map((digit) => `%25${digit.charCodeAt(0).toString(16)}`).join(""),
];
const paths: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.replaceAll("/", "//"),
  (path) => path.toUpperCase(),
  (path) => path.replace("/api/", "/API/"),
  (path) => path.replace("/api/", "/%61pi/"),
  (path) => path.replace("/v1/", "/v1/./"),
  (path) => path.replace("/v1/", "/v1/x/../"),
  (path) => path.replace("/v1/", "/v1%2f"),
  (path) => `${path}%23`,
  (path) => `${path}%3f`,
  (path) => `/health/..${path}`,
];

const methods: readonly Verb[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const withHeaders =
  (headers: Readonly<Record<string, string>>): Vary =>
  (request) => ({ ...request, headers: { ...request.headers, ...headers } });
const withQuery =
  (query: string): Vary =>
  (request) => ({ ...request, url: `${request.url}${request.url.includes("?") ? "&" : "?"}${query}` });
const withFields =
  (fields: Readonly<Record<string, unknown>>): Vary =>
  (request) =>
    request.body === undefined || Buffer.isBuffer(request.body)
      ? request
      : { ...request, body: { ...request.body, ...fields } };

/** A change of a request that no server should be moved by. The ids and names of `victim` are claimed in it. */
export function variations(victim: Account): fc.Arbitrary<Vary> {
  const respelled = fc.constantFrom(...spellings).map(
    (spell): Vary =>
      (request) => {
        if (!request.isInPath) return request;
        return { ...request, url: request.url.replace(`/${request.target.value}`, `/${spell(request.target.value)}`) };
      },
  );
  const moved = fc.constantFrom(...paths).map(
    (move): Vary =>
      (request) => {
        const [path = "", query] = request.url.split("?");
        return { ...request, url: query === undefined ? move(path) : `${move(path)}?${query}` };
      },
  );
  // On a thing for all, another method may be what strangers are allowed.
  const asked = fc.constantFrom(...methods).map(
    (verb): Vary =>
      (request) =>
        request.target.isPrivate || verb === "HEAD" ? { ...request, verb } : request,
  );
  const overridden = fc
    .tuple(
      fc.constantFrom("x-http-method-override", "x-http-method", "x-method-override"),
      fc.constantFrom("DELETE", "PUT", "PATCH", "GET"),
    )
    .map(([name, method]) => withHeaders({ [name]: method }));
  const claimed = fc
    .constantFrom(
      { "x-user-id": String(victim.id) },
      { "x-forwarded-user": victim.name },
      { "x-remote-user": victim.name },
      { "x-forwarded-for": "127.0.0.1" },
      { "x-real-ip": "127.0.0.1", forwarded: "for=127.0.0.1" },
      { "x-original-url": "/api/v1/users/me" },
      { "x-rewrite-url": "/api/v1/auth/sessions" },
      { "x-kinora-user": String(victim.id), "x-kinora-caller": "gateway" },
      { cookie: `kinora_access=${victim.id}; user_id=${victim.id}` },
      { host: "localhost", origin: "http://localhost" },
      { accept: "text/html", "content-type": "application/json; charset=utf-16" },
    )
    .map((headers) => withHeaders(headers as Record<string, string>)); // Each is a list of texts.
  const queried = fc
    .constantFrom(
      `user_id=${victim.id}`,
      `id=${victim.id}`,
      "_method=DELETE",
      `owner_id=${victim.id}&as=${victim.name}`,
      "include=private&visibility=private&all=true",
      "id=1&id=2",
      "id[]=1",
      "page_size=100&page_size=100",
      "admin=true&role=admin",
    )
    .map(withQuery);
  const added = fc
    .constantFrom(
      { user_id: victim.id, owner_id: victim.id },
      { id: victim.id },
      { is_admin: true, role: "admin" },
      { as: victim.name, on_behalf_of: victim.id },
      { ids: [[]], media_id: [1], video_id: { id: 1 } },
      { folder_id: "1", parent_id: "1" },
      { media_id: 1.5, video_id: "1e0" },
    )
    .map(withFields);
  const one = fc.oneof(respelled, respelled, moved, asked, overridden, claimed, queried, added);
  return fc.array(one, { minLength: 1, maxLength: 2 }).map(
    (all): Vary =>
      (request) =>
        all.reduce((at, vary) => vary(at), request),
  );
}
