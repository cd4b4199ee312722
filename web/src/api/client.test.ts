import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { ask } from "./client.ts";
import { beginSession, endSession, hasSession, isRenewalDue, noteSession, renewAtMs } from "./session.ts";

const servedAt = "Mon, 05 Jan 2026 12:00:00 GMT";
const inMinutes = (minutes: number) => new Date(Date.parse(servedAt) + minutes * 60_000).toISOString();

describe("a session's renewal", () => {
  it("is due shortly before the token ends, whatever this device's clock says", () => {
    assert.equal(renewAtMs(inMinutes(15), servedAt, 0), 15 * 60_000 - 10_000);
    assert.equal(renewAtMs(inMinutes(15), servedAt, 5e12), 5e12 + 15 * 60_000 - 10_000);
    assert.equal(renewAtMs(inMinutes(1 / 60), servedAt, 0), 900);
  });

  it("waits for a 401 where the end is not known", () => {
    assert.equal(renewAtMs(undefined, servedAt, 0), Number.POSITIVE_INFINITY);
    assert.equal(renewAtMs("soon", servedAt, 0), Number.POSITIVE_INFINITY);
    assert.equal(renewAtMs(inMinutes(15), null, 0), Number.POSITIVE_INFINITY);
    assert.equal(renewAtMs(inMinutes(-1), servedAt, 0), Number.POSITIVE_INFINITY);
  });
});

describe("a request", () => {
  let requests: string[] = [];
  let refreshStatus = 200;
  const restore: (() => void)[] = [];

  beforeEach(() => {
    requests = [];
    refreshStatus = 200;
    // Over plain HTTP browsers have no locks: one tab must do without.
    restore.push(stand("localStorage", storage()), stand("fetch", server), stand("navigator", { onLine: true }));
  });
  afterEach(() => {
    for (const back of restore.splice(0)) back();
  });

  const server = async (url: string): Promise<Response> => {
    requests.push(url);
    const status = url.endsWith("/refresh") ? refreshStatus : 200;
    const data = { expires_at: inMinutes(15) };
    const body = status === 200 ? { code: 0, data } : { code: 1, error: "auth.bad_token", message: "no" };
    return new Response(JSON.stringify(body), { status, headers: { date: servedAt } });
  };
  const video = () => ask("video.get", { path: { id: 7 } });

  it("renews a session that has run out first, once for all that wait", async () => {
    beginSession();
    await Promise.all([video(), video(), video()]);
    await video();
    assert.deepEqual(requests, ["/api/v1/auth/refresh", ...Array.from({ length: 4 }, () => "/api/v1/videos/7")]);
  });

  it("renews nothing while the session is good, and nothing for visitors", async () => {
    await video();
    beginSession();
    noteSession({ expires_at: inMinutes(15) }, servedAt);
    await video();
    assert.deepEqual(requests, ["/api/v1/videos/7", "/api/v1/videos/7"]);
  });

  it("goes on as a visitor's when the session cannot be renewed any more", async () => {
    beginSession();
    refreshStatus = 401;
    await video();
    assert.equal(hasSession(), false);
    assert.deepEqual(requests, ["/api/v1/auth/refresh", "/api/v1/videos/7"]);
  });

  it("is not made as a visitor while the renewal only failed for now", async () => {
    beginSession();
    refreshStatus = 503;
    await assert.rejects(video(), { status: 503 });
    assert.equal(hasSession(), true);
    assert.deepEqual(requests, ["/api/v1/auth/refresh"]);
  });

  it("learns from a log-in when to renew", async () => {
    await ask("auth.login", { body: { username: "mia", password: "a long one" } });
    beginSession();
    assert.equal(isRenewalDue(), false);
    endSession();
    beginSession();
    assert.equal(isRenewalDue(), true);
  });
});

/** Puts `value` in the place of a global; returns the way back. */
function stand(name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, before);
  };
}

function storage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}
