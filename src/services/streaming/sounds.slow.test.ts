import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import { indexFile } from "#media/testing";
import { authPlugin } from "#services/auth/plugin";
import { media } from "#services/media/contract";
import { clipPath, MediaFixture } from "#services/transcoder/testing";
import { userPlugin } from "#services/user/plugin";
import { videoPlugin } from "#services/video/plugin";
import { until } from "#test/until";
import { streaming } from "./contract.ts";
import { streamingPlugin } from "./plugin.ts";
import { soundsOf } from "./sounds.ts";

describe("a video with two audio languages and embedded captions", () => {
  before(async () => {
    await fixture.host.add(authPlugin);
    await fixture.host.add(userPlugin);
    await fixture.open();
    await fixture.host.add(videoPlugin);
    await fixture.host.add(streamingPlugin);
    mediaId = await sent(await readFile(clipPath("multi-audio-subs.mkv")));
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("offers both languages in HLS, the first by default", async () => {
    const { text } = await client.playlist({ scope: "media", id: mediaId }, by());
    const sounds = [...text.matchAll(/^#EXT-X-MEDIA:TYPE=AUDIO,(.*)$/gm)].map(([, attributes = ""]) => attributes);
    const group = (name: string, language: string, isDefault: string) =>
      `GROUP-ID="sound",NAME="${name}",LANGUAGE="${language}",DEFAULT=${isDefault},AUTOSELECT=YES,URI=`;
    assert.equal(sounds.length, 2);
    assert.ok(sounds[0]?.startsWith(`${group("English", "en", "YES")}"audio/index.m3u8`), text);
    assert.ok(sounds[1]?.startsWith(`${group("中文", "zh", "NO")}"audio-2/index.m3u8`), text);
    for (const variant of text.match(/^#EXT-X-STREAM-INF:.*$/gm) ?? ["none"]) assert.match(variant, /,AUDIO="sound"/);
  });

  it("offers both languages in DASH", async () => {
    const { text } = await client.manifest({ scope: "media", id: mediaId }, by());
    const sets = [...text.matchAll(/<AdaptationSet contentType="audio"[^>]* lang="(\w+)"[^]*?<\/AdaptationSet>/g)];
    const adaptations = sets.map(([set, language]) => [
      language,
      /value="(main|alternate)"/.exec(set)?.[1],
      /<Label>(.*)<\/Label>/.exec(set)?.[1],
      /<BaseURL>g0\/(.*?)\?/.exec(set)?.[1],
    ]);
    assert.deepEqual(adaptations, [
      ["en", "main", "English", "audio.mp4"],
      ["zh", "alternate", "中文", "audio-2.mp4"],
    ]);
  });

  it("has both audio tracks in full length, as different files", async () => {
    const keys = [];
    for (const profile of ["audio", "audio-2"]) {
      const { key, mime } = await client.locate(
        { scope: "media", id: mediaId, generation: 0, file: `${profile}.mp4` },
        by(),
      );
      const file = await fixture.blob.local(key);
      assert.ok(file);
      const { kind, codec, durationTicks, timescale } = await indexFile(file.path);
      assert.deepEqual([mime, kind, codec], ["audio/mp4", "audio", "mp4a.40.2"]);
      assert.ok(Math.abs(durationTicks / timescale - 5) < 0.2, profile);
      const { text } = await client.playlist({ scope: "media", id: mediaId, profile }, by());
      assert.ok(text.includes(`g0/${profile}.mp4`));
      keys.push(key);
    }
    assert.equal(new Set(keys).size, 2);
  });

  it("has its captions as plain WebVTT, listed with the file as their source", async () => {
    const { items } = await catalogue.captions({ id: mediaId }, by());
    const [captions] = items;
    assert.deepEqual(
      items.map(({ language, label, source }) => [language, label, source]),
      [["en", "English", "file"]],
    );
    const file = `caption-${captions?.id}.vtt`;
    const { key } = await client.locate({ scope: "media", id: mediaId, generation: 0, file }, by());
    const text = String(await bytesOf(fixture.blob, key));
    assert.match(text, /^WEBVTT\n\n00:00:00\.\d{3} --> 00:00:0\d\.\d{3}\n\S/);
    assert.equal(text.match(/-->/g)?.length, captions?.cues);
    const { text: master } = await client.playlist({ scope: "media", id: mediaId }, by());
    assert.match(master, /#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en"/);
  });

  it("keeps the owner's changes of the captions after another transcoding", async () => {
    const [found] = (await catalogue.captions({ id: mediaId }, by())).items;
    assert.ok(found);
    const own = { id: mediaId, language: "en", text: "00:00.000 --> 00:01.000\nmine\n" };
    const added = await catalogue.addCaptions(own, by());
    assert.deepEqual([added.source, added.cues], ["upload", 1]);
    await catalogue.removeCaptions({ id: mediaId, captions: added.id }, by());
    const { taskId } = await catalogue.transcode({ id: mediaId, profiles: ["240p"] }, by());
    await until(async () => (await catalogue.status({ id: taskId }, by())).status === "completed");
    await fixture.host.drain();
    assert.deepEqual((await catalogue.captions({ id: mediaId }, by())).items, []);
  });

  it("plays without a damaged audio track and without damaged captions", async () => {
    const bytes = await readFile(clipPath("multi-audio-subs.mkv"));
    // The names of codecs that nobody has.
    bytes.write("A_OPUX", bytes.lastIndexOf("A_OPUS"));
    bytes.write("S_TEXT/UTFX", bytes.indexOf("S_TEXT/UTF8"));
    const id = await sent(bytes);
    const { otherSounds, audio, captions, renditions } = await catalogue.playable({ id }, callOf());
    assert.deepEqual([otherSounds, captions, audio?.language], [[], [], "en"]);
    assert.ok(renditions.length > 0);
    const { text } = await client.playlist({ scope: "media", id }, by());
    assert.equal(text.match(/TYPE=AUDIO/g)?.length, 1);
  });

  it("passes a full verification of the stores", async () => {
    const findings: string[] = [];
    for await (const { finding } of (await fixture.host.host()).verify({ readsAll: true })) findings.push(finding);
    assert.deepEqual(findings, []);
  });
});

describe("the audio tracks of a video", () => {
  it("are named by the labels of the file, else by their language, without duplicates", () => {
    const track = { kind: "audio", key: "k", sizeBytes: 1, indexKey: "i" } as const;
    const sound = (language: string | null, label = "") => ({ ...track, language, label });
    const otherSounds = [
      { ...sound("en"), number: 2 },
      { ...sound("en", "Commentary"), number: 3 },
      { ...sound(null), number: 5 },
    ];
    const names = soundsOf({ audio: sound("en"), otherSounds }).map(({ profile, name }) => [profile, name]);
    assert.deepEqual(names, [
      ["audio", "English"],
      ["audio-2", "English 2"],
      ["audio-3", "Commentary"],
      ["audio-5", "Audio"],
    ]);
  });
});

const mira = 7;
/** A call of its owner; each has its own deadline. */
const by = () => callOf(mira);
let mediaId = 0;
const fixture = new MediaFixture();
const client = fixture.host.client(streaming);
const catalogue = fixture.host.client(media);

/** A media object of which everything is made. */
async function sent(bytes: Uint8Array): Promise<number> {
  const { id } = await fixture.sendBytes(bytes, "film.mkv", mira);
  await until(async () => (await catalogue.task({ id }, by())).status === "completed");
  await fixture.host.drain();
  return id;
}
