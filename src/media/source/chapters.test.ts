import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { chaptersMax, chaptersOf } from "./chapters.ts";
import { folder, probeFile, testTools, without } from "../testing.ts";

const tools = await testTools();
const execute = promisify(execFile);

describe("chapters inside a file", () => {
  it("begin with the film, are in order, and have one line of title or a number", () => {
    const facts = [
      { startSeconds: 130, title: `  the\u0007end ${"x".repeat(80)}` },
      { startSeconds: 10.04, title: "Opening\nwith a second line" },
      { startSeconds: 70 },
      { startSeconds: 71.5, title: "\u202e" },
    ];
    assert.deepEqual(chaptersOf(facts, { startSeconds: 10, durationMs: 200_000 }), [
      { startMs: 0, title: "Opening" },
      { startMs: 60_000, title: "3" },
      { startMs: 61_500, title: "4" },
      { startMs: 120_000, title: `the end ${"x".repeat(52)}` },
    ]);
  });

  it("are left out where they begin outside of the film, or with another one", () => {
    const film = { startSeconds: 0, durationMs: 20_000 };
    const at = (...starts: number[]) => starts.map((startSeconds) => ({ startSeconds, title: "a" }));
    const starts = (...given: number[]) => chaptersOf(at(...given), film).map(({ startMs }) => startMs);
    assert.deepEqual(starts(-5, 0, 0.5, 4, 4.999, 5, 19, 20, 1e300), [0, 4_000, 5_000, 19_000]);
    assert.deepEqual(starts(3, 20), []);
    assert.deepEqual(starts(), []);
  });

  it("are at most a hundred, a second apart, for any file", () => {
    const facts = fc.record({
      startSeconds: fc.double({ noNaN: true }),
      title: fc.option(fc.string(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 300 }), (given) => {
        const spread = [...given, ...given.map((one, n) => ({ ...one, startSeconds: n * 1.1 }))];
        const chapters = chaptersOf(spread, { startSeconds: 0, durationMs: 1_000_000 });
        assert.ok(chapters.length <= chaptersMax && chapters.length !== 1);
        for (const [n, { startMs, title }] of chapters.entries()) {
          assert.ok(title.length > 0 && title.length <= 60 && !/\p{Cc}/u.test(title));
          assert.ok(startMs >= 0 && (n === 0 || startMs - (chapters[n - 1]?.startMs ?? 0) >= 1_000));
        }
      }),
    );
  });

  for (const name of ["film.mkv", "film.mp4"])
    it(`are found in ${name}, with and without ffprobe`, { skip: without(tools, "FFmpeg") }, async (t) => {
      assert.ok(tools);
      const at = await folder(t);
      const [list, film] = [join(at, "chapters.txt"), join(at, name)];
      await writeFile(list, metadata);
      const source = "-f lavfi -i testsrc2=s=160x90:r=10:d=9".split(" ");
      const output = "-map_metadata 1 -map_chapters 1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p".split(" ");
      await execute(tools.ffmpeg.path, ["-v", "error", ...source, "-f", "ffmetadata", "-i", list, ...output, film]);
      for (const used of [tools, { ...tools, ffmpeg: { ...tools.ffmpeg, ffprobe: undefined } }])
        assert.deepEqual((await probeFile(used, film)).chapters, [
          { startMs: 0, title: "Öffnung: Teil 1" },
          { startMs: 4_000, title: "二" },
          { startMs: 6_500, title: "3" },
        ]);
    });
});

const metadata = [
  ";FFMETADATA1",
  ...["0,4000,Öffnung: Teil 1", "4000,6500,二\\\nnext line", "6500,9000,"].map(chapter),
].join("\n");
function chapter(text: string): string {
  const [start, end, title] = text.split(",");
  return `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${start}\nEND=${end}${title ? `\ntitle=${title}` : ""}`;
}
