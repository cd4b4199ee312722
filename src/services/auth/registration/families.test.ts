import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Family } from "../contract.ts";
import { nameFor } from "./families.ts";

describe("a registration through a compatible API", () => {
  it("accepts the names of that API, trimmed and normalized", () => {
    for (const [family, name, kept = name] of [
      ["resumable", "abc"],
      ["resumable", "_a_"],
      ["resumable", "A".repeat(20)],
      ["cloudfiles", "日落海"],
      ["cloudfiles", " Mira.K ", "Mira.K"],
      ["cloudfiles", "a".repeat(50)],
      ["douyin", "x"],
      ["douyin", "  日  ", "日"],
      ["douyin", "a@example.org"],
      ["douyin", "<b> & 'c'"],
      ["douyin", "👩‍👩‍👧"],
      ["douyin", "𝒳".repeat(32)],
      ["douyin", "e\u0301", "é"],
    ] as const)
      assert.equal(nameFor(family, name, "sesame"), kept, name);
  });

  it("refuses other names with an error for the field", () => {
    for (const [family, name] of [
      ["resumable", "ab"],
      ["resumable", "A".repeat(21)],
      ["resumable", " abc"],
      ["resumable", "abc\n"],
      ["resumable", "äbc"],
      ["cloudfiles", "ab"],
      ["cloudfiles", "a b"],
      ["cloudfiles", "-ab"],
      ["cloudfiles", "a".repeat(51)],
      ["douyin", ""],
      ["douyin", " \u3000 "],
      ["douyin", "a\u0000"],
      ["douyin", "a\u202eb"],
      ["douyin", "a\u200bb"],
      ["douyin", "a\nb"],
      ["douyin", "\u200d"],
      ["douyin", "x".repeat(33)],
    ] as const)
      assert.throws(() => nameFor(family, name, "sesame"), refused("username"), `${family} ${name}`);
  });

  it("accepts passwords within the limits of that API, counted in code points", () => {
    const limits: Record<Family, [number, number]> = { resumable: [6, 32], cloudfiles: [5, 50], douyin: [5, 32] };
    fc.assert(
      fc.property(
        fc.constantFrom<Family>("resumable", "cloudfiles", "douyin"),
        fc.string({ unit: "grapheme-composite", minLength: 1, maxLength: 60 }),
        (family, password) => {
          const [min, max] = limits[family];
          const count = [...password].length;
          const register = () => nameFor(family, "mira", password);
          if (count >= min && count <= max) assert.equal(register(), "mira");
          else assert.throws(register, refused("password"));
        },
      ),
    );
  });
});

const refused = (field: string) => ({ code: "auth.bad_registration", http: 400, details: { field } });
