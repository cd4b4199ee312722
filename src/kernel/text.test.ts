import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { emailKey, firstCharacters, isLonger, longestPrefix, unstorable } from "./text.ts";

describe("the key of an e-mail address", () => {
  it("is the same for every spelling of an address", () => {
    for (const spelling of ["mira@example.com", "Mira@Example.COM", "ｍｉｒａ@example.com"])
      assert.equal(emailKey(spelling), "mira@example.com");
    assert.notEqual(emailKey("mira.b@example.com"), emailKey("mirab@example.com"));
  });

  it("is its own key when it is normalized again", () => {
    fc.assert(fc.property(fc.emailAddress(), (email) => assert.equal(emailKey(emailKey(email)), emailKey(email))));
  });
});

describe("the longest prefix of a text", () => {
  const bytesOf = (part: string): number => Buffer.byteLength(part);

  it("has whole graphemes, in units or bytes", () => {
    const family = "👩‍👩‍👧";
    assert.equal(longestPrefix(family.repeat(9), 20), family.repeat(2));
    assert.equal(longestPrefix("日落", 5, bytesOf), "日");
    assert.equal(longestPrefix("abc", 3), "abc");
    assert.equal(longestPrefix("abc", -1), "");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(60), (text, max) => {
        const prefix = longestPrefix(text, max, bytesOf);
        assert.ok(text.startsWith(prefix) && Buffer.byteLength(prefix) <= max);
      }),
    );
  });
});

describe("the characters of a text", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  const pairs = fc
    .array(fc.constantFrom("a", "日", "👍", "\ud83d", "\udc4d"), { maxLength: 20 })
    .map((all) => all.join(""));

  it("are code points, even if a surrogate stands alone", () => {
    const cases: readonly (readonly [text: string, max: number, first: string])[] = [
      ["", 0, ""],
      ["a", 0, ""],
      ["abc", 3, "abc"],
      ["日本語", 2, "日本"],
      ["👍👍👍", 3, "👍👍👍"],
      ["👍👍👍", 2, "👍👍"],
      ["a👍b", 2, "a👍"],
      ["\ud83d👍", 1, "\ud83d"],
      ["\udc4d\ud83d", 2, "\udc4d\ud83d"],
      ["e\u0301", 1, "e"],
    ];
    for (const [given, max, first] of cases) {
      assert.equal(firstCharacters(given, max), first, JSON.stringify([given, max]));
      assert.equal(isLonger(given, max), first !== given, JSON.stringify([given, max]));
    }
  });

  it("are the ones that a string's own iterator yields", () => {
    fc.assert(
      fc.property(fc.oneof(text, pairs), fc.nat(21), (given, max) => {
        const all = [...given];
        assert.equal(firstCharacters(given, max), all.slice(0, max).join(""));
        assert.equal(isLonger(given, max), all.length > max);
      }),
    );
  });
});

describe("text that cannot be stored", () => {
  it("is reported by its path", () => {
    assert.deepEqual(unstorable({ a: "x\0", b: { c: ["fine", "\ud800"] }, d: 1, e: null, f: "👍" }), ["a", "b.c.1"]);
  });

  it("is exactly text that has a NUL or does not survive UTF-8", () => {
    const text = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(text, (given) => {
        const comesBack = Buffer.from(given).toString() === given && !given.includes("\0");
        assert.equal(unstorable(given).length === 0, comesBack);
      }),
    );
  });

  it("is not searched for in bytes", () => {
    assert.deepEqual(unstorable({ bytes: new Uint8Array(1_000_000) }), []);
  });
});
