import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { chaptersJson, chaptersOf, chaptersOfVideo } from "./chapters.ts";

describe("chapters in a description", () => {
  it("are the lines that begin with a time, in each notation", () => {
    const text =
      "A walk.\n\n0:00 Harbour\n(1:05) – Old town\n[12:30]: Market 3:00\n75:00 | Hill\r\n1:20:03 山顶：日落\n\nMusic: 1:00 of it";
    assert.deepEqual(chaptersOf(text, 0), [
      { startMs: 0, title: "Harbour" },
      { startMs: 65_000, title: "Old town" },
      { startMs: 750_000, title: "Market 3:00" },
      { startMs: 4_500_000, title: "Hill" },
      { startMs: 4_803_000, title: "山顶：日落" },
    ]);
  });

  it("have titles of at most a hundred whole characters", () => {
    const [first] = chaptersOf(`0:00 a${"🌊".repeat(120)}\n0:10 b\n0:20 c`, 0);
    assert.equal(first?.title, `a${"🌊".repeat(99)}`);
  });

  it("are ignored when the list is invalid", () => {
    const cases = {
      "two of them": "0:00 a\n0:10 b",
      "not from the beginning": "0:01 a\n0:20 b\n0:40 c",
      "closer than ten seconds": "0:00 a\n0:09 b\n0:40 c",
      "not in order": "0:00 a\n0:40 b\n0:20 c",
      "twice at the beginning": "0:00 a\n0:00 b\n0:20 c\n0:40 d",
      "a beginning in the middle": "0:00 a\n0:20 b\n0:00 c\n0:40 d",
      "times alone": "0:00\n0:20\n0:40",
      "no times": "0:60 a\n1:75:00 b\n1:2 c\n12:345 d\n0:00:0 e\n1:00:00:00 f",
      nothing: "",
    };
    for (const [name, text] of Object.entries(cases)) assert.deepEqual(chaptersOf(text, 0), [], name);
  });

  it("end with the video", () => {
    const text = "0:00 a\n0:10 b\n0:20 c\n0:30 d";
    assert.equal(chaptersOf(text, 60_000).length, 4);
    assert.equal(chaptersOf(text, 30_000).length, 3);
    assert.deepEqual(chaptersOf(text, 20_000), []);
  });

  it("are parsed from any valid list", () => {
    const gaps = fc.array(fc.integer({ min: 10, max: 4_000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(gaps, fc.boolean(), (lengths, hasHours) => {
        const starts = lengths.reduce((all, gap) => [...all, (all.at(-1) ?? 0) + gap], [0]);
        const two = (value: number) => String(value).padStart(2, "0");
        const spelt = (s: number) =>
          hasHours || s >= 60_000
            ? `${Math.floor(s / 3_600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
            : `${Math.floor(s / 60)}:${two(s % 60)}`;
        const text = starts.map((s, n) => `${spelt(s)} part ${n}`).join("\n");
        assert.deepEqual(
          chaptersOf(text, 0),
          starts.map((s, n) => ({ startMs: 1_000 * s, title: `part ${n}` })),
        );
      }),
    );
  });

  it("are in order and at least ten seconds apart in any text", () => {
    const piece = fc.constantFrom("0:00", "0:10", "1:00:00", " ", "a", "\n", ":", "(", "9", "-");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const chapters = chaptersOf(pieces.join(""), 0);
        assert.ok(chapters.length === 0 || (chapters.length >= 3 && chapters[0]?.startMs === 0));
        for (const [n, { startMs, title }] of chapters.entries()) {
          assert.ok(title.trim() !== "");
          assert.ok(n === 0 || startMs - (chapters[n - 1]?.startMs ?? 0) >= 10_000);
        }
      }),
    );
  });
});

describe("chapters of a video", () => {
  it("are those of its description, otherwise those inside its file", () => {
    const fileChapters = [
      { startMs: 0, title: "Opening" },
      { startMs: 2_500, title: "End" },
    ];
    const film = { durationMs: 60_000, fileChapters: chaptersJson(fileChapters) };
    const described = chaptersOfVideo({ ...film, description: "0:00 a\n0:10 b\n0:20 c" });
    assert.deepEqual(
      described.map(({ title }) => title),
      ["a", "b", "c"],
    );
    assert.deepEqual(chaptersOfVideo({ ...film, description: "0:00 a\n0:10 b" }), fileChapters);
    assert.deepEqual(chaptersOfVideo({ ...film, fileChapters: chaptersJson([]), description: "" }), []);
  });
});
