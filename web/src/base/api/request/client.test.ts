import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import {
  beginSession,
  endSession,
  hasSession,
  isRenewalDue,
  keepSession,
  storeRenewal,
  renewAtMs,
} from "../session/session.ts";
import { ask } from "./client.ts";

const servedAt = "Mon, 05 Jan 2026 12:00:00 GMT";
const inMinutes = (minutes: number) => new Date(Date.parse(servedAt) + minutes * 60_000).toISOString();

describe("a session's renewal", () => {
  it("is due shortly before the token expires, independently of the device's clock", () => {
    assert.equal(renewAtMs(inMinutes(15), servedAt, 0), 15 * 60_000 - 10_000);
    assert.equal(renewAtMs(inMinutes(15), servedAt, 5e12), 5e12 + 15 * 60_000 - 10_000);
    assert.equal(renewAtMs(inMinutes(1 / 60), servedAt, 0), 900);
  });

  it("is never due when the token's expiry is unknown or past", () => {
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

  it("waits for one renewal, shared by concurrent requests, when the session is due for it", async () => {
    beginSession();
    await Promise.all([video(), video(), video()]);
    await video();
    assert.deepEqual(requests, ["/api/v1/auth/refresh", ...Array.from({ length: 4 }, () => "/api/v1/videos/7")]);
  });

  it("is sent without a renewal for visitors and while the session is valid", async () => {
    await video();
    beginSession();
    storeRenewal({ expires_at: inMinutes(15) }, servedAt);
    await video();
    assert.deepEqual(requests, ["/api/v1/videos/7", "/api/v1/videos/7"]);
  });

  it("is sent as a visitor's after a renewal was refused with 401, which ends the session", async () => {
    beginSession();
    refreshStatus = 401;
    await video();
    assert.equal(hasSession(), false);
    assert.deepEqual(requests, ["/api/v1/auth/refresh", "/api/v1/videos/7"]);
  });

  it("waits for another log-in after a refused renewal, once for all requests, and is sent in the new session", async () => {
    beginSession();
    refreshStatus = 401;
    const acts: unknown[] = [];
    restore.push(
      keepSession(async (act) => {
        acts.push(act);
        await ask("auth.login", { body: { username: "mia", password: "a long one" } });
        return true;
      }),
    );
    await ask("interaction.like", { path: { id: 7 }, body: {} });
    assert.equal(hasSession(), true);
    assert.deepEqual(acts, [{ operation: "interaction.like", id: 7 }]);
    assert.deepEqual(requests, ["/api/v1/auth/refresh", "/api/v1/users/login", "/api/v1/videos/7/like"]);
  });

  it("is sent as a visitor's where the viewer does not log in again, and asks nobody when it ends the session", async () => {
    beginSession();
    refreshStatus = 401;
    let asked = 0;
    restore.push(keepSession(async () => (asked++, false)));
    await ask("auth.logout", { body: {} });
    assert.deepEqual([asked, hasSession()], [0, true]);
    await video();
    assert.deepEqual([asked, hasSession()], [1, false]);
  });

  it("fails without being sent, and keeps the session, when the renewal fails with 503", async () => {
    beginSession();
    refreshStatus = 503;
    await assert.rejects(video(), { status: 503 });
    assert.equal(hasSession(), true);
    assert.deepEqual(requests, ["/api/v1/auth/refresh"]);
  });

  it("stores the renewal time from the answer to a log-in until the session ends", async () => {
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
