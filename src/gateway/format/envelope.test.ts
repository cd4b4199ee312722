import assert from "node:assert/strict";
import { it } from "node:test";
import { TtlTooLong } from "#services/cache/contract";
import { z } from "zod";
import { failure } from "#kernel";
import { failureOf } from "./envelope.ts";

it("the envelope of a value beyond a bound has the bound", () => {
  const { code, error, max } = failureOf(TtlTooLong({ max: 6 }), "0".repeat(32));
  assert.deepEqual([code, error, max], [400, "cache.ttl_too_long", 6]);
});

it("the envelope of a failure has the details that it shows, and no others", () => {
  const details = z.object({ shown: z.object({ expires_at: z.string() }), inner: z.string() });
  const Late = failure("denied", "test.late", "this is too late", details);
  const envelope = failureOf(Late({ shown: { expires_at: "2026-01-01T00:00:00Z" }, inner: "key" }), "0".repeat(32));
  assert.deepEqual(envelope.details, { expires_at: "2026-01-01T00:00:00Z" });
  assert.ok(!JSON.stringify(envelope).includes("inner"));
});
