import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { transcodingCompleted } from "#events/transcoder";
import { contract, on, plugin } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { testTools, without } from "#media/testing";
import { media } from "#services/media/contract";
import { clipPath, MediaFixture } from "../testing.ts";

const execute = promisify(execFile);
const tools = await testTools();

describe("a source that can be decoded in part", { skip: without(tools, "FFmpeg") }, () => {
  before(async () => {
    await fixture.open();
    await fixture.host.add(listener);
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("fails as encrypted where it is, and nothing of it is published", async () => {
    const key = "-encryption_scheme cenc-aes-ctr -encryption_key 00112233445566778899aabbccddeeff";
    const encryption = `${key} -encryption_kid 0123456789abcdef0123456789abcdef`.split(" ");
    const bytes = await film(["-i", clipPath("basic-720p.mp4"), "-c", "copy", ...encryption]);
    assert.deepEqual(await refusalOf(bytes), ["failed", "media.encrypted", []]);
  });

  it("fails as unreadable where all its key frames are noise, and nothing of it is published", async () => {
    const bytes = await film([...pictures, "-bsf:v", "noise=amount=20"]);
    assert.deepEqual(await refusalOf(bytes), ["failed", "media.unreadable", []]);
  });

  it("is encoded where a key frame is damaged, which players end at", async () => {
    const { id } = await fixture.sendBytes(
      await film([...pictures, "-bsf:v", "noise=amount='if(gt(n,90),20,0)'"]),
      "film.mp4",
      userId,
    );
    const { status } = await fixture.when(id, userId, (item) => item.status !== "processing");
    assert.equal(status, "ready");
    const { renditions } = await fixture.host.client(media).playable({ id }, callOf());
    assert.equal(renditions.length, 1);
    await using file = await fixture.blob.local(renditions[0]?.video?.key ?? "");
    assert.ok(file && tools);
    const decoding = ["-v", "error", "-xerror", "-i", file.path, "-f", "null", "-"];
    assert.equal((await execute(tools.ffmpeg.path, decoding)).stderr, "");
  });

  for (const codecs of ["-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac", "-c:v mpeg4 -c:a aac"])
    it(`plays its next sound where the first is noise, and says so: ${codecs}`, async () => {
      const [whole, args] = [join(fixture.folder, "whole.mp4"), `${twoSounds} ${codecs}`.split(" ")];
      assert.ok(tools);
      await execute(tools.ffmpeg.path, ["-v", "error", "-y", ...args, whole]);
      const noise = (streams: string) => [
        "-i",
        whole,
        ..."-map 0 -c copy".split(" "),
        `-bsf:${streams}`,
        "noise=amount=1",
      ];
      const withNext = await publishedOf(await film(noise("a:0")));
      assert.deepEqual(withNext, { hz: 880, notices: ["media.sound_left_out"] });
      const withoutSound = await publishedOf(await film(noise("a")));
      assert.deepEqual(withoutSound, { hz: undefined, notices: ["media.no_sound"] });
    });
});

const twoSounds =
  "-f lavfi -i testsrc2=s=160x90:r=25:d=3 -f lavfi -i sine=440:r=48000:d=3 -f lavfi -i sine=880:r=48000:d=3 -map 0 -map 1 -map 2 -g 25";

/** The frequency of the sound that is published, and the notices for its owner. */
async function publishedOf(bytes: Uint8Array) {
  const { id } = await fixture.sendBytes(bytes, "film.mp4", userId);
  const item = await fixture.when(id, userId, ({ status }) => status !== "processing");
  await fixture.host.drain();
  const { audio } = await fixture.host.client(media).playable({ id }, callOf());
  assert.equal(item.status, "ready");
  return { hz: audio?.key && (await frequencyOf(audio.key)), notices: item.notices.map(({ code }) => code) };
}

/** The frequency of a tone by how often it passes zero, to ten. */
async function frequencyOf(key: string): Promise<number> {
  await using file = await fixture.blob.local(key);
  assert.ok(file && tools);
  const args = ["-v", "error", "-i", file.path, ..."-ss 0.5 -t 1 -ac 1 -ar 48000 -f s16le pipe:1".split(" ")];
  const { stdout } = await execute(tools.ffmpeg.path, args, { encoding: "buffer" });
  const samples = new Int16Array(stdout.buffer, stdout.byteOffset, stdout.length / 2);
  const passes = samples.reduce((sum, sample, n) => sum + (sample >= 0 && (samples[n - 1] ?? 0) < 0 ? 1 : 0), 0);
  return Math.round(passes / (samples.length / 48_000) / 10) * 10;
}

const userId = 11;
const fixture = new MediaFixture();
const published: number[] = [];
const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [on(transcodingCompleted, async (_, { mediaId }) => void published.push(mediaId))],
  }),
});

/** Six seconds of H.264 as browsers play it, with a key frame every second. */
const pictures = "-f lavfi -i testsrc2=s=320x240:r=25:d=6 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25".split(
  " ",
);
async function film(args: readonly string[]): Promise<Buffer> {
  assert.ok(tools);
  const path = join(fixture.folder, "film.mp4");
  await execute(tools.ffmpeg.path, ["-v", "error", "-y", ...args, path]);
  return readFile(path);
}

/** How a film ends of which nothing was published. */
async function refusalOf(bytes: Uint8Array) {
  const { id } = await fixture.sendBytes(bytes, "film.mp4", userId);
  const { status, statusReason, renditions } = await fixture.when(id, userId, (item) => item.status !== "processing");
  await fixture.host.drain();
  assert.ok(!published.includes(id));
  return [status, statusReason?.error, renditions];
}
