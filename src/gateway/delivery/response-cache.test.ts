import assert from "node:assert/strict";
import { type IncomingMessage, ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { newCall } from "#kernel";
import { CachePolicies } from "#kernel/cache/policies";
import { CachePolicy } from "#kernel/cache/policy";
import { createPlayableCache } from "#services/streaming/access";
import { ResponseCache, segmentsCache } from "./response-cache.ts";

describe("the response cache", () => {
  it("stays within its bytes for any ranges that are requested", () => {
    const cache = new ResponseCache(counter, 12_000);
    for (let start = 0; start < 100; start++)
      cache.put(requestOf("/a", `bytes=${start}-`), 206, {}, Buffer.alloc(1_000));
    const cached = Array.from(
      { length: 100 },
      (_, start) => headersOf(cache, requestOf("/a", `bytes=${start}-`)) !== undefined,
    );
    assert.equal(cached.filter(Boolean).length, 10);
    assert.ok(cached.slice(90).every(Boolean), "the newest stay");
    cache.put(requestOf("/b"), 200, {}, Buffer.alloc(12_001));
    assert.equal(headersOf(cache, requestOf("/b")), undefined);
  });

  it("counts a repeatedly stored response once", () => {
    const cache = new ResponseCache(counter, 3_000);
    for (let again = 0; again < 10; again++) cache.put(requestOf("/a"), 200, {}, Buffer.alloc(1_000));
    cache.put(requestOf("/b"), 200, {}, Buffer.alloc(1_000));
    assert.ok(headersOf(cache, requestOf("/a")) && headersOf(cache, requestOf("/b")));
  });

  it("serves no request with a token, because the token may be invalid", () => {
    const cache = new ResponseCache(counter, 3_000);
    cache.put(requestOf("/a"), 200, {}, Buffer.alloc(1_000));
    const withToken = Object.assign(requestOf("/a"), { headers: { authorization: "Bearer x" } });
    assert.equal(headersOf(cache, withToken), undefined);
    assert.ok(headersOf(cache, requestOf("/a")));
  });

  it("deletes the responses of a video or of a path, and keeps none while its lifetime is zero", () => {
    const policy = new CachePolicy(segmentsCache);
    const cache = new ResponseCache(counter, 10_000, policy);
    const [seven, seventy] = ["/api/v1/streaming/7/g1/480p.mp4", "/api/v1/streaming/70/g1/480p.mp4"];
    const put = () => {
      for (const url of [seven, seventy]) cache.put(requestOf(url), 200, {}, Buffer.alloc(10));
    };
    const stored = () => [seven, seventy].map((url) => headersOf(cache, requestOf(url)) !== undefined);
    put();
    policy.deleteTag("video:7");
    assert.deepEqual(stored(), [false, true]);
    policy.deleteKey(seventy);
    assert.deepEqual([stored(), policy.report().bytes], [[false, false], 0]);
    policy.apply({ ttlMs: 0, staleMs: null, generation: 0 });
    put();
    assert.deepEqual(stored(), [false, false]);
  });

  it("and a decision of streaming behind it are ten seconds old at most, whatever administrators set (S2.3)", () => {
    const caches = new CachePolicies();
    createPlayableCache({ caches, client: () => assert.fail("nothing is asked"), call: newCall });
    const behind = caches.find("streaming.videos")?.declaration.lifetimeMsMax ?? Number.POSITIVE_INFINITY;
    assert.ok((segmentsCache.lifetimeMsMax ?? Number.POSITIVE_INFINITY) + behind <= 10_000);
  });

  it("omits headers that concern the first client alone", () => {
    const cache = new ResponseCache(counter, 1_000);
    const first = { etag: '"x"', "x-ratelimit-remaining": 3, "x-request-id": "first", "set-cookie": "a=b" };
    cache.put(requestOf("/a"), 200, first, Buffer.alloc(1));
    const headers = headersOf(cache, requestOf("/a"));
    assert.deepEqual(
      [headers?.["etag"], headers?.["x-ratelimit-remaining"], headers?.["set-cookie"]],
      ['"x"', undefined, undefined],
    );
    assert.notEqual(headers?.["x-request-id"], "first");
  });
});

const counter = { add: () => undefined };
const requestOf = (url: string, range?: string) =>
  ({
    method: "GET",
    httpVersion: "1.1",
    url,
    headers: { ...(range !== undefined && { range }) },
  }) as unknown as IncomingMessage; // The cache reads nothing else.

/** The headers of the answer, if there was one. */
function headersOf(cache: ResponseCache, request: IncomingMessage): Record<string, string> | undefined {
  let headers: Record<string, string> | undefined;
  const response = new ServerResponse(request);
  response.end = ((bytes: Buffer) => {
    const [head = ""] = bytes.toString("latin1").split("\r\n\r\n");
    headers = Object.fromEntries(head.split("\r\n").map((line) => line.split(": ", 2)));
  }) as typeof response.end; // Nothing reads what it returns.
  cache.serve(request, response);
  return headers;
}
