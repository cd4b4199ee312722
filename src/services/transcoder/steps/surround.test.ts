import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { callOf } from "#kernel/host/testing";
import { indexFile, testTools, without } from "#media/testing";
import { media } from "#services/media/contract";
import { until } from "#test/until";
import { MediaFixture } from "../testing.ts";

const tools = await testTools();

describe("sound with more than five channels", { skip: without(tools, "FFmpeg") }, () => {
  before(() => fixture.open());
  after(() => fixture[Symbol.asyncDispose]());

  for (const [what, codec, layout] of [
    ["5.1 in AAC", "aac", "5.1"],
    ["7.1 in FLAC", "flac", "7.1"],
  ] as const)
    it(`is offered in 5.1 beside the stereo that plays by default: ${what}`, async () => {
      assert.ok(tools);
      const path = join(fixture.folder, "film.mkv");
      const source = `-v error -y -f lavfi -i anoisesrc=d=3:r=48000,aformat=channel_layouts=${layout} -c:a ${codec}`;
      const film = [...source.split(" "), "-metadata:s:a", "language=eng", path];
      await promisify(execFile)(tools.ffmpeg.path, film);
      const { id } = await fixture.sendBytes(await readFile(path), "film.mkv", userId);
      await until(async () => (await client.task({ id }, callOf(userId))).status === "completed");
      const { audio, otherSounds } = await client.playable({ id }, callOf());
      assert.deepEqual(
        otherSounds.map(({ number, language, label }) => [number, language, label]),
        [[2, "en", "English 5.1"]],
      );
      assert.deepEqual([await channelsOf(audio?.key), await channelsOf(otherSounds[0]?.key)], [2, 6]);
    });
});

const userId = 11;
const fixture = new MediaFixture();
const client = fixture.host.client(media);

async function channelsOf(key: string | undefined): Promise<number | undefined> {
  await using file = await fixture.blob.local(key ?? "");
  assert.ok(file);
  return (await indexFile(file.path)).channels;
}
