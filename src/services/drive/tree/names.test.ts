import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fileNameOf } from "#policy/file-name";
import { freeName, gramsOf, queryGrams, nameKey, nameOf, appendNumber } from "./names.ts";

describe("a name", () => {
  it("has only visible characters, and is never a path", () => {
    const cases: [string, string | undefined][] = [
      ["a.txt", "a.txt"],
      [" a \u0007b ", "a b"],
      ["\u202egpj.exe", "gpj.exe"],
      ["e\u0301", "\u00e9"],
      ["...", "..."],
      [".", undefined],
      ["..", undefined],
      ["", undefined],
      ["\u0000", undefined],
      ["a/b", undefined],
      ["a\\b", undefined],
      ["x".repeat(255), "x".repeat(255)],
      ["x".repeat(256), undefined],
    ];
    for (const [given, expected] of cases) assert.equal(nameOf(given), expected, JSON.stringify(given));
  });

  it("is that of any file from elsewhere", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const name = fileNameOf(text);
        assert.equal(nameOf(name), name);
      }),
    );
  });

  it("has the same key in any case and composition, which is stable", () => {
    for (const [a, b] of [
      ["Straße", "STRASSE"],
      ["STRAẞE", "Straße"],
      ["ΟΔΟΣ", "οδος"],
      ["É", "e\u0301"],
      ["A.TXT", "a.txt"],
    ] as const)
      assert.equal(nameKey(a), nameKey(b));
    assert.notEqual(nameKey("日"), nameKey("曰"));
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        assert.equal(nameKey(nameKey(text)), nameKey(text));
      }),
    );
  });

  it("gets a number before its extension when it is taken", () => {
    const cases: [string, number, boolean, string][] = [
      ["a.txt", 2, false, "a (2).txt"],
      ["a.tar.gz", 3, false, "a.tar (3).gz"],
      ["a.b", 2, true, "a.b (2)"],
      [".profile", 2, false, ".profile (2)"],
      ["a", 12, false, "a (12)"],
      [`${"x".repeat(251)}.txt`, 2, false, `${"x".repeat(247)} (2).txt`],
      ["👍".repeat(127), 2, false, `${"👍".repeat(125)} (2)`],
    ];
    for (const [name, n, isFolder, expected] of cases) assert.equal(appendNumber(name, n, isFolder), expected);
  });

  it("is replaced by a free valid one with the same extension, for any set of taken names", async () => {
    const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 270 }).map(fileNameOf);
    await fc.assert(
      fc.asyncProperty(word, fc.boolean(), fc.nat(700), async (name, isFolder, others) => {
        const taken = new Set([nameKey(name)]);
        for (let n = 2; n < others; n++) taken.add(nameKey(appendNumber(name, n, isFolder)));
        const free = await freeName(name, isFolder, async (keys) => new Set(keys.filter((key) => taken.has(key))));
        assert.ok(!taken.has(nameKey(free)));
        assert.equal(nameOf(free), free);
        if (!isFolder && /^.+\.[a-z]{1,5}$/.test(name)) assert.equal(free.split(".").at(-1), name.split(".").at(-1));
      }),
      { numRuns: 60 },
    );
    assert.equal(await freeName("a", false, async () => new Set()), "a");
  });

  it("has the grams of each of its substrings, in any script, apart from those of other owners", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
        fc.nat(20),
        fc.integer({ min: 1, max: 9 }),
        (text, from, length) => {
          const key = nameKey(text);
          const part = [...key].slice(from, from + length).join("");
          const grams = new Set(gramsOf(7, key));
          for (const gram of queryGrams(7, part)) assert.ok(grams.has(gram) && gram === (gram | 0));
        },
      ),
    );
    const own = new Set(gramsOf(7, "日落"));
    assert.ok(queryGrams(8, "日").every((gram) => !own.has(gram)));
  });
});
