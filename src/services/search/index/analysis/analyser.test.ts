import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { analyse, type TermKind } from "./analyser.ts";
import { fold } from "./fold.ts";

describe("the analyser", () => {
  it("stems English words, and keeps them as they are written beside", () => {
    assert.deepEqual(terms("Running dogs", "word"), ["run", "dog"]);
    assert.deepEqual(terms("Running dogs", "surface"), ["running", "dogs"]);
    assert.deepEqual(terms("бегущие собаки", "word"), ["бегущие", "собаки"]);
  });

  it("folds case, width, ligatures and the diacritics of Latin letters", () => {
    assert.deepEqual(terms("ＣＡＦÉ ﬁlm Łódź Straße Ångström", "surface"), [
      "cafe",
      "film",
      "lodz",
      "strasse",
      "angstrom",
    ]);
    assert.deepEqual(terms("йод ёлка", "surface"), ["йод", "ёлка"]);
  });

  it("yields words, pairs and single characters of scripts without spaces", () => {
    assert.deepEqual(terms("恐龙动画", "word"), ["恐龙", "动画"]);
    assert.deepEqual(terms("恐龙动画", "gram"), ["恐", "恐龙", "龙", "龙动", "动", "动画", "画"]);
    for (const text of ["東京タワー", "한국어", "ภาษาไทย"]) assert.ok(terms(text, "gram").length > 2, text);
  });

  it("composes half-width kana and Hangul jamo with their marks", () => {
    assert.deepEqual(terms("ｶﾞ", "gram"), ["ガ"]);
    assert.deepEqual(terms("\u1112\u1161\u11ab", "gram"), ["한"]);
  });

  it("keeps emoji, numbers, hashtags, and the names of languages", () => {
    assert.deepEqual(terms("🎉 👍🏽 👨‍👩‍👧 🇨🇳 ❤️", "word"), ["🎉", "👍", "👨‍👩‍👧", "🇨🇳", "❤"]);
    assert.deepEqual(terms("2024 3d", "surface"), ["2024", "3d"]);
    assert.deepEqual(terms("#Cats #恐龙", "word"), ["cat", "#cats", "#恐龙", "恐龙"]);
    assert.deepEqual(terms("C++ c# don't Anna's", "surface"), ["c++", "c#", "dont", "anna"]);
  });

  it("counts positions by words and characters, so that neighbours are one apart", () => {
    const positions = analyse("Go语言 rocks").flatMap(({ kind, position, span }) =>
      kind === "word" ? [[position, span]] : [],
    );
    assert.deepEqual(positions, [
      [0, 1],
      [1, 2],
      [3, 1],
    ]);
  });

  it("gives offsets in the text as it was written", () => {
    const text = "🎬 Ｔｈｅ ﬁnal cafe\u0301 — 恐龙";
    const written = analyse(text).flatMap(({ kind, from, to }) => (kind === "gram" ? [] : [text.slice(from, to)]));
    assert.deepEqual([...new Set(written)], ["🎬", "Ｔｈｅ", "ﬁnal", "cafe\u0301", "恐龙"]);
  });

  it("has offsets within any text, in order, and folds no part differently from the whole", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const { text: folded, starts, ends } = fold(text);
        assert.equal(starts?.length ?? text.length, folded.length);
        for (let n = 0; n < folded.length; n++) {
          const [from = n, to = n + 1] = [starts?.[n], ends?.[n]];
          assert.ok(from >= 0 && from < to && to <= text.length);
          assert.ok(n === 0 || from >= (starts?.[n - 1] ?? n - 1));
        }
        for (const { term, from, to, span } of analyse(text)) {
          assert.ok(from >= 0 && from < to && to <= text.length && span > 0);
          assert.ok(term.length > 0);
        }
        assert.deepEqual(fold(folded).text, fold(fold(folded).text).text);
      }),
    );
  });

  it("yields the same terms for a text in any normal form", () => {
    fc.assert(
      fc.property(fc.constantFrom("Crème Brûlée", "한국어 영상", "ガンダム", "Việt Nam", "ﬀ Ⅷ ㈱"), (text) => {
        for (const form of ["NFC", "NFD", "NFKC", "NFKD"] as const)
          assert.deepEqual(
            analyse(text.normalize(form)).map(({ term }) => term),
            analyse(text).map(({ term }) => term),
          );
      }),
    );
  });

  it("cuts long words, and takes time in proportion to any text", () => {
    assert.equal(terms("a".repeat(10_000), "surface")[0]?.length, 40);
    const [short, long] = [12_500, 50_000];
    for (const unit of [
      "a",
      "的",
      "e\u0301",
      "\u0301",
      "\u0301\u0316",
      "#",
      '"',
      "'",
      "a'",
      "🎉",
      "👨‍",
      "ﷺ",
      "ก",
      "y ",
      "ing",
      "\u0000",
      "\ud800",
    ]) {
      const text = unit.repeat(long / unit.length);
      analyse(text);
      const quick = fastest(() => analyse(text.slice(0, short)));
      const slow = fastest(() => analyse(text));
      assert.ok(
        slow < 12 * quick + 60,
        `${JSON.stringify(unit)}: ${slow.toFixed(1)} ms, of a quarter ${quick.toFixed(1)} ms`,
      );
    }
  });
});

const terms = (text: string, kind: TermKind): string[] =>
  analyse(text).flatMap((token) => (token.kind === kind ? [token.term] : []));

/** CPU time, the least of several: other processes share the machine. */
function fastest(run: () => void): number {
  const times = Array.from({ length: 4 }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...times);
}
