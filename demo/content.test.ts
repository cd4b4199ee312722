import assert from "node:assert/strict";
import { describe, it } from "node:test";
import sharp from "sharp";
import { secondsOf, stillOf } from "./art/film.ts";
import { sampleRate, samplesOf } from "./art/sound.ts";
import { viewsPerDay } from "./audience.ts";
import { clips, filmOf, playlists } from "./clips.ts";
import { creators, viewers } from "./creators.ts";

describe("the demo's content", () => {
  for (const clip of clips)
    it(`draws ${clip.name} at the beginning and in the middle, and the same at both ends of the loop`, async () => {
      const scene = clip.scene();
      const first = await pixelsOf(stillOf(scene, 0));
      const middle = await pixelsOf(stillOf(scene, 0.5));
      assert.deepEqual([first.width, first.height], [scene.size.width / 2, scene.size.height / 2]);
      assert.ok(!first.bytes.equals(middle.bytes), "nothing moves");
      assert.ok(differenceOf(first.bytes, (await pixelsOf(stillOf(scene, 1))).bytes) < 0.5, "the loop has a seam");
    });

  for (const clip of clips)
    it(`composes ${clip.name} without gaps and clicks`, async () => {
      const bytes = await samplesOf(clip.sound, soundSeconds, 1);
      const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
      const inside = samples.subarray(sampleRate, samples.length - sampleRate);
      let silence = 0;
      for (let place = 1; place < inside.length; place++) {
        silence = inside[place] === 0 ? silence + 1 : 0;
        assert.ok(silence < 24, `silence at ${place}`);
      }
    });

  it("has names, accounts and moments that exist", () => {
    const usernames = new Set<string>([...creators.map(({ username }) => username), ...viewers.map(([name]) => name)]);
    assert.equal(usernames.size, creators.length + viewers.length);
    const names = new Set(clips.map(({ name }) => name));
    assert.equal(names.size, clips.length);
    for (const clip of clips) {
      const seconds = secondsOf(filmOf(clip));
      assert.ok(seconds >= 6 && seconds <= 40, `${clip.name} lasts ${seconds} s`);
      for (const [at] of clip.danmaku) assert.ok(at < seconds, `${clip.name} ends before ${at} s`);
      const chapters = clip.description.match(/^\d+:\d+/gm) ?? [];
      for (const chapter of chapters)
        assert.ok(Number(chapter.slice(2)) < seconds, `${clip.name} ends before ${chapter}`);
    }
    for (const { clips: listed } of playlists) for (const name of listed) assert.ok(names.has(name), name);
  });

  it("spreads views over the days since publication, more of them now where a clip is a hit", () => {
    const quiet = viewsPerDay({ views: 700, trend: 0 }, 100, 114);
    const hit = viewsPerDay({ views: 700, trend: 1 }, 100, 114);
    assert.deepEqual(
      quiet.map(({ day }) => day),
      Array.from({ length: 15 }, (_, i) => 100 + i),
    );
    const sum = quiet.reduce((total, { views }) => total + views, 0);
    assert.ok(Math.abs(sum - 700) < 15);
    assert.ok((hit.at(-1)?.views ?? 0) > 5 * (quiet.at(-1)?.views ?? 0));
  });
});

/** Longer than two chords of any clip. */
const soundSeconds = 12;

/** Half the size is enough to see a difference. */
async function pixelsOf(svg: string): Promise<{ bytes: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(Buffer.from(svg), { density: 36 }).raw().toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height };
}

/** The mean difference of the bytes, 0 to 255. */
function differenceOf(a: Buffer, b: Buffer): number {
  let sum = 0;
  for (let place = 0; place < a.length; place++) sum += Math.abs((a[place] ?? 0) - (b[place] ?? 0));
  return sum / a.length;
}
