import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import { systemChildren } from "#media/process/children";
import { probe } from "#media/source/probe";
import { MediaRejected } from "#media/rejection";
import { mediaContainer } from "#media/sniff";
import { media, type Playable } from "#services/media/contract";
import type { z } from "zod";
import { type Account, type Answered, clip, Platform } from "../platform/platform.ts";
import { until } from "../until.ts";
import { captions, longSeconds, processed, ready, refused, rejected } from "./outcomes.ts";
import { decoded, endsWhole, framesOf, longFilm, trackFacts, timesOf, tools } from "./tracks.ts";
import { cpuTimeOf } from "../process/cpu-time.ts";

const folder = join(import.meta.dirname, "../media");
describe("the media pipeline", () => {
  before(async () => {
    await platform.open();
    mira = await platform.join();
    for (const name of Object.keys(processed)) sent.set(name, await send(name, await bytesOfClip(name)));
  });
  after(() => platform[Symbol.asyncDispose]());

  it("has an expected outcome for every sample clip", async () => {
    const files = (await readdir(folder)).filter((name) => !["README.md", "facts.json"].includes(name));
    const rows = [...Object.keys(ready), ...Object.keys(refused), ...Object.keys(rejected)];
    // The long one is generated, for it is large.
    assert.deepEqual(rows.filter((name) => name !== "long-tiny.mkv").toSorted(), files.toSorted());
    assert.equal(files.length + 1, 37);
  });

  for (const [name, [seconds, size, sounds, extras]] of Object.entries(processed))
    it(`makes ${name} ready: ${seconds} s, ${size}, ${sounds} sounds, ${extras.join(" ") || "no extras"}`, async () => {
      const playable = await whole(name);
      const { renditions, audio, otherSounds, durationMs } = playable;
      assert.ok(Math.abs(durationMs - seconds * 1_000) <= 200, `${durationMs} ms`);
      assert.deepEqual([audio ? 1 + otherSounds.length : 0], [sounds]);
      const { data } = await platform.ask(`/api/v1/media/${playable.mediaId}`, { token: mira.token });
      assert.equal(size, data["width"] === 0 ? "none" : `${String(data["width"])}x${String(data["height"])}`);
      assert.equal(renditions.length > 0, size !== "none");
      const [width = 0, height = 0] = size.split("x").map(Number);
      for (const { profile, video, ...rendition } of renditions) {
        const { index, facts, path } = await trackFacts(platform.blob, video);
        const { video: picture } = facts;
        assert.ok(picture, profile);
        const { pixelFormat, bitDepth, rotation, isTransformed, sar, codec } = picture;
        const shape = [codec, pixelFormat, bitDepth, rotation, isTransformed, sar];
        assert.deepEqual(shape, ["h264", "yuv420p", 8, 0, false, 1], profile);
        assert.ok(["progressive", "unknown"].includes(picture.fieldOrder), `${profile} ${picture.fieldOrder}`);
        assert.deepEqual([picture.width, picture.height], [rendition.width, rendition.height]);
        assert.ok(
          rendition.width % 2 === 0 &&
            rendition.height % 2 === 0 &&
            rendition.width <= width &&
            rendition.height <= height,
          profile,
        );
        // Even sides move a side by less than two pixels.
        assert.ok(
          Math.abs(rendition.width - (rendition.height * width) / height) < 2 * Math.max(1, width / height) + 1,
          profile,
        );
        assert.ok(picture.fps <= 60.5, `${picture.fps}`);
        if (name === "hdr10-hevc.mp4")
          assert.deepEqual([picture.transfer, picture.primaries, picture.matrix], ["bt709", "bt709", "bt709"]);
        await endsWhole(path, index);
        assert.equal(await decoded(path), index.samples, `${profile}: a picture was lost`);
        const lastsMs = (index.durationTicks / index.timescale) * 1_000;
        assert.ok(Math.abs(lastsMs - seconds * 1_000) <= 200, `${profile} ${lastsMs} ms`);
      }
      // Each larger one needs more, so that a smaller one spares a viewer waiting; provisional ones are in no list.
      const rates = renditions.map(({ bitrateBps }) => bitrateBps);
      assert.ok(
        rates.every((rate, n) => n === 0 || rate > (rates[n - 1] ?? 0)),
        rates.join(" "),
      );
      assert.ok(renditions.every(({ profile }) => profile !== "first"));
      for (const track of [...(audio ? [audio] : []), ...otherSounds]) {
        const { index, facts, path } = await trackFacts(platform.blob, track);
        assert.deepEqual([facts.kind, facts.audio?.codec, facts.audio?.startMs], ["audio", "aac", 0]);
        const channels = name === "surround-51.mp4" && track !== audio ? [6] : [1, 2];
        assert.ok(channels.includes(facts.audio?.channels ?? 0), `${facts.audio?.channels} channels`);
        assert.equal(index.channels, facts.audio?.channels);
        assert.ok((await decoded(path)) > 0);
        await endsWhole(path, index);
        const lastsMs = (index.durationTicks / index.timescale) * 1_000;
        assert.ok(Math.abs(lastsMs - seconds * 1_000) <= 200, `${lastsMs} ms`);
      }
      const files = playable.extras.files.map((file) => file.name.replace(/^storyboard-\d+\.jpg$/, "storyboard"));
      assert.deepEqual([...new Set(files)], extras);
      const { storyboard } = playable.extras;
      assert.equal(storyboard !== null, extras.includes("storyboard"));
      if (storyboard) assert.ok(storyboard.count >= 1 && storyboard.count <= 400, `${storyboard.count} tiles`);
      if (extras.includes("waveform.json")) {
        const { peaks } = JSON.parse(String(await extraOf(playable, "waveform.json"))) as { peaks: number[] };
        assert.ok(peaks.length > 0 && peaks.length <= 2_001, `${peaks.length} peaks`);
      }
      assert.equal(playable.cover !== null, true);
    });

  for (const [name, code] of Object.entries(refused))
    it(`refuses ${name} as media on upload with ${code}, and serves it as an inert personal file`, async () => {
      const bytes = await clip(name);
      for (const [path, fields] of [
        ["/api/v1/media/upload", {}],
        ["/api/v1/videos", { title: "x" }],
        ["/api/v1/upload", { purpose: "media" }],
      ] as const) {
        const type = "video/mp4";
        const { status, body } = await platform.upload(path, mira.token, { name, bytes, type }, fields);
        const isEmpty = code === "media.empty" && path !== "/api/v1/upload";
        const expected = [isEmpty ? 400 : 415, path === "/api/v1/upload" ? "upload.not_media" : code];
        assert.deepEqual([status, body["error"]], expected, path);
      }
      const stored = await platform.upload("/api/v1/upload", mira.token, { name, bytes }, { purpose: "drive" });
      assert.equal(stored.status, 200, stored.text);
      const entry = stored.data["entry_id"];
      const link = await platform.ask(`/api/v1/drive/${String(entry)}/link`, { method: "POST", token: mira.token });
      assert.equal(link.status, 200, link.text);
      const { pathname, search } = new URL(String(link.data["url"]), "http://k.test");
      inert(await platform.ask(pathname + search), bytes);
    });

  for (const [name, code] of Object.entries(rejected))
    it(`rejects ${name} with ${code}, visible to its owner, and probes it within 5 s of CPU and 300 MB`, async () => {
      const bytes = await clip(name);
      const id = await send(name, bytes);
      const failed = await until(async () => {
        const { data } = await platform.ask(`/api/v1/media/${id}`, { token: mira.token });
        if (data["status"] !== "failed") return undefined;
        return data["status_reason"] as { readonly error: string; readonly message: string }; // By contract.
      });
      assert.equal(failed.error, code);
      assert.ok(failed.message.length > 10);
      const { children, peakBytes, cpuMs } = cpuTimeOf(systemChildren);
      // The time in the film itself: the time of a busy machine says nothing about the file.
      const signal = AbortSignal.timeout(60_000);
      await assert.rejects(
        probe({ ...tools, children }, join(folder, name), mediaContainer(bytes), { signal }),
        (error) => error instanceof MediaRejected && error.code === code,
      );
      assert.ok(peakBytes() > 1e6 && peakBytes() < 300e6, `${peakBytes()} bytes`);
      assert.ok(cpuMs() <= 5_000, `${cpuMs()} ms`);
    });

  it("converts captions-en.srt and hostile.vtt to WebVTT at the captions endpoint", async () => {
    const { mediaId } = await whole("silent-audio.mp4");
    for (const [name, expected] of Object.entries(captions)) {
      const body = { language: name === "hostile.vtt" ? "fr" : "en", text: String(await clip(name)) };
      const path = `/api/v1/media/${mediaId}/captions`;
      const { status, text } = await platform.ask(path, { method: "POST", token: mira.token, body });
      assert.equal(status, 200, text);
      const { captions: kept } = await catalogue.playable({ id: mediaId }, callOf());
      const key = kept.find(({ language }) => language === body.language)?.key ?? "";
      assert.equal(String(await bytesOf(platform.blob, key)), expected);
    }
  });

  it("takes the cover of black-lead-in.mp4 from after its three black seconds", async () => {
    const { cover } = await whole("black-lead-in.mp4");
    assert.ok(cover);
    const drawn = await bytesOf(platform.blob, cover.key);
    assert.ok(drawn);
    const small = await sharp(drawn).resize(32, 18, { fit: "fill" }).removeAlpha().raw().toBuffer();
    const frames = await framesOf(join(folder, "black-lead-in.mp4"), { fps: 4, width: 32, height: 18 });
    const away = frames.map((frame) => frame.reduce((sum, one, n) => sum + Math.abs(one - (small[n] ?? 0)), 0));
    const nearest = away.indexOf(Math.min(...away));
    assert.ok(nearest / 4 >= 3, `it is like the picture at ${nearest / 4} s`);
    assert.ok(Math.min(...away) / small.byteLength < 12, "it is like none of the film");
  });

  it("keeps the time of every frame of vfr-60-15-30.mp4, and the length of its sound", async () => {
    const { renditions, audio } = await whole("vfr-60-15-30.mp4");
    const source = await timesOf(join(folder, "vfr-60-15-30.mp4"));
    assert.ok(source.length > 150);
    for (const { profile, video } of renditions) {
      const { path } = await trackFacts(platform.blob, video);
      const times = await timesOf(path);
      assert.equal(times.length, source.length, profile);
      for (const [n, time] of times.entries())
        assert.ok(Math.abs(time - (source[n] ?? 0)) <= 60, `${profile}: picture ${n} at ${time} ms, not ${source[n]}`);
    }
    const { facts } = await trackFacts(platform.blob, audio);
    assert.ok(Math.abs(facts.durationMs - 5_000) <= 60, `${facts.durationMs} ms`);
  });

  it("measures quiet-audio.mp4 as quiet, and silent-audio.mp4 as having no loudness", async () => {
    const { extras: quiet } = await whole("quiet-audio.mp4");
    assert.ok(Math.abs((quiet.loudness?.integratedLufs ?? 0) + 53.1) < 1.5, `${quiet.loudness?.integratedLufs} LUFS`);
    const { extras: silent } = await whole("silent-audio.mp4");
    assert.deepEqual([silent.loudness?.integratedLufs, silent.loudness?.rangeLu], [null, null]);
  });
});

