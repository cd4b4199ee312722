import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failure } from "#kernel";
import { protectionFor } from "./protection.ts";

const passwordMissing = failure("invalid", "test.password_missing", "a password is missing");
const before = { visibility: "gated", passwordHash: "hash", gate: { kind: "password" }, teaser: "title" } as const;
const protect = (input: Omit<Parameters<typeof protectionFor>[0], "passwordMissing">) =>
  protectionFor({ ...input, passwordMissing: () => passwordMissing({}) });

describe("the protection of a thing", () => {
  it("forgets the password with its term, so that the term cannot come back without one", () => {
    const gate = { kind: "invited" } as const;
    const changed = protect({ visibility: "gated", named: { gate }, before });
    assert.deepEqual(changed, { passwordHash: null, gate, teaser: "title" });
    const again = { visibility: "gated", named: { gate: before.gate }, before: { ...before, ...changed } } as const;
    assert.throws(() => protect(again), { code: "gate.password_missing" });
  });

  it("is none of another visibility, and not that of the one before", () => {
    for (const visibility of ["public", "unlisted", "private", "followers"] as const)
      assert.deepEqual(protect({ visibility, named: { gate: before.gate }, before }), {
        passwordHash: null,
        gate: null,
        teaser: "none",
      });
    assert.throws(() => protect({ visibility: "password", named: {}, before }), { code: "test.password_missing" });
    const open = { visibility: "public", passwordHash: null, gate: null, teaser: "none" } as const;
    assert.throws(() => protect({ visibility: "gated", named: {}, before: open }), { code: "gate.missing" });
  });
});
