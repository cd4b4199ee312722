import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { authPlugin } from "#services/auth/plugin";
import { permissionFor } from "./cross-origin.ts";
import { TestGateway } from "./testing.ts";

describe("a page of another origin", () => {
  before(async () => {
    base = await (await edge.app).listen({ host: "127.0.0.1", port: 0 }).then((port) => `http://127.0.0.1:${port}`);
  });
  after(() => edge[Symbol.asyncDispose]());

  it("reads what everybody may read, and may send nothing that names a user", async () => {
    const read = await ask("GET", "/api/v1/instance", { origin: "https://other.example" });
    assert.equal(read.headers.get("access-control-allow-origin"), "*");
    const preflight = (method: string, headers = "authorization") =>
      ask("OPTIONS", "/api/v1/users/me", {
        origin: "https://other.example",
        "access-control-request-method": method,
        "access-control-request-headers": headers,
      });
    const get = await preflight("GET");
    assert.doesNotMatch(get.headers.get("access-control-allow-headers") ?? "", /authorization/);
    assert.equal((await preflight("PUT")).headers.get("access-control-allow-origin"), null);
    const written = await ask("POST", "/api/v1/users/login", { origin: "https://other.example" });
    assert.equal(written.headers.get("access-control-allow-origin"), null);
  });

  it("may use the API and tus with a token where its origin is listed", async () => {
    for (const [path, method] of [
      ["/api/v1/users/me", "PUT"],
      ["/api/v1/tus", "POST"],
      ["/api/v1/tus/1", "PATCH"],
    ] as const) {
      const { status, headers } = await ask("OPTIONS", path, {
        origin: "https://app.example",
        "access-control-request-method": method,
        "access-control-request-headers": "authorization, tus-resumable, upload-offset",
      });
      assert.equal(status, 204);
      assert.equal(headers.get("access-control-allow-origin"), "https://app.example");
      assert.match(headers.get("access-control-allow-headers") ?? "", /authorization.*tus-resumable.*upload-offset/);
      assert.match(headers.get("access-control-allow-methods") ?? "", new RegExp(method));
      assert.equal(headers.get("vary"), "Origin");
    }
    const written = await ask("POST", "/api/v1/tus", { origin: "https://app.example", "tus-resumable": "1.0.0" });
    assert.equal(written.headers.get("access-control-allow-origin"), "https://app.example");
    assert.match(written.headers.get("access-control-expose-headers") ?? "", /upload-offset/);
    assert.equal(written.status, 401);
  });

  it("publishes and watches by WebRTC where its origin is listed, with a client that begins with OPTIONS", async () => {
    const origin = "https://app.example";
    for (const path of ["/api/v1/lives/1/whip", "/api/v1/lives/1/whep"]) {
      for (const method of ["OPTIONS", "POST"]) {
        const { status, headers } = await ask("OPTIONS", path, {
          origin,
          "access-control-request-method": method,
          "access-control-request-headers": "authorization,content-type",
        });
        assert.equal(status, 204);
        assert.ok(headers.get("access-control-allow-methods")?.split(", ").includes(method), method);
      }
      const { status, headers } = await ask("OPTIONS", path, { origin, authorization: "Bearer no-such-key" });
      assert.deepEqual([status, headers.get("accept-post")], [204, "application/sdp"]);
      assert.equal(headers.get("access-control-allow-origin"), origin);
      assert.match(headers.get("access-control-expose-headers") ?? "", /location/);
      const other = await ask("OPTIONS", path, { origin: "https://other.example" });
      assert.equal(other.headers.get("access-control-allow-origin"), null);
    }
  });

  it("never uses the browser's credentials, and is never repeated unless it is listed (S6.3)", () => {
    for (const origins of [[], ["*"], ["https://app.example"]])
      for (const method of ["GET", "PUT", "OPTIONS"])
        for (const origin of [
          "https://other.example",
          "null",
          "https://app.example.evil.example",
          "https://app.example",
        ]) {
          const headers = { origin, ...(method === "OPTIONS" && { "access-control-request-method": "PUT" }) };
          const { headers: answer = {} } = permissionFor({ method, url: "/api/v1/videos", headers }, origins) ?? {};
          assert.equal(answer["access-control-allow-credentials"], undefined);
          if (answer["access-control-allow-origin"] === origin) assert.ok(origins.includes(origin), origin);
        }
    for (const url of ["/metrics", "/", "/health", "/douyin/feed", "/login"])
      assert.equal(
        permissionFor({ method: "GET", url, headers: { origin: "https://a.example" } }, ["*"]),
        undefined,
        url,
      );
  });
});

let base = "";
const edge = new TestGateway((host) => host.add(authPlugin), { corsOrigins: ["https://app.example"] });
const ask = (method: string, path: string, headers: Record<string, string>) => fetch(base + path, { method, headers });
