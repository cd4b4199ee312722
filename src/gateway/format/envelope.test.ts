import assert from "node:assert/strict";
import { it } from "node:test";
import { TtlTooLong } from "#services/cache/contract";
import { failureOf } from "./envelope.ts";

it("the envelope of a value beyond a bound has the bound", () => {
  const { code, error, max } = failureOf(TtlTooLong({ max: 6 }), "0".repeat(32));
  assert.deepEqual([code, error, max], [400, "cache.ttl_too_long", 6]);
});
