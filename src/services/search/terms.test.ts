import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nameKey } from "#kernel/text";
import fc from "fast-check";
import { isDisplayable, keywordOf } from "./keywords.ts";
import { gramsOf, nameNeedlesOf, needlesOf, termsOf, tsqueryOf } from "./terms.ts";

/** What PostgreSQL does with them. */
const has = (terms: readonly string[], asked: string): boolean =>
  needlesOf(asked).every(({ term, as }) =>
    terms.some(
      (one) => (as === "whole" ? one === term : one.startsWith(term)) || (as === "part" && one.startsWith(`~${term}`)),
    ),
  );

describe("terms of a text", () => {
  it("are its words, and character pairs in scripts without spaces", () => {
    const terms = ["sea", "side", "~ide", "full", "~ull", "4k", "画质", "质", "🎉"];
    assert.deepEqual(termsOf("Sea_Side, ＦＵＬＬ 4K画质 🎉"), terms);
    assert.deepEqual(needlesOf("4K画质好"), [
      { term: "4k", as: "start" },
      { term: "画质", as: "whole" },
      { term: "质好", as: "whole" },
    ]);
    assert.deepEqual(needlesOf("好"), [{ term: "好", as: "start" }]);
    assert.deepEqual(needlesOf("Phone"), [{ term: "phone", as: "part" }]);
    for (const empty of ["", "%", "_", "\\", "' & !", "***", "、。"]) assert.deepEqual(needlesOf(empty), [], empty);
  });

  it("include every pair of adjacent CJK characters, and every single one", () => {
    const cjk = fc.string({
      unit: fc.constantFrom(...Array.from("海上日落東京ひらカタ한글，。a ")),
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(cjk, fc.nat(), (text, place) => {
        const letters = [...text];
        const at = place % (letters.length - 1);
        const pair = `${letters[at]}${letters[at + 1]}`;
        if (!/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2}$/u.test(pair)) return;
        assert.ok(has(termsOf(text), pair), pair);
        assert.ok(has(termsOf(text), letters[at] ?? ""), letters[at]);
      }),
    );
  });

  it("match a word by any substring of three letters or more, and shorter queries by its prefix alone", () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from("abcé9")), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), word, (words, part) => {
        const naive = words.some((one) => ([...part].length < 3 ? one.startsWith(part) : one.includes(part)));
        assert.equal(has(termsOf(words.join(" ")), part), naive);
      }),
    );
    assert.ok(has(termsOf("Smartphones"), "PHONE") && !has(termsOf("disease"), "se"));
  });

  it("match a word by any prefix, whatever the case and width", () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from("abcXYZéñ09")), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.nat(), fc.nat(), (words, which, length) => {
        const chosen = words[which % words.length] ?? "";
        const start = [...chosen].slice(0, 1 + (length % [...chosen].length)).join("");
        assert.ok(has(termsOf(words.join(" ")), start.toUpperCase()), start);
      }),
    );
  });

  it("agree with a naive model for words", () => {
    const word = fc.string({ unit: fc.constantFrom(...Array.from("ab")), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), fc.array(word, { minLength: 1, maxLength: 3 }), (text, asked) => {
        const naive = asked.every((one) =>
          text.some((other) => (one.length < 3 ? other.startsWith(one) : other.includes(one))),
        );
        assert.equal(has(termsOf(text.join(" ")), asked.join(", ")), naive);
      }),
    );
  });

  it("are bounded and quick for any query", () => {
    const hostile = [
      "a".repeat(50_000),
      "海".repeat(50_000),
      "a 海".repeat(16_000),
      "'\\&|!():*<->".repeat(4_000),
      "#".repeat(50_000),
    ];
    for (const text of hostile) {
      const before = process.cpuUsage();
      assert.ok(needlesOf(text).length <= 12);
      assert.ok(nameNeedlesOf(text).length <= 12);
      termsOf(text);
      gramsOf(text);
      const { user, system } = process.cpuUsage(before);
      // A step per pair of characters would be some two thousand million; a busy machine is slow by a few times.
      assert.ok((user + system) / 1_000 < 2_000, `${text.slice(0, 4)}: ${(user + system) / 1_000} ms`);
    }
  });

  it("are quoted so that PostgreSQL reads them literally", () => {
    assert.equal(
      tsqueryOf([
        { term: "a'b\\", as: "start" },
        { term: "海", as: "whole" },
        { term: "a'b\\", as: "part" },
      ]),
      "'a''b\\\\':* & '海' & ('a''b\\\\':* | '~a''b\\\\':*)",
    );
  });
});

describe("displayable keywords", () => {
  it("are one word or a few, and no single letters, paragraphs, URLs or numbers", () => {
    for (const word of ["sea", "日落", "ab", "blade runner 2049", "x".repeat(50)])
      assert.ok(isDisplayable(nameKey(word)), word);
    for (const word of [
      "a",
      "海",
      "me@example.com",
      "13812345678",
      "+1 555 010-9999",
      "https://x",
      "!!",
      "x".repeat(51),
    ])
      assert.ok(!isDisplayable(nameKey(word)), word);
    assert.equal(keywordOf("  two\n words "), "two words");
  });
});
