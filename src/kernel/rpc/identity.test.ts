import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { BadIdentity, signed, verified } from "./identity.ts";

describe("the identity of a call", () => {
  it("arrives as it was signed", () => {
    const { issuedAtMs, expiresAtMs, ...arrived } = verified(secret, token(), "video.get", now + 20);
    assert.deepEqual(arrived, claims);
    assert.deepEqual([issuedAtMs, expiresAtMs], [now, now + 6_000]);
  });

  it("is worth nothing when any character of it is another", () => {
    const whole = token();
    fc.assert(
      fc.property(
        fc.nat(whole.length - 1),
        fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_", "."),
        (at, letter) => {
          const altered = whole.slice(0, at) + letter + whole.slice(at + 1);
          // The last letter of base64 may spell the same bytes.
          fc.pre(altered !== whole && bytesOf(altered) !== bytesOf(whole));
          assert.throws(() => verified(secret, altered, "video.get", now), refused);
        },
      ),
    );
    for (const text of ["", ".", "a.b", `${whole}.x`, whole.split(".")[0] ?? ""])
      assert.throws(() => verified(secret, text, "video.get", now), refused, text);
  });

  it("is worth nothing with another secret, for another method, too late or too early (S2.8)", () => {
    const refuse = (check: () => unknown) => assert.throws(check, refused);
    refuse(() => verified("another secret of thirty-two letters", token(), "video.get", now));
    refuse(() => verified(secret, token(), "video.update", now));
    refuse(() => verified(secret, token(), "video.get", now + 6_000));
    refuse(() => verified(secret, token(), "video.get", now - 5_001));
    assert.ok(verified(secret, token(), "video.get", now - 5_000), "clocks differ a little");
  });

  it("lives a minute at most, however long its call may last", () => {
    const long = signed(secret, claims, now, 3_600_000);
    assert.ok(verified(secret, long, "video.get", now + 59_999));
    assert.throws(() => verified(secret, long, "video.get", now + 60_000), refused);
  });
});

const secret = "of-thirty-two-letters-or-a-few-more";
const now = Date.UTC(2026, 6, 1);
const claims = {
  caller: "gateway",
  method: "video.get",
  traceId: "0".repeat(31) + "1",
  userId: 7,
  role: "user" as const,
  sessionId: "s",
  idempotencyKey: "k",
  source: "x",
};
const token = () => signed(secret, claims, now, 1_000);
const refused = { code: BadIdentity.code, grpc: 16, http: 401 };
const bytesOf = (text: string) =>
  text
    .split(".")
    .map((part) => Buffer.from(part, "base64url").toString("hex"))
    .join(".");
