import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { lettersOf, newCodes } from "./recovery-codes.ts";
import { base32, codeAt, isCode, keyUri, stepOf } from "./totp.ts";
import { randomBytes } from "node:crypto";

describe("a code of an authenticator app", () => {
  it("is the one of RFC 6238, appendix B", () => {
    const secret = base32(Buffer.from("12345678901234567890"));
    assert.equal(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    const rows = [
      [59, "287082"],
      [1_111_111_109, "081804"],
      [1_111_111_111, "050471"],
      [1_234_567_890, "005924"],
      [2_000_000_000, "279037"],
      [20_000_000_000, "353130"],
    ] as const;
    for (const [seconds, code] of rows) {
      assert.equal(codeAt(secret, Math.floor(seconds / 30)), code);
      assert.equal(stepOf(secret, code, seconds * 1_000), Math.floor(seconds / 30));
    }
  });

  it("is taken one step early or late, and no further", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.integer({ min: 10, max: 60_000_000 }),
        (bytes, step) => {
          const secret = base32(bytes);
          const nowMs = step * 30_000 + 15_000;
          for (const away of [-1, 0, 1]) assert.notEqual(stepOf(secret, codeAt(secret, step + away), nowMs), undefined);
          for (const away of [-2, 2]) {
            const found = stepOf(secret, codeAt(secret, step + away), nowMs);
            // Two steps have the same code once in a million.
            assert.ok(found === undefined || Math.abs(found - step) <= 1);
          }
        },
      ),
    );
  });

  it("is six digits, and its secret reaches an app by a URI with the names escaped", () => {
    for (const text of ["12345", "1234567", "12345a", "１２３４５６", ""]) assert.ok(!isCode(text), text);
    assert.equal(
      keyUri("ABC", { issuer: "Night & Owls", account: "mira?x" }),
      "otpauth://totp/Night%20%26%20Owls:mira%3Fx?secret=ABC&issuer=Night%20%26%20Owls&algorithm=SHA1&digits=6&period=30",
    );
  });
});

it("recovery codes are ten of 80 bits, and are read however they are typed", () => {
  const codes = newCodes(randomBytes);
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) {
    assert.match(code, /^[a-z2-7]{4}(?:-[a-z2-7]{4}){3}$/);
    const letters = code.replaceAll("-", "");
    for (const typed of [code, letters, code.toUpperCase(), ` ${code.replaceAll("-", " ")} `])
      assert.equal(lettersOf(typed), letters);
  }
  for (const text of ["", "abcd-efgh-ijkl", "abcd-efgh-ijkl-mno1", "abcd-efgh-ijkl-mnop-q"])
    assert.equal(lettersOf(text), undefined);
});
