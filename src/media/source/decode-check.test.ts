import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { checkedPlaces, decodeArguments } from "./decode-check.ts";
import { folder, probeFile, testTools, without } from "../testing.ts";

const execute = promisify(execFile);
const tools = await testTools();

describe("the check of a film's decoding", { skip: without(tools, "FFmpeg") }, () => {
  it("reads little of a long film, whatever its streams are", async (test) => {
    assert.ok(tools);
    const film = join(await folder(test), "film.mp4");
    const sources = "-f lavfi -i testsrc2=s=320x180:r=25:d=60 -f lavfi -i sine=d=60 -map 0 -map 1 -map 1";
    const codecs = "-c:v libx264 -preset ultrafast -g 50 -pix_fmt yuv420p -c:a aac";
    await execute(tools.ffmpeg.path, ["-v", "error", ...`${sources} ${codecs}`.split(" "), film]);
    const facts = await probeFile(tools, film);
    const sounds = [facts.audio, ...(facts.otherAudio ?? [])].filter((sound) => sound !== undefined);
    assert.equal(sounds.length, 2);
    const { size } = await stat(film);
    for (const checked of [
      { video: facts.video, sounds },
      { video: undefined, sounds },
    ]) {
      const args = decodeArguments(film, facts, checked, checkedPlaces);
      const bytes = await bytesRead(tools.ffmpeg.path, args);
      assert.equal(bytes.length, checkedPlaces.length);
      assert.ok(Math.max(...bytes) < size / 8, `${bytes.join()} of ${size}`);
    }
  });
});

/** How much FFmpeg reads of each input, in bytes. */
async function bytesRead(ffmpeg: string, args: readonly string[]): Promise<number[]> {
  const { stderr } = await execute(ffmpeg, ["-nostdin", ...args, "-loglevel", "verbose"]);
  return [...stderr.matchAll(/\((\d+) bytes\) demuxed/g)].map(([, count]) => Number(count));
}
