import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { HighlightRange } from "#base/api/types.ts";
import { excerptOf, highlightParts, nameHighlights, shortLine } from "./highlight.ts";

const markedIn = (text: string, ranges: readonly HighlightRange[]) =>
  highlightParts(text, ranges).flatMap((part) => (part.isMatch ? [part.text] : []));
const markedInName = (name: string, query: string) => markedIn(name, nameHighlights(name, query));

const texts = fc.string({ unit: fc.constantFrom(...Array.from("aAb海日👍 .*\\([İ<>")), maxLength: 90 });
const textsWithRanges = texts.chain((text) =>
  fc
    .uniqueArray(fc.nat(text.length), { maxLength: 8 })
    .map((places) => places.toSorted((a, b) => a - b))
    .map((places) => ({
      text,
      ranges: places.flatMap((from, n) => (n % 2 === 0 ? [{ from, to: places[n + 1] ?? text.length }] : [])),
    })),
);

describe("the highlights of a text", () => {
  it("are its units from the first up to, not including, the second", () => {
    assert.deepEqual(highlightParts("Harbour at dusk", [{ from: 11, to: 15 }]), [
      { text: "Harbour at ", isMatch: false, isNear: false },
      { text: "dusk", isMatch: true, isNear: false },
    ]);
    assert.deepEqual(highlightParts("", []), []);
  });

  it("keep the text unchanged for any ranges", () => {
    fc.assert(
      fc.property(textsWithRanges, ({ text, ranges }) => {
        const parts = highlightParts(text, ranges);
        assert.equal(parts.map((part) => part.text).join(""), text);
        assert.equal(
          parts.flatMap((part) => (part.isMatch ? [part.text] : [])).join(""),
          ranges.map(({ from, to }) => text.slice(from, to)).join(""),
        );
      }),
    );
  });
});

describe("the highlights of a name", () => {
  it("cover each word of the query in any part of the name, without @, # and quotes", () => {
    assert.deepEqual(markedInName("Joanna", "@ANNA"), ["anna"]);
    assert.deepEqual(markedInName("Jonas Lindqvist", '"lind" jonas'), ["Jonas", "Lind"]);
    assert.deepEqual(markedInName("海上日落", "#日落"), ["日落"]);
    assert.deepEqual(markedInName("banana", "ana"), ["anana"]);
  });

  it("cover a single letter where a word begins with it, and a single character anywhere", () => {
    assert.deepEqual(nameHighlights("Aurora Alba", "a"), [
      { from: 0, to: 1 },
      { from: 7, to: 8 },
    ]);
    assert.deepEqual(markedInName("海上日落", "日"), ["日"]);
  });

  it("are none for a query without words, and where folding moves letters", () => {
    assert.deepEqual(markedInName("Joanna", '@ # "'), []);
    assert.deepEqual(markedInName("İsa", "isa"), []);
  });
});

describe("the excerpt of a description", () => {
  const far = "Lanterns up, awnings out, everybody a little hungry. Drawn from the corner by the dumpling stall.";
  const at = (text: string, word: string) => ({ from: text.indexOf(word), to: text.indexOf(word) + word.length });

  it("is the whole text where its first mark is near the beginning, or it has none", () => {
    const ranges = [at(far, "hungry")].map(({ from, to }) => ({ from: from - 10, to: to - 10 }));
    assert.deepEqual(excerptOf(far, ranges), { text: far, ranges });
    assert.deepEqual(excerptOf(far, []), { text: far, ranges: [] });
  });

  it("begins at a word a little before a first mark far in", () => {
    const { text, ranges } = excerptOf(far, [at(far, "dumpling")]);
    assert.equal(text, "…from the corner by the dumpling stall.");
    assert.deepEqual(markedIn(text, ranges), ["dumpling"]);
  });

  it("begins close to its first mark where its line is short", () => {
    const said = "The lighthouse keeper waves at the harbour";
    const { text, ranges } = excerptOf(said, [at(said, "harbour")], shortLine);
    assert.equal(text, "…at the harbour");
    assert.deepEqual(markedIn(text, ranges), ["harbour"]);
    assert.equal(excerptOf(said, [at(said, "lighthouse")], shortLine).text, said);
  });

  it("begins between characters where the text has no blanks", () => {
    const { text } = excerptOf(`${"海".repeat(40)}👍👍👍👍👍👍👍👍👍👍👍👍.日落`, [{ from: 65, to: 67 }]);
    assert.equal(text, `…${"👍".repeat(11)}.日落`);
  });

  it("marks the same words as the whole text", () => {
    fc.assert(
      fc.property(texts, textsWithRanges, fc.constantFrom(0, 60), (lead, { text: rest, ranges: near }, padding) => {
        const before = lead.padEnd(padding, "海");
        const text = before + rest;
        const ranges = near.map(({ from, to }) => ({ from: from + before.length, to: to + before.length }));
        const excerpt = excerptOf(text, ranges);
        const wordsIn = (one: typeof excerpt) => one.ranges.map(({ from, to }) => one.text.slice(from, to));
        assert.deepEqual(wordsIn(excerpt), wordsIn({ text, ranges }));
        assert.ok(text.endsWith(excerpt.text.replace(/^…/, "")));
      }),
    );
  });
});
