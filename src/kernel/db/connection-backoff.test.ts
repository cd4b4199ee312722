import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { it } from "node:test";
import { ConnectionBackoff } from "./connection-backoff.ts";
import { openPool } from "./pool.ts";

it("a failed connection admits one attempt at a time, less and less often, until one succeeds", () => {
  let nowMs = 0;
  const backoff = new ConnectionBackoff(() => nowMs);
  const error = new Error("refused");
  const pauses = [];
  for (const pauseMs of [50, 100, 200, 400, 800, 1_000, 1_000]) {
    assert.equal(backoff.refusal(), undefined);
    if (pauses.length > 0) assert.equal(backoff.refusal(), error, "a second attempt at the same time");
    backoff.recordFailure(error);
    nowMs += pauseMs - 1;
    assert.equal(backoff.refusal(), error);
    nowMs += 1;
    pauses.push(pauseMs);
  }
  assert.equal(backoff.refusal(), undefined);
  backoff.recordSuccess();
  assert.deepEqual([backoff.refusal(), backoff.refusal()], [undefined, undefined]);
});

it("R7: queries of a hung server fail at once after the first, with few attempts to connect", async () => {
  let attempts = 0;
  const hung = createServer((socket) => {
    attempts += 1;
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(hung, "listening");
  const address = hung.address();
  assert.ok(typeof address === "object" && address !== null);
  const pool = openPool({ url: `postgres://a@127.0.0.1:${address.port}/a` }, { waitMs: 300 });
  const refused = () => assert.rejects(pool.query("SELECT 1"), /connection t(imeout|erminated)/i);
  try {
    await refused();
    for (let n = 0; n < 200; n += 1) await refused();
    // Each failed attempt of 300 ms is followed by a pause.
    assert.ok(attempts < 20, `${attempts} attempts`);
  } finally {
    await pool.end();
    hung.close();
  }
});
