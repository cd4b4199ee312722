import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { highlights } from "./highlights.ts";
import { analyse } from "../analysis/analyser.ts";
import { parse } from "../query/parser.ts";
import { occurrencesOf, soughtBy } from "./occurrences.ts";

describe("highlights", () => {
  it("mark what matches by stem, beginning, typing error, phrase and characters", () => {
    const cases = [
      ["Running with dogs", "run dog", ["Running", "dogs"]],
      ["Computational art", "comput", ["Computational"]],
      ["Computational art", "comp", ["Computational"]],
      ["Minecraft castle", "minecrft", ["Minecraft"]],
      ["big red bus, red bus", '"red bus"', ["red bus", "red bus"]],
      ["恐龙世界动画片", "恐龙动画", ["恐龙", "动画"]],
      ["新しいコンピュータを", "コンピュータ", ["コンピュータ"]],
      ["长安十二时辰", "十二时", ["十二时"]],
      ["party 🎉 time", "🎉", ["🎉"]],
      ["the cat and the dog", "the cat", ["cat"]],
      ["watch #cats now", "#cats", ["#cats"]],
    ] as const;
    for (const [text, query, found] of cases) assert.deepEqual(marked(text, query), found, query);
  });

  it("have offsets in the text as it was written", () => {
    assert.deepEqual(marked("🎬 ＣＡＦＥ\u0301 ﬁlms", "café film"), ["ＣＡＦＥ\u0301", "ﬁlms"]);
  });

  it("lie in order within any text, and never touch", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.string({ unit: "grapheme", maxLength: 10 }),
        (text, query) => {
          let last = -1;
          for (const [from, to] of highlights(`${text} ${query}`, query)) {
            assert.ok(from > last && to > from && to <= text.length + 1 + query.length);
            last = to;
          }
        },
      ),
    );
  });

  it("are the same where all characters of a text are looked at", () => {
    const part = fc.constantFrom(
      ..."恐 龙 世 界 动 画 片 的 猫 ー # 🎉".split(" "),
      "恐龙",
      "动画",
      "cat",
      "cats",
      "running",
      " ",
      '"',
    );
    const written = (max: number) => fc.array(part, { maxLength: max }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(written(40), written(6), (text, query) => {
        const sought = soughtBy(parse(query));
        const grams = new Set(analyse(text).flatMap(({ kind, term }) => (kind === "gram" ? term : [])));
        const all = { ...sought, grams };
        assert.deepEqual(occurrencesOf(text, sought), occurrencesOf(text, all));
      }),
    );
  });

  it("have each word of the query that is a word of the text", () => {
    const written = (maxLength: number) =>
      fc
        .array(fc.constantFrom(..."恐 龙 世 界 动 画 片 的".split(" ")), { minLength: 1, maxLength })
        .map((characters) => characters.join(""));
    fc.assert(
      fc.property(written(30), written(6), (text, query) => {
        const words = new Set(parse(query).flatMap(({ isRequired, word }) => (isRequired ? word : [])));
        const stretches = highlights(text, query);
        for (const { kind, term, from, to } of analyse(text))
          if (kind === "word" && words.has(term))
            assert.ok(
              stretches.some(([start, end]) => start <= from && to <= end),
              term,
            );
      }),
    );
  });
});

const marked = (text: string, query: string): string[] =>
  highlights(text, query).map(([from, to]) => text.slice(from, to));
