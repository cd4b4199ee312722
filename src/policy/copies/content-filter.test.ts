import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import fc from "fast-check";
import { foldSpelling, hasLink, literalOf, createContentFilter } from "./content-filter.ts";

describe("the content filter", () => {
  it("matches whole words, phrases, terms with open ends, and any part of scripts without spaces", () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ["ass", "pass the class", false],
      ["ass", "you ass!", true],
      ["ass*", "assets", true],
      ["*ass", "pass", true],
      ["*ass*", "passed", true],
      ["buy now", "BUY   NOW, cheap", true],
      ["buy now", "buy nowhere", false],
      ["赌博", "网上赌博平台", true],
      ["spam", "ｓｐａｍ", true],
      ["spam", "s\u200bp\u00ada\u2060m", true],
      ["spam", "xspam", false],
      ["spam", "spam_1", false],
      ["weiß", "WEIẞ", true],
    ];
    for (const [pattern, text, expected] of cases)
      assert.equal(
        createContentFilter([{ pattern, action: "hold" }])(text).length === 1,
        expected,
        `${pattern} in ${text}`,
      );
  });

  it("folds text to a form that folds to itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        assert.equal(foldSpelling(foldSpelling(text)), foldSpelling(text));
      }),
    );
  });

  it("matches like a naive search, whatever letter case and zero-width characters the text has", () => {
    const sign = fc.constantFrom("a", "b", "c", " ", ".", "赌", "博", "1");
    const text = fc.array(sign, { maxLength: 40 }).map((signs) => signs.join(""));
    const pattern = fc
      .tuple(fc.constantFrom("", "*"), fc.array(sign, { minLength: 1, maxLength: 4 }), fc.constantFrom("", "*"))
      .map(([before, signs, behind]) => before + signs.join("") + behind);
    const noise = fc.array(fc.constantFrom("", "", "\u200b", "\ufeff", "\u2060"), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 6 }), text, noise, fc.boolean(), (patterns, said, marks, isLoud) => {
        const words = patterns.map((one) => ({ pattern: one, action: "hold" as const }));
        const noisy = [...(isLoud ? said.toUpperCase() : said)].map((one, n) => one + (marks[n] ?? "")).join("");
        const expected = words.filter((word) => naive(word.pattern, said));
        assert.deepEqual(new Set(createContentFilter(words)(noisy)), new Set(expected));
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes steps by the length of the text, not by the number of terms (S8.8)", () => {
    const words = Array.from({ length: 2_000 }, (_, n) => ({
      pattern: `*${"a".repeat(50)}${n}*`,
      action: "hold" as const,
    }));
    const text = "a".repeat(5_000);
    const find = createContentFilter(words);
    const looks = mock.method(Map.prototype, "get");
    try {
      assert.deepEqual(find(text), []);
    } finally {
      looks.mock.restore();
    }
    const steps = looks.mock.callCount();
    assert.ok(steps > 5_000 && steps < 5_000 * 70, `${steps} steps`);
  });

  it("finds links in any spelling, but not in versions, file names or times", () => {
    for (const text of [
      "see https://a.b",
      "HTTP://x",
      "www.shop.example",
      "go to cheap-pills.shop now",
      "ｗｗｗ.x.y",
      "a\u200b.com www.\u200bx",
    ])
      assert.ok(hasLink(text), text);
    for (const text of ["version 1.2.3", "well...ok", "file.txt", "e.g. this", "12:30"])
      assert.ok(!hasLink(text), text);
  });
});

function naive(pattern: string, text: string): boolean {
  const literal = literalOf(pattern);
  if (literal === "") return false;
  const within = foldSpelling(text);
  const isWord = (sign: string | undefined) => sign !== undefined && /[a-z0-9_]/.test(sign);
  for (let at = within.indexOf(literal); at >= 0; at = within.indexOf(literal, at + 1)) {
    const end = at + literal.length;
    const cutsBefore = isWord(literal[0]) && isWord(within[at - 1]) && !pattern.startsWith("*");
    const cutsBehind = isWord(literal.at(-1)) && isWord(within[end]) && !pattern.endsWith("*");
    if (!cutsBefore && !cutsBehind) return true;
  }
  return false;
}