const platform = new Platform();
const catalogue = platform.host.client(media);
let mira: Account;
const sent = new Map<string, number>();

const bytesOfClip = (name: string): Promise<Buffer> => (name === "long-tiny.mkv" ? longFilm(longSeconds) : clip(name));

async function send(name: string, bytes: Uint8Array): Promise<number> {
  const { status, data, text } = await platform.upload("/api/v1/media/upload", mira.token, { name, bytes });
  assert.equal(status, 200, `${name}: ${text}`);
  return Number(data["id"]);
}

/** The playable parts of a clip, once all are made. */
async function whole(name: string): Promise<z.output<typeof Playable>> {
  const id = sent.get(name) ?? 0;
  return until(
    async () => {
      const playable = await catalogue.playable({ id }, callOf());
      const { status } = await catalogue.task({ id }, callOf(mira.id));
      assert.notEqual(playable.status, "failed", name);
      assert.notEqual(status, "failed", name);
      return status === "completed" && playable.extras.files.length > 0 ? playable : undefined;
    },
    { waitMs: 300_000 },
  );
}

async function extraOf({ extras }: z.output<typeof Playable>, name: string): Promise<Buffer | undefined> {
  return bytesOf(platform.blob, extras.files.find((file) => file.name === name)?.key ?? "");
}

function inert({ status, headers, bytes }: Answered, expected: Uint8Array): void {
  assert.equal(status, 200);
  assert.deepEqual(bytes, Buffer.from(expected));
  assert.match(String(headers["content-disposition"]), /^attachment;/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.doesNotMatch(String(headers["content-type"]), /html|svg|xml|script/);
  assert.match(String(headers["content-security-policy"]), /sandbox/);
}
