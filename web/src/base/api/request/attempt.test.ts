import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Attempt, randomKey } from "./attempt.ts";

describe("an attempt", () => {
  it("repeats body and idempotency key for unchanged text, and uses a new key for other text or after acceptance", () => {
    const attempt = new Attempt<{ position: number }>();
    const first = attempt.of("hello", () => ({ position: 1 }));
    assert.deepEqual(
      attempt.of("hello", () => ({ position: 2 })),
      first,
    );
    const other = attempt.of("hello!", () => ({ position: 3 }));
    assert.notEqual(other.idempotencyKey, first.idempotencyKey);
    attempt.finish();
    const again = attempt.of("hello!", () => ({ position: 4 }));
    assert.deepEqual(again.body, { position: 4 });
    assert.notEqual(again.idempotencyKey, other.idempotencyKey);
  });

  it("has a 128-bit key that is made without `crypto.randomUUID`", (t) => {
    t.mock.method(crypto, "randomUUID", () => assert.fail("it is not there over plain HTTP"));
    assert.match(randomKey(), /^[0-9a-f]{32}$/);
  });
});
