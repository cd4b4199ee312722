import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { KinoraError } from "./error.ts";
import { retryMs } from "./retry.ts";

describe("a failed upload", () => {
  it("is retried with growing delays of at most 30 seconds while offline, even after 40 failures", () => {
    const waits = [0, 1, 2, 3, 40].map((failures) => retryMs(new KinoraError(0, "network.offline", ""), failures));
    assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 30_000]);
  });

  it("waits for the time that the server requests", () => {
    assert.equal(retryMs(new KinoraError(429, "gateway.rate_limited", "", { retryAfterMs: 7_000 }), 3), 7_000);
    assert.equal(retryMs(new KinoraError(503, "gateway.closing", "", { retryAfterMs: 9_000 }), 0), 9_000);
  });

  it("is retried after a first offset conflict, but not after repeated conflicts or server errors", () => {
    assert.equal(retryMs(new KinoraError(409, "upload.wrong_offset", ""), 0), 500);
    assert.equal(retryMs(new KinoraError(409, "upload.busy", ""), 6), null);
    assert.equal(retryMs(new KinoraError(503, "kernel.database_unavailable", ""), 8), null);
  });

  it("is not retried after permanent failures, such as an exceeded quota or a missing sign-in", () => {
    for (const [status, code] of [
      [507, "kernel.storage_full"],
      [413, "upload.quota_exceeded"],
      [410, "upload.gone"],
      [404, "upload.not_found"],
      [401, "gateway.sign_in_first"],
      [415, "upload.not_media"],
      [0, "media.empty"],
    ] as const)
      assert.equal(retryMs(new KinoraError(status, code, ""), 0), null, code);
  });

  it("waits at most 30 seconds after a network timeout, for any number of failures", () => {
    fc.assert(
      fc.property(fc.nat(), (failures) => {
        const waitMs = retryMs(new KinoraError(0, "network.timeout", ""), failures);
        return waitMs !== null && waitMs > 0 && waitMs <= 30_000;
      }),
    );
  });
});
