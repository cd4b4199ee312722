import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { RawRoute } from "#gateway/raw-route";
import { rawRoutes } from "#gateway/raw-routes";
import { TestGateway } from "#gateway/testing";
import { authPlugin } from "#services/auth/plugin";
import {
  type Account,
  type Answered,
  clip,
  form,
  isWrite,
  type Operation,
  operationsOf,
  Platform,
  takesForm,
} from "../platform/platform.ts";

describe("the public port", () => {
  before(async () => {
    await platform.open();
    operations = operationsOf(await platform.document());
    mira = await platform.join();
    const response = await platform.upload(
      "/api/v1/videos",
      mira.token,
      { name: "a.mp4", bytes: await clip("one-frame.mp4") },
      { title: "Sea" },
    );
    const drawn = await platform.upload(
      "/api/v1/media/upload",
      mira.token,
      { name: "a.gif", bytes: await clip("animated.gif") },
      { purpose: "avatar" },
    );
    [videoId, pictureId] = [Number(response.data["id"]), Number(drawn.data["id"])];
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("accepts changes only as JSON, or as the form a route declares (S1.7)", async () => {
    const writes = operations.filter((operation) => isWrite(operation) && !rawOf(operation));
    assert.ok(writes.length >= 12);
    const { body: formed, headers } = form({ name: "a.gif", bytes: Buffer.from("GIF89a") }, { title: "x" });
    const others: readonly [string, Record<string, string>, string | Buffer][] = [
      ["text", { "content-type": "text/plain" }, "{}"],
      ["text that is JSON", { "content-type": "text/plain; application/json" }, '{"title":"x"}'],
      ["a plain form", { "content-type": "application/x-www-form-urlencoded" }, "title=x"],
      ["nothing named", {}, "{}"],
      ["JSON of another kind", { "content-type": "application/ld+json" }, "{}"],
      ["a list of types", { "content-type": "application/json, text/plain" }, "{}"],
      ["no type", { "content-type": ";" }, "{}"],
    ];
    const administrator = await platform.administrator();
    for (const operation of writes) {
      const url = addressOf(operation);
      // The refusal of a caller comes before any error of their input.
      const { token } = /^\/api\/v1\/(?:transfer|admin|moderation|instance|cache)/.test(url) ? administrator : mira;
      const ask = (given: Record<string, string>, body: string | Buffer) =>
        platform.ask(url, { method: operation.verb, token, headers: given, body });
      for (const [name, given, body] of others) {
        const { status } = await ask(given, body);
        // A protocol of its own has its own status for clients that do not speak it.
        const isRefused = status === 415 || status === 400 || (status === 412 && url.startsWith("/api/v1/tus"));
        assert.ok(isRefused, `${operation.verb} ${url} takes ${name}: ${status}`);
      }
      const isTus = url.startsWith("/api/v1/tus");
      if (!takesForm(operation))
        assert.equal((await ask(headers, formed)).status, isTus ? 412 : 415, `${operation.verb} ${url}`);
      for (const body of ["[]", "null", "1", '"x"', "[{}]"]) {
        const { status } = await ask({ "content-type": "application/json" }, body);
        // At an entry point that takes a form alone, the type is wrong before its content is.
        if (operation.verb !== "DELETE")
          assert.ok([400, 412, 415].includes(status), `${operation.verb} ${url} takes ${body}`);
      }
    }
  });

  it("refuses changes with cookies from another or an unknown origin (S1.7)", async () => {
    const { cookie } = await inCookies();
    let seen = 0;
    for (const operation of operations.filter((one) => isWrite(one) && !isCookieless(one) && !isLook(one))) {
      // Signing in is what nobody is signed in for; removing or leaving would end what the others need.
      if (/\/(?:logout|auth\/sessions)$/.test(operation.path)) continue;
      const url = addressOf(operation);
      const ask = (headers: Record<string, string>) =>
        platform.ask(url, {
          method: operation.verb,
          body: {},
          headers: { cookie, host: "kinora.test", "tus-resumable": "1.0.0", ...headers },
        });
      for (const headers of elsewhere) {
        const { status, body } = await ask(headers);
        const subject = `${operation.verb} ${url} ${JSON.stringify(headers)}`;
        // A form's route says that JSON is not its type; nothing is done either way.
        if (takesForm(operation) && status === 415) continue;
        assert.deepEqual([status, body["error"]], [403, "gateway.wrong_origin"], subject);
      }
      for (const headers of [{ origin: "http://kinora.test" }, { "sec-fetch-site": "same-origin" }]) {
        const { body } = await ask(headers);
        assert.notEqual(body["error"], "gateway.wrong_origin", `${operation.verb} ${url}`);
      }
      seen += 1;
    }
    assert.ok(seen >= 10, `${seen} routes`);
    // With a token of its own a request rides on nothing.
    const { status } = await platform.ask("/api/v1/users/me", {
      method: "PUT",
      token: mira.token,
      body: { bio: "x" },
      headers: { origin: "http://evil.test" },
    });
    assert.equal(status, 200);
  });

  it("ignores cookies in the compatible APIs, and refuses undeclared content types there (S1.7)", async () => {
    const { cookie } = await inCookies();
    let seen = 0;
    for (const operation of operations.filter(isCookieless)) {
      const url = addressOf(operation).replaceAll(/\{\w+\}/g, "1");
      const ask = (headers: Record<string, string>, body: string) =>
        platform.ask(url, { method: operation.verb, headers, ...(operation.verb !== "GET" && { body }) });
      const ours = { cookie, host: "kinora.test", origin: "http://kinora.test", "sec-fetch-site": "same-origin" };
      const { status, body } = await ask({ ...ours, "content-type": "application/json" }, "{}");
      const isUnknown =
        status === 401 ||
        body["code"] === (url === "/file/upload" ? 10_001 : 10_005) ||
        (url.startsWith("/douyin/") && body["status_code"] === 10_004);
      assert.ok(rawOf(operation)?.auth === "public" || isUnknown, `${operation.verb} ${url}: ${status}`);
      for (const type of ["text/plain", "application/ld+json", "application/json, text/plain"]) {
        const answer = await ask({ "content-type": type }, '{"username":"somebody","password":"something"}');
        const isRefused =
          answer.status >= 400 ||
          answer.status === 302 ||
          Number(answer.body["code"] ?? answer.body["status_code"]) !== 0;
        // A public route answers whatever its body.
        const isLooked = operation.verb === "GET" && rawOf(operation)?.auth === "public";
        assert.ok(isRefused || isLooked, `${operation.verb} ${url} takes ${type}`);
      }
      seen += 1;
    }
    assert.ok(seen >= 30, `${seen} routes`);
  });

  it("sets cookies HttpOnly and SameSite, and Secure behind a trusted HTTPS proxy (S6.3)", async () => {
    const plain = await inCookies();
    assert.equal(plain.set.length, 3);
    for (const one of plain.set)
      assert.match(one, /^kinora_(?:access|refresh|device)=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    await using proxied = new TestGateway((host) => host.add(authPlugin), { trustedProxies: ["10.0.0.1"] });
    const app = await proxied.app;
    const ask = (remoteAddress: string) =>
      app.inject({
        method: "POST",
        url: "/api/v1/users/register",
        payload: { username: `from ${remoteAddress}`, password: "correct horse" },
        headers: { "x-kinora-session": "cookie", "x-forwarded-proto": "https", "x-forwarded-host": "evil.test" },
        remoteAddress,
      });
    for (const one of (await ask("10.0.0.1")).headers["set-cookie"] as string[])
      assert.match(one, /^__Host-kinora_\w+=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/);
    // An untrusted proxy does not decide what connection or host this is.
    const stranger = await ask("203.0.113.9");
    for (const one of stranger.headers["set-cookie"] as string[]) assert.match(one, /^kinora_/);
    assert.doesNotMatch(stranger.payload, /evil/);
  });

  it("sends the protecting headers with every kind of answer (S6.1)", async () => {
    for (const [kind, answer] of await kinds()) {
      const { headers } = answer;
      const policy = String(headers["content-security-policy"]);
      assert.equal(headers["x-content-type-options"], "nosniff", kind);
      assert.ok(headers["referrer-policy"], kind);
      assert.match(policy, /default-src '(?:none|self)'/, kind);
      assert.doesNotMatch(policy, /script-src[^;]*'unsafe|script-src[^;]*\*/, kind);
      assert.match(String(headers["cache-control"]), /no-store|no-cache|immutable/, kind);
      if (kind.startsWith("page")) {
        // Only two inline parts are allowed, which the app ships; a description with a script adds none.
        const inline = (text: string) => `'self' 'sha256-${createHash("sha256").update(text).digest("base64")}'`;
        const [script, style] =
          kind === "page asset" ? ["'self'", "'self'"] : ["begin()", "body{margin:0}"].map(inline);
        assert.ok(policy.includes(`script-src ${script}; style-src ${style};`), `${kind}: ${policy}`);
        assert.match(policy, /object-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/, kind);
        // Hosts go live from a page; a page within a page of another site has no camera.
        assert.match(String(headers["permissions-policy"]), /camera=\((?:self)?\), microphone/, kind);
      } else assert.match(policy, /frame-ancestors 'none'|^sandbox; default-src 'none'$/, kind);
      if (kind.startsWith("error"))
        assert.deepEqual([answer.body["code"], answer.body["data"]], [answer.status, null], kind);
      // A user's answers are not cached.
      if (/API|error/.test(kind)) assert.equal(headers["cache-control"], "private, no-store", kind);
      assert.equal(headers["server"] ?? headers["x-powered-by"], undefined, kind);
    }
  });

  it("allows no other origin to read with a user's cookies (S6.3)", async () => {
    const { cookie } = await inCookies();
    for (const origin of ["http://evil.test", "null", "http://kinora.test.evil.test"])
      for (const [kind, { headers }] of await kinds({ origin, cookie })) {
        const allowed = headers["access-control-allow-origin"];
        assert.ok(allowed === undefined || allowed === "*", `${kind} reflects ${String(allowed)}`);
        assert.equal(headers["access-control-allow-credentials"], undefined, kind);
        if (allowed === "*") assert.match(kind, /playlist|segment|picture|cover/);
      }
  });

  it("uses no forwarded host in addresses, and keeps such answers out of shared caches (S3.6)", async () => {
    const evil = {
      "x-forwarded-host": "evil.test",
      "x-host": "evil.test",
      forwarded: "host=evil.test",
      "x-original-url": "/metrics",
    };
    const { text, headers } = await platform.ask(`/api/v1/videos/${videoId}`, { headers: evil });
    assert.doesNotMatch(text, /evil/);
    assert.equal(headers["cache-control"], "private, no-store");
    const playlist = await platform.ask(`/api/v1/streaming/${videoId}/master.m3u8`, { headers: { host: "evil.test" } });
    assert.doesNotMatch(playlist.text, /evil|https?:/);
  });
});

const platform = new Platform();
let operations: Operation[];
let mira: Account;
let videoId = 0;
let pictureId = 0;

/** The route of an operation that is no method of a service. */
const rawOf = ({ verb, path }: Operation): RawRoute | undefined =>
  rawRoutes.find((route) => route.verb === verb && route.path.replaceAll(/:(\w+)/g, "{$1}") === path);
const isCookieless = (operation: Operation): boolean => rawOf(operation)?.credential === "header";
const isLook = (operation: Operation): boolean => rawOf(operation)?.kind === "query";

const elsewhere: readonly Record<string, string>[] = [
  { origin: "http://evil.test" },
  { origin: "https://kinora.test" },
  { origin: "http://kinora.test:81" },
  { origin: "http://kinora.test.evil.test" },
  { origin: "http://evilkinora.test" },
  { origin: "null" },
  { origin: "" },
  { origin: "http://evil.test", "sec-fetch-site": "same-origin" },
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "none" },
  { referer: "http://kinora.test/" },
  {},
];

const addressOf = ({ verb, path }: Operation): string =>
  path.replace(
    "{id}",
    path.includes("/users/") ? "me" : String(verb === "DELETE" ? 5 : path.includes("/media/") ? pictureId : videoId),
  );

/** A session as the web app keeps it. */
async function inCookies(): Promise<{ set: string[]; cookie: string }> {
  const { headers } = await platform.ask("/api/v1/users/login", {
    method: "POST",
    body: { username: mira.name, password: "correct horse" },
    headers: { "x-kinora-session": "cookie" },
  });
  const set = headers["set-cookie"] as string[]; // Two cookies, so a list.
  return { set, cookie: set.map((one) => one.split(";")[0]).join("; ") };
}

/** One answer of every kind the port gives. */
async function kinds(headers: Record<string, string> = {}): Promise<[string, Answered][]> {
  const ask = (path: string, more: object = {}) => platform.ask(path, { headers, ...more });
  const { text } = await platform.ask(`/api/v1/streaming/${videoId}/master.m3u8`);
  const profile = text.match(/^(\w+)\/index\.m3u8/m)?.[1] ?? "";
  const bytes = `/api/v1/streaming/${videoId}/g1`;
  const range = (asked: string) => ({ headers: { ...headers, range: asked } });
  const all: [string, number, Promise<Answered>][] = [
    ["page", 200, ask("/")],
    ["page of the app", 200, ask("/explore")],
    ["page at a path of none", 404, ask("/videos/7")],
    ["page asset", 200, ask("/assets/app-1234.js")],
    ["API", 200, ask(`/api/v1/videos/${videoId}`)],
    ["API of one's own", 200, ask("/api/v1/users/me", { token: mira.token })],
    [
      "API preflight, an error",
      404,
      ask("/api/v1/users/me", { method: "OPTIONS", headers: { ...headers, "access-control-request-method": "PUT" } }),
    ],
    ["error 400", 400, ask("/api/v1/users/x")],
    ["error 400 of an address", 400, ask("/api/v1/users/%")],
    ["error 404 of a long address", 404, ask(`/api/v1/users/${"1".repeat(500)}`)],
    ["error 401", 401, ask("/api/v1/users/me", { token: "x" })],
    ["error 404", 404, ask("/api/v1/users/7")],
    ["error 404 of a path", 404, ask("/api/v1/none")],
    ["error 404 of another method", 404, ask("/api/v1/none", { method: "POST", body: {} })],
    ["error 405", 405, ask("/api/v1/users/login")],
    [
      "error 415",
      415,
      ask("/api/v1/users/login", { method: "POST", body: "x", headers: { ...headers, "content-type": "text/plain" } }),
    ],
    ["error 404 of a stream", 404, ask("/api/v1/streaming/7/master.m3u8")],
    ["playlist", 200, ask(`/api/v1/streaming/${videoId}/master.m3u8`)],
    ["segment", 206, ask(`${bytes}/${profile}.mp4`, range("bytes=0-99"))],
    ["segment, whole", 200, ask(`${bytes}/${profile}.mp4`)],
    ["segment, beyond", 416, ask(`${bytes}/${profile}.mp4`, range("bytes=99999999-"))],
    ["segment, known", 304, ask(`${bytes}/${profile}.mp4`, { headers: { ...headers, "if-none-match": "*" } })],
    ["segment, asked about", 200, ask(`${bytes}/${profile}.mp4`, { method: "HEAD" })],
    ["cover", 200, ask(`${bytes}/cover.jpg`)],
    ["picture", 200, ask(`/api/v1/media/${pictureId}/picture`)],
    ["API of operators", 200, ask("/health")],
  ];
  const answers: [string, Answered][] = [];
  for (const [kind, status, asked] of all) {
    const answer = await asked;
    assert.equal(answer.status, status, kind);
    answers.push([kind, answer]);
  }
  return answers;
}
