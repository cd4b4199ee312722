import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import fc from "fast-check";
import { clip } from "../testing.ts";
import { captionCharactersMax, cuesMax } from "./cue.ts";
import { parseCaptions } from "./parse.ts";
import { captionsPart, captionsPartsOf } from "./parts.ts";
import { writeWebVtt } from "./write.ts";

describe("captions", () => {
  it("are converted from SubRip to WebVTT, in any language", async () => {
    assert.equal(
      rewritten(await readFile(clip("captions-en.srt"), "utf8")),
      "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nHello <b>captions</b>\n\n00:00:02.500 --> 00:00:04.000\n字幕 второй\n",
    );
    const windows =
      '\ufeff1\r\n0:00:01,5 --> 00:00:02,000 X1:0 X2:9\r\n{\\an8}<font color="red">第一行</font>\r\nвторая <I>строка</I>\r\n\r\n';
    assert.equal(rewritten(windows), "WEBVTT\n\n00:00:01.500 --> 00:00:02.000\n第一行\nвторая <i>строка</i>\n");
  });

  it("are read from SubRip without empty lines between captions, and with some within them", () => {
    const text = [
      "1",
      "00:00:01,000 --> 00:00:02,000",
      "Hello",
      "2",
      "00:00:02,000 --> 00:00:03,000",
      "World",
      "",
      "in two parts",
      "",
      "3",
      "00:00:03,000 --> 00:00:04,000",
      "1984",
      "4",
      "00:00:05,000 --> 00:00:06,000",
      "a --> b",
      "",
      "5",
      "00:00:06,000 --> 00:00:07,000",
      "2",
      "6",
      "00:00:07,000 --> 00:00:08,000",
      "7",
      "00:00:08,000 --> 00:00:09,000",
      "End",
    ].join("\n");
    const { cues, omissions } = parseCaptions(text);
    assert.deepEqual(
      cues.map((cue) => cue.text),
      ["Hello", "World\nin two parts", "1984", "a --&gt; b", "2", "End"],
    );
    assert.deepEqual(omissions, [{ code: "captions.empty", line: 21 }]);
  });

  it("have times in all spellings of SubRip, and say which parts were left out", () => {
    const at = (timing: string) => `9\n${timing}\nsaid\n`;
    const read = (timing: string) => parseCaptions(at(timing)).cues.map(({ startMs, endMs }) => [startMs, endMs]);
    for (const timing of [
      "00:00:01:500 --> 00:00:02:000",
      "00:00:01, 500 --> 00:00:02, 000",
      "00:00:01.500-->00:00:02",
      "0:0:1,5 -> 0:0:2",
      "00:01.500 ---> 00:02",
      "00:00:01,500 => 00:00:02,000",
      "00:00:01,500 –> 00:00:02,000 X1:0 Y1:9",
    ])
      assert.deepEqual(read(timing), [[1_500, 2_000]], timing);
    const faulty = ["00:00:0x --> 00:00:02", "00:00:61,0 --> 00:00:62,0", "00:00:03,0 --> 00:00:02,0"]
      .map(at)
      .join("\n");
    const { cues, omissions } = parseCaptions(`${faulty}\n${at("00:00:01,0 --> 00:00:02,0")}${"x".repeat(4_001)}`);
    assert.equal(cues.length, 1);
    assert.deepEqual(
      omissions.map(({ code, line }) => `${line} ${code}`),
      [
        "2 captions.time_unreadable",
        "6 captions.time_unreadable",
        "10 captions.ends_before_begin",
        "14 captions.text_cut",
      ],
    );
  });

  it("are the words of a script alone: no drawing, no comment, each layer once, `\\N` and `\\h` as characters", () => {
    const script = `[Script Info]
Title: sea
[V4+ Styles]
Style: Default,Arial,20
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not shown
Dialogue: 1,0:00:02.00,0:00:03.50,Default,,0,0,0,,{\\an8\\i1}Top{\\i0}\\N{a note}second\\hline, with a comma
Dialogue: 0,0:00:02.00,0:00:03.50,Default,,0,0,0,,{\\an8\\i1}Top{\\i0}\\N{a note}second\\hline, with a comma
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\k20}Kara{\\k30}oke
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}
Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,a < b & c > d <b>
Dialogue: 0,never,0:00:05.00,Default,,0,0,0,,lost
[Fonts]
Dialogue: 0,0:00:04.00,0:00:05.00,Default,,0,0,0,,no caption`;
    const { cues, omissions } = parseCaptions(`\ufeff${script.replaceAll("\n", "\r\n")}`);
    assert.deepEqual(
      cues.map(({ startMs, endMs, text }) => [startMs, endMs, text]),
      [
        [1_000, 2_000, "Karaoke"],
        [2_000, 3_500, "<i>Top</i>\nsecond\u00a0line, with a comma"],
        [4_000, 5_000, "a &lt; b &amp; c &gt; d &lt;b&gt;"],
      ],
    );
    assert.deepEqual(omissions, [{ code: "captions.time_unreadable", line: 13 }]);
  });

  it("show hostile markup as text, and drop cues that end before they begin", async () => {
    assert.equal(
      rewritten(await readFile(clip("hostile.vtt"), "utf8")),
      "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;\n",
    );
  });

  it("lose styles, regions, notes and names of cues, and keep cue positions", () => {
    const text = `WEBVTT - title
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000

STYLE
::cue { background: url(//evil.test/x) }
00:00.000 --> 00:09.000 in a style

REGION
id:fred

NOTE
00:00.000 --> 00:09.000 in a note

intro
00:01.000 --> 00:02.000 region:fred line:10% align:start size:50% position:5%,line-left style:x vertical:rl
<c.yellow.evil.bg_blue>Hi</c>`;
    assert.equal(
      rewritten(text),
      "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:10% align:start size:50% position:5%,line-left vertical:rl\n<c.yellow.bg_blue>Hi</c>\n",
    );
  });

  it("keep readable tags, correctly closed and nested", () => {
    for (const [given, expected] of [
      ["<b><i>x</b> y</i>", "<b><i>x</i></b> y"],
      ["<v.loud Élodie & Co>Hi", "<v Élodie &amp; Co>Hi</v>"],
      ["<v>nobody</v>", "nobody"],
      ["<lang zh-Hans>你好</lang> <lang javascript:x>y</lang>", "<lang zh-Hans>你好</lang> y"],
      ["<ruby>漢<rt>kan</rt></ruby> <rt>alone</rt>", "<ruby>漢<rt>kan</rt></ruby> alone"],
      ["a <00:00:01.000>b", "a b"],
      ["1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"],
      ["&lt;script&gt; &amp;amp; &#60;b&#x3e; &nope; &#0;", "&lt;script&gt; &amp;amp; &lt;b&gt; &amp;nope; "],
      ["<b onclick=x>y</b>", "<b>y</b>"],
      ["<script\n>x", "&lt;script\n&gt;x"],
      ["<b", "&lt;b"],
      ["<B>x</B>", "<b>x</b>"],
    ])
      assert.equal(
        rewritten(`00:01.000 --> 00:02.000\n${given}`),
        `WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n${expected?.trimEnd()}\n`,
      );
  });

  it("are sorted by time, without cues that are broken, empty or beyond any video", () => {
    const text = `WEBVTT

00:05.000 --> 00:06.000
second
00:01.000 --> 00:02.000
first

00:61.000 --> 00:62.000
no such second

00:03.000 -> 00:04.000
short arrow

00:03.000 --> 00:03.000
no time

00:03.000 --> 00:04.000
<b></b>

99:00:00.000 --> 99:00:01.000
after the end`;
    assert.deepEqual(
      parseCaptions(text).cues.map((cue) => cue.text),
      ["first", "short arrow", "second"],
    );
  });

  it("are refused when they have no cue or are too large", () => {
    for (const text of ["", "WEBVTT", "hello\nworld", "\0".repeat(1_000), "PK\u0003\u0004"])
      assert.throws(() => parseCaptions(text), { code: "captions.unreadable" });
    assert.throws(() => parseCaptions("x".repeat(captionCharactersMax + 1)), { code: "captions.too_large" });
    assert.throws(() => parseCaptions("0:1.0-->0:2.0\nx\n".repeat(cuesMax + 1)), { code: "captions.too_large" });
  });

  it("contain only allowed markup for any input, and stay the same when parsed again", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const file = `00:01.000 --> 00:02.000\nx\n${parts.join("")}`;
        const text = rewritten(file);
        assert.equal(rewritten(text), text);
        const [head, ...blocks] = text.split("\n\n");
        assert.equal(head, "WEBVTT");
        for (const block of blocks) {
          assert.match(block, /^\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}( [\w:.,%-]+)*\n./);
          const said = block.slice(block.indexOf("\n") + 1);
          assert.doesNotMatch(said, /-->|&(?!(?:amp|lt|gt);)/);
          for (const [tag] of said.matchAll(/<[^]*?(?:>|$)/g))
            assert.match(
              tag,
              /^<(?:\/(?:b|i|u|c|v|lang|ruby|rt)|(?:b|i|u|c|ruby|rt)(?:\.\w+)*|v(?:\.\w+)* [^<>\n]+|lang [\w-]+)>$/,
            );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are in each part whose time they cross, with the times of the film", () => {
    const cue = (startMs: number, endMs: number, text: string) => ({ startMs, endMs, settings: "", text });
    const cues = [cue(0, 1_000, "a"), cue(29_000, 30_000, "b"), cue(29_999, 60_001, "c"), cue(95_000, 96_000, "d")];
    const parts = [1, 2, 3].map((part) => captionsPart(cues, part, 3));
    const heads = /^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00\.000\n\n/;
    for (const part of parts) assert.match(part, heads);
    assert.deepEqual(
      parts.map((part) => parseCaptions(part).cues.map(({ text }) => text)),
      [["a", "b", "c"], ["c"], ["c", "d"]],
    );
    assert.match(parts[1] ?? "", /\n00:00:29\.999 --> 00:01:00\.001\nc\n$/);
    assert.deepEqual([0, 1, 30_000, 30_001, 7_200_000].map(captionsPartsOf), [1, 1, 1, 2, 240]);
    assert.match(captionsPart([], 1, 1), /^WEBVTT\nX-TIMESTAMP-MAP=\S+\n$/);
  });

  it("are parsed in time proportional to their length", () => {
    const shapes = ["<", "<b", "&", "&#", "-->", "{\\", "<v ", "\n", "00:00.000 --> ", "</b>", "<b>", "\r", "STYLE\n"];
    for (const shape of shapes) {
      const text = `00:01.000 --> 00:02.000\n${shape.repeat(Math.floor(900_000 / shape.length))}`;
      const before = process.cpuUsage();
      try {
        parseCaptions(text);
      } catch (error) {
        assert.ok(error instanceof Error && error.name === "CaptionsRejected");
      }
      // CPU time and not real time, as a busy machine lets it wait.
      const { user, system } = process.cpuUsage(before);
      const tookMs = (user + system) / 1_000;
      assert.ok(tookMs < 2_000, `${JSON.stringify(shape)} took ${tookMs} ms`);
    }
  });
});

const rewritten = (text: string): string => writeWebVtt(parseCaptions(text).cues);

const pieces = fc.oneof(
  fc.constantFrom(
    "<b>",
    "</b>",
    "<i>",
    "<v A>",
    "</v>",
    "<c.red>",
    "<ruby>",
    "<rt>",
    "<script>",
    "<img src=x>",
    "&lt;",
    "&",
    "<",
  ),
  fc.constantFrom(
    ">",
    "\n",
    "\n\n",
    "-->",
    "00:03.000 --> 00:04.000 line:1\n",
    "STYLE\n",
    "NOTE ",
    "{\\an8}",
    "&#60;",
    "\r",
    "--",
  ),
  fc.string({ unit: "binary", maxLength: 8 }),
);
