import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callerRates } from "#kernel/http/limits";
import { silentLog } from "#kernel/log/port";
import { authPlugin } from "#services/auth/plugin";
import { userPlugin } from "#services/user/plugin";
import { disposition } from "./delivery/object-response.ts";
import { MetricsAccess } from "./metrics-access.ts";
import { TestGateway } from "./testing.ts";

describe("the public port", () => {
  before(async () => void (await edge.app));
  beforeEach(() => edge.host.clear());
  after(() => edge[Symbol.asyncDispose]());

  it("wraps an answer in the envelope, with snake_case fields and ISO timestamps", async () => {
    const { status, body, data } = await register("Mira");
    assert.deepEqual([status, body["code"], body["message"]], [200, 0, "success"]);
    assert.deepEqual(Object.keys(data).toSorted(), ["expires_at", "refresh_token", "role", "token", "user", "user_id"]);
    assert.match(String(data["expires_at"]), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.equal(typeof data["user_id"], "number");
    const user = data["user"] as Record<string, unknown>;
    assert.deepEqual(
      [user["username"], user["is_followed"], user["video_count"], user["email"]],
      ["Mira", false, 0, ""],
    );
  });

  it("answers a failure with its real status, error code and trace id", async () => {
    const { status, body, headers } = await edge.ask("/api/v1/users/7", { headers: { "x-request-id": "abc-1" } });
    assert.equal(status, 404);
    assert.equal(headers["x-request-id"], "abc-1");
    const { trace_id, ...rest } = body;
    assert.match(String(trace_id), /^[0-9a-f]{32}$/);
    assert.deepEqual(rest, { code: 404, message: "no such user", data: null, error: "user.not_found" });
  });

  it("names the fields of a refused input as the client spelled them", async () => {
    const { data } = await register("Mira");
    const { status, body } = await edge.ask("/api/v1/users/me", {
      method: "PUT",
      token: String(data["token"]),
      body: { background_image: "javascript:1", show_likes: "yes" },
    });
    const fields = (body["errors"] as { field: string }[]).map(({ field }) => field);
    assert.deepEqual(
      [status, body["error"], fields.toSorted()],
      [400, "kernel.invalid_input", ["background_image", "show_likes"]],
    );
  });

  it("resolves `me` to the signed-in user, and answers 401 without a token", async () => {
    const { data } = await register("Mira");
    const own = await edge.ask("/api/v1/users/me", { token: String(data["token"]) });
    assert.deepEqual([own.status, own.data["id"]], [200, data["user_id"]]);
    assert.equal((await edge.ask("/api/v1/users/me")).status, 401);
    assert.equal((await edge.ask("/api/v1/users/abc")).status, 400);
    assert.equal((await edge.ask(`/api/v1/users/${"9".repeat(20)}`)).status, 400);
  });

  it("refuses every kind of forged token, even on a route that needs no token (S3.2)", async () => {
    const { data } = await register("Mira");
    const good = String(data["token"]);
    const [header = "", payload = "", signature = ""] = good.split(".");
    const forge = (changes: object, part = payload) => {
      const claims = { ...(JSON.parse(Buffer.from(part, "base64url").toString()) as object), ...changes };
      return Buffer.from(JSON.stringify(claims)).toString("base64url");
    };
    const forged = [
      `${forge({ alg: "none" }, header)}.${payload}.`,
      `${header}.${payload}.`,
      `${header}.${forge({ sub: "1" })}.${signature}`,
      `${header}.${forge({ exp: 4_000_000_000 })}.${signature}`,
      `${forge({ alg: "HS256" }, header)}.${payload}.${signature}`,
      `${forge({ kid: "x" }, header)}.${payload}.${signature}`,
      `${forge({ jwk: { kty: "OKP", crv: "Ed25519", x: "AAAA" } }, header)}.${payload}.${signature.replace(/^./, (c) => (c === "A" ? "B" : "A"))}`,
      String(data["refresh_token"]),
      "x",
      `${good}x`,
    ];
    for (const token of forged) {
      const answer = await edge.ask(`/api/v1/users/${String(data["user_id"])}`, { token });
      assert.deepEqual([answer.status, answer.body["error"]], [401, "auth.bad_token"], token);
    }
    assert.equal((await edge.ask(`/api/v1/users/${String(data["user_id"])}`, { token: good })).status, 200);
    assert.equal((await edge.ask("/api/v1/users/1", { headers: { authorization: "Basic eDp4" } })).status, 401);
  });

  it("refuses a token immediately after its session ends", async () => {
    const token = String((await register("Mira")).data["token"]);
    assert.equal((await edge.ask("/api/v1/users/me", { token })).status, 200);
    assert.equal((await edge.ask("/api/v1/users/logout", { method: "POST", token, body: {} })).status, 200);
    assert.equal((await edge.ask("/api/v1/users/me", { token })).status, 401);
  });

  it("keeps the web app's session in cookies that no script can read (S6.3)", async () => {
    const inCookies = { "x-kinora-session": "cookie" };
    const response = await edge.ask("/api/v1/users/register", {
      method: "POST",
      body: { username: "Mira", password: "sesame" },
      headers: inCookies,
    });
    assert.deepEqual(["token" in response.data, "refresh_token" in response.data], [false, false]);
    const set = response.headers["set-cookie"] as string[];
    for (const cookie of set) assert.match(cookie, /; HttpOnly; SameSite=Lax;/);
    const cookie = set.map((one) => one.split(";")[0]).join("; ");
    assert.equal((await edge.ask("/api/v1/users/me", { headers: { cookie } })).status, 200);
    const change = (headers: Record<string, string>) =>
      edge.ask("/api/v1/users/me", {
        method: "PUT",
        body: { bio: "x" },
        headers: { cookie, host: "kinora.test", ...headers },
      });
    assert.equal((await change({ origin: "http://kinora.test" })).status, 200);
    assert.equal((await change({ origin: "http://evil.test" })).body["error"], "gateway.wrong_origin");
    assert.equal((await change({ "sec-fetch-site": "cross-site" })).status, 403);
    assert.equal((await change({})).status, 403);
    const again = await edge.ask("/api/v1/auth/refresh", {
      method: "POST",
      body: {},
      headers: { cookie, "sec-fetch-site": "same-origin", ...inCookies },
    });
    assert.equal(again.status, 200);
    assert.equal((await edge.ask("/api/v1/auth/refresh", { method: "POST", body: {} })).status, 400);
  });

  it("answers 404 for unknown paths, 405 with the methods for known ones", async () => {
    const unknown = await edge.ask("/api/v1/lives");
    assert.deepEqual([unknown.status, unknown.body["error"], unknown.body["code"]], [404, "gateway.no_route", 404]);
    const wrong = await edge.ask("/api/v1/users/login");
    assert.deepEqual(
      [wrong.status, wrong.body["error"], wrong.headers["allow"]],
      [405, "gateway.wrong_method", "POST"],
    );
    assert.equal((await edge.ask("/ping", { method: "POST", body: {} })).status, 405);
  });

  it("answers 400 for a JSON body that is not an object", async () => {
    const post = (body: string) => edge.ask("/api/v1/users/login", { method: "POST", body, headers: json });
    for (const body of ["[1]", "null", "1", '"a"'])
      assert.deepEqual(
        [(await post(body)).status, (await post(body)).body["error"]],
        [400, "gateway.bad_request"],
        body,
      );
    assert.equal((await post(JSON.stringify({ username: "a", password: "b" }))).status, 401);
  });

  it("ignores fields that a client may not set, such as role, id and counts (S1.3)", async () => {
    const response = await edge.ask("/api/v1/users/register", {
      method: "POST",
      body: {
        username: "Mira",
        password: "sesame",
        role: "admin",
        user_id: 1,
        is_demo: true,
        is_verified: true,
        created_at: "2020-01-01T00:00:00Z",
      },
    });
    const user = response.data["user"] as Record<string, unknown>;
    assert.deepEqual([response.data["role"], user["role"], user["is_verified"]], ["user", "user", false]);
    const changed = await edge.ask("/api/v1/users/me", {
      method: "PUT",
      token: String(response.data["token"]),
      body: { role: "admin", like_count: 9, username: "boss", id: 1 },
    });
    assert.deepEqual([changed.data["role"], changed.data["like_count"], changed.data["username"]], ["user", 0, "Mira"]);
  });

  it("shows metrics to direct loopback peers and administrators alone (S8.4)", async () => {
    const { data } = await register("Mira");
    const app = await edge.app;
    const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
      app.inject({ url: "/metrics", remoteAddress, headers }).then(({ statusCode }) => statusCode);
    assert.equal(await from("127.0.0.1"), 200);
    assert.equal(await from("::1"), 200);
    assert.equal(await from("203.0.113.9"), 403);
    assert.equal(await from("203.0.113.9", { authorization: `Bearer ${String(data["token"])}` }), 403);
    const forwarding = [
      "x-forwarded-for",
      "x-forwarded",
      "forwarded",
      "forwarded-for",
      "via",
      "x-real-ip",
      "x-client-ip",
    ];
    for (const header of [...forwarding, "true-client-ip", "cf-connecting-ip", "x-original-forwarded-for"])
      assert.equal(await from("127.0.0.1", { [header]: "127.0.0.1" }), 403, header);
    for (const host of ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"])
      assert.equal(await from("127.0.0.1", { host }), 200, host);
    // The name of a page whose address was made to be this machine (DNS rebinding).
    for (const host of ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example"])
      assert.equal(await from("127.0.0.1", { host }), 403, host);
  });

  it("shows metrics to direct peers of configured networks, by whatever name they use, and to the token (S8.4)", async () => {
    await using open = new TestGateway((host) => host.add(authPlugin), {
      metricsAccess: new MetricsAccess({
        networks: ["10.1.0.0/16", "2001:db8::/32"],
        token: { matches: async (text) => text === "the-token" },
      }),
      trustedProxies: ["10.1.0.0/16"],
    });
    const app = await open.app;
    const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
      app.inject({ url: "/metrics", remoteAddress, headers }).then(({ statusCode }) => statusCode);
    const host = "kinora-video.kinora.svc:8002";
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::7"])
      assert.equal(await from(address, { host }), 200);
    for (const address of ["10.2.0.1", "203.0.113.9", "2001:db9::7"]) assert.equal(await from(address, { host }), 403);
    assert.equal(await from("127.0.0.1"), 200);
    assert.equal(await from("127.0.0.1", { host }), 403);
    // A stranger behind a proxy of this network, whichever address they claim.
    for (const header of ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
      for (const value of ["203.0.113.9", "10.1.2.3", "127.0.0.1"])
        assert.equal(await from("10.1.2.3", { host, [header]: value }), 403, header);
    const forwarded = { "x-forwarded-for": "203.0.113.9" };
    assert.equal(await from("203.0.113.9", { authorization: "Bearer the-token" }), 200);
    assert.equal(await from("10.1.2.3", { ...forwarded, authorization: "bearer the-token" }), 200);
    for (const authorization of ["Bearer another-token", "Basic the-token", "the-token"])
      assert.ok([401, 403].includes(await from("203.0.113.9", { authorization })), authorization);
  });

  it("answers on every route that its OpenAPI document names (S1.2)", async () => {
    const { body } = await edge.ask("/openapi.json");
    const paths = body["paths"] as Record<string, Record<string, unknown>>;
    assert.equal(body["openapi"], "3.1.0");
    const rows = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => [verb.toUpperCase(), path] as const),
    );
    assert.ok(rows.length > 15);
    for (const [verb, path] of rows) {
      const answer = await edge.ask(path.replaceAll(/\{(\w+)\}/g, "1"), {
        method: verb as "GET",
        ...(verb === "GET" || verb === "DELETE" ? {} : { body: {} }),
      });
      assert.notEqual(answer.body["error"], "gateway.no_route", `${verb} ${path}`);
      assert.ok(answer.status < 500 || answer.status === 503, `${verb} ${path} ${answer.status}`);
    }
  });

  it("limits log-ins per peer, ignores forwarding headers, and sends Retry-After with a 429", async () => {
    await using strict = new TestGateway((host) => host.add(authPlugin), {
      limits: callerRates({ read: 3, write: 3, costly: 3, login: 3, upload: 3, part: 3, media: 3 }),
      log: silentLog,
    });
    const login = (headers: Record<string, string> = {}) =>
      strict.ask("/api/v1/users/login", { method: "POST", body: { username: "nobody", password: "x" }, headers });
    const first = await login();
    assert.deepEqual([first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]], ["3", "2"]);
    await login();
    await login();
    // No header makes another source of one and the same peer (S3.4).
    const names = [
      "x-forwarded-for",
      "forwarded",
      "x-real-ip",
      "true-client-ip",
      "cf-connecting-ip",
      "x-client-ip",
      "via",
      "x-cluster-client-ip",
    ];
    for (const name of names) {
      const refused = await login({ [name]: "198.51.100.7" });
      assert.deepEqual([refused.status, refused.body["error"]], [429, "gateway.rate_limited"], name);
      assert.ok(Number(refused.headers["retry-after"]) >= 1);
    }
  });

  it("escapes any file name in Content-Disposition", () => {
    assert.equal(disposition('a"b\r\nc.mp4'), `attachment; filename="a_b__c.mp4"; filename*=UTF-8''a_b__c.mp4`);
    assert.equal(
      disposition("日落 (1).mp4"),
      `attachment; filename="__ (1).mp4"; filename*=UTF-8''%E6%97%A5%E8%90%BD%20%281%29.mp4`,
    );
    assert.equal(
      disposition("../../etc/passwd"),
      `attachment; filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd`,
    );
    // The cut does not fall into a character, and half of one from elsewhere is shown as such.
    assert.match(disposition(`${"a".repeat(254)}👍`), /filename\*=UTF-8''a{254}$/);
    assert.match(disposition("a\ud800b"), /filename\*=UTF-8''a%EF%BF%BDb$/);
  });
});

const edge = new TestGateway(async (host) => {
  await host.add(authPlugin);
  await host.add(userPlugin);
});
const register = (username: string) =>
  edge.ask("/api/v1/users/register", { method: "POST", body: { username, password: "sesame" } });
const json = { "content-type": "application/json" };
