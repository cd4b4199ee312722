import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { followAddress } from "#base/api/playback-address.ts";

/** By the server's rule: tokens given within one minute end together, 4 to 5 minutes later. */
const endMs = (nowMs: number) => Math.floor(nowMs / 60_000) * 60_000 + 5 * 60_000;
const minuteMs = 60_000;

describe("the renewal of a playback token", () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: 59_000 });
    requestCount = 0;
    status = 200;
    for (const [name, value] of Object.entries({ fetch: server, navigator: { onLine: true }, localStorage: storage }))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  });
  afterEach(() => mock.timers.reset());

  it("keeps a private video's token valid in every second of half an hour", async () => {
    const address = followAddress(addressAt());
    for (let second = 0; second < 1_800; second++) {
      await pass(1_000);
      assert.ok(endOf(address.url) > Date.now(), `over in second ${second}`);
    }
    assert.equal(requestCount, 10);
    address.stop();
  });

  it("is retried before the token expires after a 503 answer", async () => {
    const address = followAddress(addressAt());
    status = 503;
    await pass(3 * minuteMs);
    assert.deepEqual([requestCount, address.url], [1, addressAt(59_000)]);
    status = 200;
    await pass(20_000);
    assert.equal(requestCount, 2);
    assert.ok(endOf(address.url) > Date.now());
    address.stop();
  });

  it("succeeds on request after a sleep past the token's expiry, and then continues on schedule", async () => {
    const address = followAddress(addressAt());
    mock.timers.setTime(59_000 + 60 * minuteMs);
    await settled();
    // The clock of timers stood still as well: what was due comes when the tab wakes, or the player asks before.
    assert.equal(await address.renew(), true);
    assert.ok(endOf(address.url) > Date.now());
    const before = requestCount;
    await pass(3 * minuteMs);
    assert.equal(requestCount, before + 1);
    address.stop();
  });

  it("leaves the address unchanged after a 404, and is attempted at most five times in 12 minutes", async () => {
    const address = followAddress(addressAt());
    status = 404;
    assert.equal(await address.renew(), false);
    assert.equal(address.url, addressAt(59_000));
    await pass(2 * minuteMs);
    assert.equal(requestCount, 1);
    await pass(10 * minuteMs);
    assert.ok(endOf(address.url) < Date.now() && requestCount <= 5);
    address.stop();
  });

  it("stops with the player, even during a request, and is not made for an address without a token", async () => {
    const address = followAddress(addressAt());
    const answer = address.renew();
    address.stop();
    await answer;
    await pass(30 * minuteMs);
    assert.equal(requestCount, 1);
    const open = followAddress("/api/v1/streaming/7/master.m3u8");
    await pass(30 * minuteMs);
    assert.equal(requestCount, 1);
    open.stop();
  });
});

let requestCount = 0;
let status = 200;
const addressAt = (nowMs = Date.now()): string => `/api/v1/streaming/7/master.m3u8?token=v.7.1.0.${endMs(nowMs)}.s`;
const endOf = (url: string): number => Number(/token=(?:[^.]+\.){4}(\d+)/.exec(url)?.[1]);
const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

const server = async (): Promise<Response> => {
  requestCount += 1;
  const data = { hls_url: addressAt(), dash_url: "", expires_at: null };
  const body = status === 200 ? { code: 0, data } : { code: status, error: "x.y", message: "no", data: null };
  return new Response(JSON.stringify(body), { status });
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Lets time pass in steps, so that answers come between timers. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 15_000) {
    mock.timers.tick(Math.min(left, 15_000));
    await settled();
  }
}
