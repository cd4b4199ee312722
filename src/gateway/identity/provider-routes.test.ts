import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { authPlugin } from "#services/auth/plugin";
import { userPlugin } from "#services/user/plugin";
import { configured, redirectUri } from "#services/auth/oidc/testing";
import { OidcServer } from "#test/servers/oidc-server";
import { TestGateway } from "../testing.ts";

describe("the way of a browser to a provider and back", () => {
  before(async () => {
    server = await OidcServer.start({ redirectUri });
    const away = { ...configured(server), id: "away", name: "Away & Co", issuer: "http://127.0.0.1:9" };
    edge = new TestGateway(
      async (host) => {
        await host.add(authPlugin);
        await host.add(userPlugin);
      },
      {},
      { auth: { providers: [configured(server), away] } },
    );
  });
  beforeEach(async () => {
    await edge.host.clear();
    server.user = { sub: "ada", preferred_username: "ada" };
  });
  after(async () => {
    await edge[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it("ends at the page that follows, with the session in cookies that no script reads (S6.3)", async () => {
    const start = await edge.ask("/api/v1/auth/oidc/school/start?next=/watch/7");
    assert.deepEqual([start.status, start.headers["cache-control"]], [302, "no-store"]);
    const [cookie = ""] = cookiesOf(start);
    assert.match(cookie, /^kinora_flow=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const query = await server.visit(String(start.headers["location"]));
    const finish = await edge.ask(`/api/v1/auth/oidc/callback?${query}`, { headers: { cookie: pairOf(cookie) } });
    assert.deepEqual([finish.status, finish.headers["location"]], [302, "/watch/7"]);
    const cookies = cookiesOf(finish);
    assert.deepEqual(cookies.map((text) => text.split("=")[0] ?? "").toSorted(), [
      "kinora_access",
      "kinora_device",
      "kinora_flow",
      "kinora_refresh",
    ]);
    assert.ok(cookies.some((text) => text.startsWith("kinora_flow=; ")));
    assert.ok(cookies.every((text) => text.includes("HttpOnly; SameSite=Lax")));
    const me = await edge.ask("/api/v1/auth/verify", {
      method: "POST",
      body: {},
      headers: { cookie: cookies.map(pairOf).join("; "), origin: "http://localhost:80", "x-kinora-session": "cookie" },
    });
    assert.deepEqual([me.status, me.data["methods"]], [200, ["provider"]], JSON.stringify(me.body));
  });

  it("ignores a cookie that was set before, and opens nothing without the one that it set", async () => {
    const planted = "kinora_flow=planted";
    const start = await edge.ask("/api/v1/auth/oidc/school/start", { headers: { cookie: planted } });
    assert.notEqual(pairOf(cookiesOf(start)[0] ?? ""), planted);
    const query = await server.visit(String(start.headers["location"]));
    for (const cookie of [planted, ""]) {
      const finish = await edge.ask(`/api/v1/auth/oidc/callback?${query}`, { headers: { cookie } });
      assert.deepEqual([finish.status, finish.headers["location"]], [302, "/login#error=auth.provider_failed"]);
      assert.ok(!cookiesOf(finish).some((text) => text.includes("kinora_access")));
    }
  });

  it("leads to pages of this site alone (S6.5)", async () => {
    for (const next of ["//evil.example", "%2F%2Fevil.example", "/%5Cevil.example", "https:%2F%2Fevil.example"]) {
      const start = await edge.ask(`/api/v1/auth/oidc/school/start?next=${next}`);
      const query = await server.visit(String(start.headers["location"]));
      const cookie = pairOf(cookiesOf(start)[0] ?? "");
      const finish = await edge.ask(`/api/v1/auth/oidc/callback?${query}`, { headers: { cookie } });
      assert.equal(finish.headers["location"], "/", next);
    }
  });

  it("leads to the page for logging in with a code behind the `#` where it fails", async () => {
    for (const [path, location] of [
      ["/away/start", "/login#error=auth.provider_failed&provider=Away%20%26%20Co"],
      ["/away/start?next=/upload", "/login#error=auth.provider_failed&provider=Away%20%26%20Co&next=%2Fupload"],
      ["/unknown/start", "/login#error=auth.provider_not_found"],
      ["/callback?error=access_denied&state=x", "/login#error=auth.provider_failed"],
      ["/callback", "/login#error=auth.provider_failed"],
    ] as const) {
      const { status, headers } = await edge.ask(`/api/v1/auth/oidc${path}`);
      assert.deepEqual([status, headers["location"]], [302, location]);
    }
    const start = await edge.ask("/api/v1/auth/oidc/school/start?next=/upload");
    const query = new URLSearchParams(await server.visit(String(start.headers["location"])));
    query.set("code", "another");
    const finish = await edge.ask(`/api/v1/auth/oidc/callback?${query.toString()}`, {
      headers: { cookie: pairOf(cookiesOf(start)[0] ?? "") },
    });
    assert.equal(finish.headers["location"], "/login#error=auth.provider_failed&provider=School&next=%2Fupload");
  });

  it("begins for a link with a cookie, and without the secret in the answer", async () => {
    const { data } = await edge.ask("/api/v1/users/register", {
      method: "POST",
      body: { username: "grace", password: "correct horse" },
    });
    const token = String(data["token"]);
    const link = await edge.ask("/api/v1/auth/oidc/school/link", { method: "POST", body: {}, token });
    assert.deepEqual([link.status, Object.keys(link.data)], [200, ["url"]], JSON.stringify(link.body));
    const query = await server.visit(String(link.data["url"]));
    const finish = await edge.ask(`/api/v1/auth/oidc/callback?${query}`, {
      headers: { cookie: pairOf(cookiesOf(link)[0] ?? "") },
    });
    assert.equal(finish.headers["location"], "/settings/security");
    assert.ok(!cookiesOf(finish).some((text) => text.includes("kinora_access")));
    const away = await edge.ask("/api/v1/auth/oidc/away/link", { method: "POST", body: {}, token });
    assert.deepEqual([away.status, away.body["error"]], [503, "auth.provider_failed"]);
    assert.ok(Number(away.headers["retry-after"]) > 0);
    assert.ok(!JSON.stringify(away.body).includes("127.0.0.1"));
    const factors = await edge.ask("/api/v1/auth/factors", { token });
    assert.deepEqual(
      (factors.data["providers"] as { id: string; subject_hint: string }[]).map(({ id, subject_hint: hint }) => [
        id,
        hint,
      ]),
      [["school", "ada"]],
    );
  });
});

let server: OidcServer;
let edge: TestGateway;
const cookiesOf = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string[] =>
  [headers["set-cookie"] ?? []].flat().map(String);
const pairOf = (cookie: string): string => cookie.split(";")[0] ?? "";
