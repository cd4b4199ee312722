import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, it } from "node:test";
import { AddressRules } from "#kernel/clients/address-rules";
import { authPlugin } from "#services/auth/plugin";
import { operationRoutes } from "./operations.ts";
import { TestGateway } from "./testing.ts";

const trustedProxies = ["10.0.0.0/8", "127.0.0.1"];
const rules = new AddressRules({ deny: ["203.0.113.0/24"], allow: [], trustedProxies });

describe("a client whose network is denied", () => {
  before(async () => {
    port = await (await edge.app).listen({ host: "127.0.0.1", port: 0 });
  });
  after(() => edge[Symbol.asyncDispose]());

  it("gets 403 for every route of the gateway, pages and absent paths, and others do not", async () => {
    const { routes } = await edge.app;
    const paths = [...routes].filter((route) => route.startsWith("GET ") && !operations.includes(route.slice(4)));
    assert.ok(paths.length > 20);
    for (const path of [...paths.map((route) => pathOf(route.slice(4))), "/nothing", "/api/v1/nothing"]) {
      assert.equal((await ask("203.0.113.9", { url: path })).status, 403, path);
      assert.notEqual((await ask("198.51.100.9", { url: path })).error, "gateway.address_denied", path);
    }
  });

  it("gets it in the envelope of each API", async () => {
    const [native, douyin, cloudFiles, resumable] = await Promise.all([
      ask("203.0.113.9", { url: "/api/v1/videos/1" }),
      ask("203.0.113.9", { url: "/douyin/feed/" }),
      ask("203.0.113.9", { method: "POST", url: "/file/query" }),
      ask("203.0.113.9", { method: "POST", url: "/api/video/init" }),
    ]);
    const msg = "your network may not use this server";
    const { trace_id: _, ...envelope } = native.body;
    assert.deepEqual(envelope, { code: 403, message: msg, data: null, error: "gateway.address_denied" });
    assert.deepEqual(douyin.body, { status_code: 10_006, status_msg: msg });
    assert.deepEqual(cloudFiles.body, { code: -1, msg, data: null });
    assert.deepEqual(resumable.body, { code: 403, msg });
    for (const { status } of [native, douyin, cloudFiles, resumable]) assert.equal(status, 403);
  });

  it("is found by the header of trusted proxies, and by nothing that it claims", async () => {
    const url = "/api/v1/instance";
    const statusOf = async (peer: string, forwardedFor: string) =>
      (await ask(peer, { url, headers: { "x-forwarded-for": forwardedFor } })).error;
    assert.equal(await statusOf("10.0.0.1", "203.0.113.9"), "gateway.address_denied");
    assert.equal(await statusOf("10.0.0.1", "198.51.100.9, 203.0.113.9"), "gateway.address_denied");
    assert.notEqual(await statusOf("10.0.0.1", "203.0.113.9, 198.51.100.9"), "gateway.address_denied");
    for (const claim of ["127.0.0.1", "198.51.100.9", "10.0.0.1"])
      assert.equal(await statusOf("203.0.113.9", claim), "gateway.address_denied", claim);
  });

  it("may read health and readiness, and reads metrics by their own rule", async () => {
    for (const url of ["/ping", "/health", "/ready"])
      assert.equal((await ask("203.0.113.9", { url })).status, 200, url);
    assert.equal((await ask("203.0.113.9", { url: "/metrics" })).error, "gateway.admins_only");
  });

  it("gets no socket", async () => {
    const upgrade = (forwardedFor: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = {
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": Buffer.alloc(16).toString("base64"),
          "x-forwarded-for": forwardedFor,
        };
        request({ port, host: "127.0.0.1", path: "/api/v1/ws", headers })
          .once("response", ({ statusCode }) => resolve(statusCode))
          .once("upgrade", (_, socket) => {
            socket.destroy();
            resolve(101);
          })
          .once("error", reject)
          .end();
      });
    assert.equal(await upgrade("203.0.113.9"), 403);
    assert.notEqual(await upgrade("198.51.100.9"), 403);
  });

  it("gets nothing from the response cache, which answers in front of the routes", async () => {
    const app = await edge.app;
    let served = 0;
    app.front((_, response) => {
      served += 1;
      response.end("cached");
      return true;
    });
    const fetchFrom = async (forwardedFor: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1/streaming/1/master.m3u8`, {
        headers: { "x-forwarded-for": forwardedFor },
      });
      return [answer.status, await answer.text()];
    };
    assert.equal((await fetchFrom("203.0.113.9"))[0], 403);
    assert.deepEqual([await fetchFrom("198.51.100.9"), served], [[200, "cached"], 1]);
  });
});

const edge = new TestGateway((host) => host.add(authPlugin), { addressRules: rules, trustedProxies });
let port = 0;

const operations: readonly string[] = operationRoutes
  .map(({ path }) => path)
  .filter((path) => path !== "/openapi.json");
const pathOf = (pattern: string): string => pattern.replaceAll(/:\w+/g, "1").replaceAll("*", "x");

async function ask(
  remoteAddress: string,
  asked: { readonly method?: "GET" | "POST"; readonly url: string; readonly headers?: Record<string, string> },
) {
  const answer = await (await edge.app).inject({ remoteAddress, ...asked });
  const isJson = String(answer.headers["content-type"]).startsWith("application/json");
  const body = isJson ? answer.json<Record<string, unknown>>() : {};
  return { status: answer.statusCode, body, error: body["error"] };
}
