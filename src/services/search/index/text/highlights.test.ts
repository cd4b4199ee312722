import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { highlights } from "./highlights.ts";
import { bestCue, snippetOf } from "./snippet.ts";

describe("highlights", () => {
  it("mark what matches by stem, beginning, typing error, phrase and characters", () => {
    const cases = [
      ["Running with dogs", "run dog", ["Running", "dogs"]],
      ["Computational art", "comput", ["Computational"]],
      ["Computational art", "comp", ["Computational"]],
      ["Minecraft castle", "minecrft", ["Minecraft"]],
      ["big red bus, red bus", '"red bus"', ["red bus", "red bus"]],
      ["恐龙世界动画片", "恐龙动画", ["恐龙", "动画"]],
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
});

describe("a snippet", () => {
  it("is the part of a long text with the most words of the query", () => {
    const text = `${"filler words here. ".repeat(40)}a cat alone. ${"more filler. ".repeat(40)}a cat and a dog. ${"end. ".repeat(50)}`;
    const { from, to, highlights: stretches } = snippetOf(text, "cat dog", 80);
    const part = text.slice(from, to);
    assert.match(part, /cat and a dog/);
    assert.ok(part.length <= 80 && !/^\s/.test(part));
    assert.deepEqual(
      stretches.map(([start, end]) => text.slice(start, end)),
      ["cat", "dog"],
    );
  });

  it("is the beginning where the query is not in the text, and whole for a short text", () => {
    assert.deepEqual(snippetOf("one two three four", "absent", 9), { from: 0, to: 7, highlights: [] });
    assert.deepEqual(snippetOf("one", "one"), { from: 0, to: 3, highlights: [[0, 3]] });
  });

  it("cuts no character in two", () => {
    for (const text of ["🎉".repeat(100), `${"🎉".repeat(50)}a恐龙${"🎉".repeat(50)}`])
      for (const max of [60, 61]) {
        const { from, to } = snippetOf(text, "恐龙", max);
        assert.ok(text.slice(from, to).isWellFormed(), `${from} ${to}`);
      }
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("🎉", "a", " ", "恐龙"), { minLength: 60, maxLength: 80 }),
        fc.integer({ min: 35, max: 60 }),
        (parts, max) => {
          const text = parts.join("");
          const { from, to } = snippetOf(text, "🎉 恐龙", max);
          assert.ok(to - from <= max && text.slice(from, to).isWellFormed());
        },
      ),
    );
  });

  it("of captions is the cue with the most words, the first of several", () => {
    const cues = ["nothing", "a dog", "cats and dogs", "dogs and cats"];
    assert.deepEqual(bestCue(cues, "cat dog"), {
      cue: 2,
      highlights: [
        [0, 4],
        [9, 13],
      ],
    });
    assert.equal(bestCue(cues, "horse"), undefined);
  });
});

const marked = (text: string, query: string): string[] =>
  highlights(text, query).map(([from, to]) => text.slice(from, to));
