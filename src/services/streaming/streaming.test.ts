import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { streamingStarted, streamingStopped } from "#events/streaming";
import { type Call, contract, KinoraError, on, plugin } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import { testTools, without } from "#media/testing";
import { auth } from "#services/auth/contract";
import { authPlugin } from "#services/auth/plugin";
import { media } from "#services/media/contract";
import { MediaFixture } from "#services/transcoder/testing";
import { until } from "#test/until";
import { userPlugin } from "#services/user/plugin";
import { video } from "#services/video/contract";
import { videoPlugin } from "#services/video/plugin";
import { streaming } from "./contract.ts";
import { coverFile } from "./paths.ts";
import { streamingPlugin } from "./plugin.ts";
import { tokenLifeMs } from "./tokens.ts";

const execute = promisify(execFile);
/** Playlists of this test have endings that FFmpeg does not expect. */
const quiet = ["-v", "error", "-allowed_extensions", "ALL"];
const tools = await testTools();
const skip = without(tools?.ffmpeg.ffprobe, "ffprobe");

describe("the playback of a video", { skip }, () => {
  before(async () => {
    await fixture.host.add(authPlugin);
    await fixture.host.add(userPlugin);
    await fixture.open();
    await fixture.host.add(videoPlugin);
    await fixture.host.add(streamingPlugin);
    await fixture.host.add(listenerPlugin);
    mira = await account("mira");
    noor = await account("noor");
    mediaId = (await fixture.send("basic-720p.mp4", mira)).id;
    await until(
      async () => (await fixture.host.client(media).task({ id: mediaId }, callOf(mira))).status === "completed",
    );
    await fixture.host.drain();
    // The last video of a media object takes it along, so one stays.
    await publish("private");
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("has playlists that play every rendition with audio in full length", async () => {
    const { id } = await publish("public");
    const folder = await mkdtemp(join(tmpdir(), "kinora-hls-"));
    try {
      const master = await mirrored(id, folder);
      assert.match(master, /CODECS="avc1\.\w{6},mp4a\.40\.2",RESOLUTION=852x480/);
      assert.match(master, /RESOLUTION=1280x720/);
      const list = join(folder, "master.m3u8");
      const shown = "stream=codec_name,height:format=duration";
      const { stdout } = await execute("ffprobe", [...quiet, "-show_entries", shown, "-of", "json", list]);
      const probe = JSON.parse(stdout) as {
        streams: { codec_name: string; height?: number }[];
        format: { duration: string };
      };
      const heights = probe.streams.flatMap(({ height }) => height ?? []);
      assert.deepEqual(new Set(heights), new Set([240, 480, 720]));
      assert.ok(probe.streams.some(({ codec_name }) => codec_name === "aac"));
      assert.ok(Math.abs(Number(probe.format.duration) - 6) < 0.2, probe.format.duration);
      await execute("ffmpeg", ["-xerror", ...quiet, "-i", list, "-f", "null", "-"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is cacheable and needs no token for a public video", async () => {
    const { id, generation } = await publish("public");
    const [links] = (await client.links({ items: [linked(id, generation, true)] }, callOf())).items;
    assert.deepEqual(links, {
      id,
      hlsUrl: `/api/v1/streaming/${id}/master.m3u8`,
      dashUrl: `/api/v1/streaming/${id}/manifest.mpd`,
      videoUrl: `/api/v1/streaming/${id}/master.m3u8`,
      coverUrl: `/api/v1/streaming/${id}/g1/cover.jpg`,
      downloadUrl: `/api/v1/streaming/${id}/g1/source`,
      renditions: [{ profile: "480p", url: `/api/v1/streaming/${id}/g1/480p.mp4` }],
      extras: [{ name: "preview.avif", url: `/api/v1/streaming/${id}/g1/preview.avif` }],
    });
    const { isPublic } = await client.playlist({ scope: "video", id }, callOf());
    const [picture, sound, cover] = await Promise.all(
      ["480p.mp4", "audio.mp4", "cover.jpg"].map((file) => locate(id, 1, file)),
    );
    assert.deepEqual([isPublic, picture?.isPublic, cover?.isPublic], [true, true, true]);
    assert.deepEqual([picture?.mime, sound?.mime, cover?.mime], ["video/mp4", "audio/mp4", "image/jpeg"]);
    for (const file of [picture, sound, cover]) {
      const object = await fixture.blob.open(file?.key ?? "");
      assert.equal(object?.sizeBytes, file?.sizeBytes);
      await object?.close();
    }
  });

  it("has a DASH manifest with the same files and the token of its link", async () => {
    const { id } = await publish("unlisted");
    const [links] = (await client.links({ items: [linked(id, 1, false)] }, callOf(noor))).items;
    const dash = new URL(links?.dashUrl ?? "", "http://kinora.test");
    const token = dash.searchParams.get("token") ?? "";
    assert.equal(dash.pathname, `/api/v1/streaming/${id}/manifest.mpd`);
    assert.deepEqual(await refusal(client.manifest({ scope: "video", id }, callOf())), missing);
    const { text, isPublic } = await client.manifest({ scope: "video", id, token }, callOf());
    assert.equal(isPublic, false);
    const files = [...text.matchAll(/<BaseURL>([^<]+)<\/BaseURL>/g)].map(([, uri]) => uri);
    assert.deepEqual(
      files,
      ["240p", "480p", "720p", "audio"].map((file) => `g1/${file}.mp4?token=${token}`),
    );
    for (const [, last] of text.matchAll(/indexRange="\d+-(\d+)"/g)) assert.ok(Number(last) > 100);
    assert.equal((await locate(id, 1, "audio.mp4", callOf(mira))).mime, "audio/mp4");
    const [own] = (await client.links({ items: [{ ...linked(mediaId, 0, false), scope: "media" }] }, callOf(mira)))
      .items;
    assert.match(own?.dashUrl ?? "", new RegExp(`^/api/v1/streaming/media/${mediaId}/manifest\\.mpd\\?token=m`));
    const input = { scope: "media", id: mediaId } as const;
    assert.match((await client.manifest(input, callOf(mira))).text, /<BaseURL>g0\/480p\.mp4\?token=m/);
    assert.deepEqual(await refusal(client.manifest(input, callOf(noor))), missing);
  });

  it("has captions in HLS and DASH, at a URL that changes with them", async () => {
    const { id } = await publish("public");
    const text = "00:01.000 --> 00:02.000\n你好\n";
    const owner = fixture.host.client(media);
    const caption = { id: mediaId, language: "zh-Hans", text };
    const captions = await owner.addCaptions(caption, callOf(mira));
    const name = `caption-${captions.id}`;
    // A decision of a moment ago knows nothing of them.
    const master = async () => (await client.playlist({ scope: "video", id }, callOf())).text;
    await until(async () => (await master()).includes(name));
    assert.match(await master(), new RegExp(`TYPE=SUBTITLES,.*NAME="简体中文",.*URI="${name}/index\\.m3u8"`));
    const { text: playlist } = await client.playlist({ scope: "video", id, profile: name }, callOf());
    assert.match(playlist, new RegExp(`^#EXTINF:\\d\\.\\d{3},\n\\.\\./g1/${name}\\.vtt$`, "m"));
    const { text: manifest } = await client.manifest({ scope: "video", id }, callOf());
    assert.match(manifest, new RegExp(`lang="zh-Hans"[^]*<BaseURL>g1/${name}\\.vtt</BaseURL>`));
    const object = await locate(id, 1, `${name}.vtt`);
    assert.deepEqual([object.mime, object.isPublic], ["text/vtt; charset=utf-8", true]);
    const part = (file: string, generation = 1) =>
      client.captions({ scope: "video", id, generation, file }, callOf()).then((answer) => answer.text);
    assert.match(await part(`${name}-1.vtt`), /^WEBVTT\nX-TIMESTAMP-MAP=[^]*00:00:02\.000\n你好\n$/);
    for (const other of [`${name}-2.vtt`, `${name}-0.vtt`, `${name}.vtt`, "caption-7-1.vtt"])
      assert.deepEqual(await refusal(part(other)), missing);
    assert.deepEqual(await refusal(part(`${name}-1.vtt`, 2)), missing);
    const hidden = { scope: "video", id: (await publish("private")).id, generation: 1, file: `${name}-1.vtt` } as const;
    assert.deepEqual(await refusal(client.captions(hidden, callOf(noor))), missing);
    assert.equal((await client.captions(hidden, callOf(mira))).isPublic, false);
    const again = await owner.addCaptions({ ...caption, text: text.replace("你好", "再见") }, callOf(mira));
    assert.equal((await locate(id, 1, `caption-${again.id}.vtt`)).isPublic, true);
    assert.deepEqual(await refusal(locate(id, 1, `${name}.vtt`)), missing);
    await owner.removeCaptions({ id: mediaId, captions: again.id }, callOf(mira));
    const isRemoved = () =>
      locate(id, 1, `caption-${again.id}.vtt`).then(
        () => false,
        (error: unknown) => error instanceof KinoraError && error.http === 404,
      );
    await until(isRemoved);
    for (const profile of [name, "caption-7", "caption-"])
      assert.deepEqual(await refusal(client.playlist({ scope: "video", id, profile }, callOf())), missing);
  });

  it("answers 404 at every old URL immediately after the video becomes private", async () => {
    const { id } = await publish("public");
    await locate(id, 1, "480p.mp4");
    await catalogue.update({ id, visibility: "private" }, callOf(mira));
    await fixture.host.drain();
    assert.deepEqual(await refusal(client.playlist({ scope: "video", id }, callOf())), missing);
    for (const call of [callOf(), callOf(noor), callOf(mira)])
      assert.deepEqual(await refusal(locate(id, 1, "480p.mp4", call)), missing);
    const { text, isPublic } = await client.playlist({ scope: "video", id, profile: "480p" }, callOf(mira));
    assert.equal(isPublic, false);
    assert.match(text, /\.\.\/g2\/480p\.mp4\?token=v\./);
    assert.equal((await locate(id, 2, "480p.mp4", callOf(mira))).isPublic, false);
  });

  it("answers users without access as for a missing video, with any token", async () => {
    const { id } = await publish("private");
    const other = await publish("unlisted");
    const tokens = [
      undefined,
      "x",
      await tokenOf(other.id, 1, callOf(noor)),
      await tokenOf(id, 1, callOf(noor)),
      await tokenOf(id, 1, callOf()),
    ];
    for (const call of [callOf(), callOf(noor)])
      for (const token of tokens)
        for (const target of [id, 7]) {
          const input = { scope: "video" as const, id: target, ...(token !== undefined && { token }) };
          assert.deepEqual(await refusal(client.playlist(input, call)), missing);
          assert.deepEqual(await refusal(client.locate({ ...input, generation: 1, file: "480p.mp4" }, call)), missing);
        }
  });

  it("accepts a token without a sign-in until the token expires or the visibility changes", async () => {
    for (const visibility of ["unlisted", "private"] as const) {
      const { id } = await publish(visibility);
      assert.deepEqual(await refusal(client.playlist({ scope: "video", id }, callOf())), missing);
      const token = await tokenOf(id, 1, callOf(mira));
      const { text, isPublic } = await client.playlist({ scope: "video", id, token }, callOf());
      assert.equal(isPublic, false);
      assert.ok(text.includes(`480p/index.m3u8?token=${token}`));
      const input = { scope: "video", id, generation: 1, file: "480p.mp4", token } as const;
      assert.equal((await client.locate(input, callOf())).isPublic, false);
      aheadMs = tokenLifeMs + 1_000;
      assert.deepEqual(await refusal(client.locate(input, callOf())), over);
      assert.deepEqual(await refusal(client.locate({ ...input, id: 7 }, callOf())), missing);
      aheadMs = 0;
      await client.locate(input, callOf());
      const next = visibility === "private" ? "unlisted" : "private";
      await catalogue.update({ id, visibility: next }, callOf(mira));
      await fixture.host.drain();
      assert.deepEqual(await refusal(client.locate(input, callOf())), over);
      await catalogue.remove({ id }, callOf(mira));
      await fixture.host.drain();
      assert.deepEqual(await refusal(client.locate(input, callOf())), missing);
    }
  });

  it("has tokens of at most five minutes for one viewer, renewed while the viewer has access", async () => {
    const { id } = await publish("unlisted");
    const askedMs = Date.now();
    const playback = await client.address({ id }, callOf(noor));
    const token = new URL(playback.hlsUrl, "http://kinora.test").searchParams.get("token") ?? "";
    // Ends are whole minutes.
    const endsMs = playback.expiresAtMs ?? 0;
    assert.ok(endsMs > askedMs + 4 * 60_000 && endsMs <= Date.now() + 5 * 60_000, `${endsMs - askedMs}`);
    assert.equal(new URL(playback.dashUrl, "http://kinora.test").searchParams.get("token"), token);
    const input = { scope: "video", id, generation: 1, file: "480p.mp4", token } as const;
    for (const call of [callOf(), callOf(noor)]) assert.equal((await client.locate(input, call)).isPublic, false);
    const stranger = await account("olga");
    assert.deepEqual(await refusal(client.locate(input, callOf(stranger))), missing);
    aheadMs = 2 * 60_000;
    const next = new URL((await client.address({ id }, callOf(noor))).hlsUrl, "http://kinora.test");
    assert.notEqual(next.searchParams.get("token"), token);
    aheadMs = 0;
    await catalogue.update({ id, visibility: "private" }, callOf(mira));
    await fixture.host.drain();
    assert.deepEqual(await refusal(client.address({ id }, callOf(noor))), missing);
    assert.deepEqual(await refusal(client.address({ id: 7 }, callOf(noor))), missing);
    assert.match((await client.address({ id }, callOf(mira))).hlsUrl, /token=v/);
    const { id: open } = await publish("public");
    const address = await client.address({ id: open }, callOf());
    assert.deepEqual([address.hlsUrl, address.expiresAtMs], [`/api/v1/streaming/${open}/master.m3u8`, null]);
    assert.match((await client.mediaAddress({ id: mediaId }, callOf(mira))).dashUrl, /\/media\/.*token=m/);
    assert.deepEqual(await refusal(client.mediaAddress({ id: mediaId }, callOf(noor))), missing);
  });

  it("answers an expired token the same before and after the viewer loses access", async () => {
    const { id } = await publish("unlisted");
    const token = await tokenOf(id, 1, callOf(noor));
    aheadMs = tokenLifeMs + 1_000;
    const there = await refusal(client.playlist({ scope: "video", id, token }, callOf()));
    await catalogue.update({ id, visibility: "private" }, callOf(mira));
    await fixture.host.drain();
    assert.deepEqual([there, await refusal(client.playlist({ scope: "video", id, token }, callOf()))], [over, over]);
    aheadMs = 0;
  });

  it("serves the chosen cover to users with access to the video alone", async () => {
    const picture = await fixture.send("animated.gif", mira, "cover");
    const { id } = await publish("private");
    assert.deepEqual(await refusal(locate(id, 1, coverFile(picture.id), callOf(mira))), missing);
    await catalogue.update({ id, coverUrl: `/api/v1/media/${picture.id}/picture` }, callOf(mira));
    // At once, though what was decided a moment ago knows nothing of it.
    const object = await locate(id, 1, coverFile(picture.id), callOf(mira));
    assert.deepEqual([object.mime, object.isPublic], ["image/webp", false]);
    for (const call of [callOf(), callOf(noor)])
      assert.deepEqual(await refusal(locate(id, 1, coverFile(picture.id), call)), missing);

    const coverOf = async (generation: number, isPublic: boolean) => {
      const item = { ...linked(id, generation, isPublic), coverMediaId: picture.id };
      const [links] = (await client.links({ items: [item] }, callOf(noor))).items;
      const url = new URL(links?.coverUrl ?? "", "http://kinora.test");
      const token = url.searchParams.get("token");
      const file = url.pathname.replace(`/api/v1/streaming/${id}/g${generation}/`, "");
      return { scope: "video" as const, id, generation, file, ...(token !== null && { token }) };
    };
    await catalogue.update({ id, visibility: "unlisted" }, callOf(mira));
    await fixture.host.drain();
    const unlisted = await coverOf(2, false);
    assert.deepEqual(await client.locate(unlisted, callOf()), object);
    assert.deepEqual(await refusal(locate(id, 2, unlisted.file)), missing);
    await catalogue.update({ id, visibility: "public" }, callOf(mira));
    await fixture.host.drain();
    const shown = await coverOf(3, true);
    assert.deepEqual(await client.locate(shown, callOf()), { ...object, isPublic: true });
    for (const wrong of [{ generation: 2 }, { file: coverFile(mediaId) }, { file: coverFile(7) }])
      assert.deepEqual(await refusal(client.locate({ ...shown, ...wrong }, callOf())), missing);
    await catalogue.update({ id, visibility: "private" }, callOf(mira));
    await fixture.host.drain();
    for (const old of [shown, { ...shown, generation: 4 }])
      assert.deepEqual(await refusal(client.locate(old, callOf())), missing);
    // The automatic one is back, and the picture nobody's cover any more.
    await catalogue.update({ id, coverUrl: "", visibility: "public" }, callOf(mira));
    await fixture.host.drain();
    assert.deepEqual(await refusal(locate(id, 5, shown.file)), missing);
    assert.equal((await locate(id, 5, "cover.jpg")).mime, "image/jpeg");
  });

  it("has its cover, captions and generation at their addresses before the events of them", async () => {
    const { id } = await publish("public");
    const database = fixture.host.database<{ "media.media": { id: number; cover_key: string | null } }>("media");
    const object = () => database.updateTable("media.media").where("id", "=", mediaId);
    const row = await database
      .selectFrom("media.media")
      .select("cover_key")
      .where("id", "=", mediaId)
      .executeTakeFirstOrThrow();
    // A decision from the time before there was a cover is cached.
    await object().set({ cover_key: null }).execute();
    await refusal(locate(id, 1, "caption-7.vtt"));
    await client.playlist({ scope: "video", id }, callOf());
    assert.deepEqual(await refusal(locate(id, 1, "cover.jpg")), missing);
    await object().set(row).execute();
    assert.equal((await locate(id, 1, "cover.jpg")).mime, "image/jpeg");

    const captions = { id: mediaId, language: "fr", text: "00:01.000 --> 00:02.000\nSalut\n" };
    const { id: captionsId } = await fixture.host.client(media).addCaptions(captions, callOf(mira));
    const file = `caption-${captionsId}-1.vtt`;
    assert.match((await client.captions({ scope: "video", id, generation: 1, file }, callOf())).text, /Salut/);

    assert.equal((await locate(id, 1, "source", callOf(mira))).isPublic, false);
    const { generation } = await catalogue.update({ id, visibility: "private" }, callOf(mira));
    assert.equal((await locate(id, generation, "cover.jpg", callOf(mira))).isPublic, false);
  });

  it("offers the original file under the title, to everybody or to the owner alone", async () => {
    const { id } = await publish("public", true);
    const object = await locate(id, 1, "source");
    assert.deepEqual([object.attachment, object.mime, object.isPublic], ["Sea.mp4", "video/mp4", false]);
    const closed = await publish("public", false);
    assert.deepEqual(await refusal(locate(closed.id, 1, "source")), missing);
    assert.equal((await locate(closed.id, 1, "source", callOf(mira))).attachment, "Sea.mp4");
  });

  it("serves a media object to its owner alone, or with the owner's token", async () => {
    const input = { scope: "media", id: mediaId } as const;
    assert.match((await client.playlist(input, callOf(mira))).text, /480p\/index\.m3u8\?token=m\./);
    for (const call of [callOf(), callOf(noor)]) assert.deepEqual(await refusal(client.playlist(input, call)), missing);
    const item = { ...linked(mediaId, 0, false), scope: "media" as const };
    const tokenBy = async (call: Call) =>
      new URL((await client.links({ items: [item] }, call)).items[0]?.hlsUrl ?? "", "http://k").searchParams.get(
        "token",
      ) ?? "";
    const bytes = { ...input, generation: 0, file: "480p.mp4" };
    assert.equal((await client.locate({ ...bytes, token: await tokenBy(callOf(mira)) }, callOf())).isPublic, false);
    assert.deepEqual(await refusal(client.locate({ ...bytes, token: await tokenBy(callOf(noor)) }, callOf())), missing);
    assert.deepEqual(
      await refusal(client.locate({ ...bytes, scope: "video", token: await tokenBy(callOf(mira)) }, callOf())),
      missing,
    );
    const source = await client.locate({ ...bytes, file: "source" }, callOf(mira));
    assert.equal(source.attachment, "basic-720p.mp4");
  });

  it("serves storyboard, preview and waveform to users with access to the video alone (S2.3)", async () => {
    const names = ["storyboard-1.jpg", "preview.avif", "waveform.json"];
    const { id } = await publish("public");
    const { text, isPublic } = await client.storyboard({ scope: "video", id }, callOf());
    assert.equal(isPublic, true);
    assert.match(text, /^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.000\ng1\/storyboard-1\.jpg#xywh=0,0,160,90\n/);
    for (const name of names) {
      const { key, sizeBytes, isPublic: isForAll } = await locate(id, 1, name);
      assert.deepEqual([(await bytesOf(fixture.blob, key))?.byteLength, isForAll], [sizeBytes, true]);
    }
    const hidden = await publish("private");
    const { generation } = hidden;
    const token = await tokenOf(hidden.id, generation, callOf(mira));
    const input = { scope: "video" as const, id: hidden.id };
    for (const call of [callOf(), callOf(noor)]) {
      assert.deepEqual(await refusal(client.storyboard(input, call)), missing);
      for (const name of names) assert.deepEqual(await refusal(locate(hidden.id, generation, name, call)), missing);
    }
    const own = await client.storyboard({ ...input, token }, callOf());
    assert.ok(own.text.includes(`g${generation}/storyboard-1.jpg?token=${token}#xywh`));
    assert.equal(
      (await client.locate({ ...input, generation, file: "preview.avif", token }, callOf())).isPublic,
      false,
    );
    for (const name of ["storyboard-2.jpg", "storyboard-0.jpg", "preview.webp"])
      assert.deepEqual(await refusal(locate(id, 1, name)), missing);
  });

  it("begins and ends once for a viewer, however many segments and other requests there were", async () => {
    const { id } = await publish("public");
    const viewers = [callOf(noor, { sessionId: "one" }), callOf(undefined, { source: "network" })];
    const watch = async (call: Call) => {
      await client.playlist({ scope: "video", id }, call);
      await client.manifest({ scope: "video", id }, call);
      for (const file of ["480p.mp4", "audio.mp4", "480p.mp4"]) await locate(id, 1, file, call);
    };
    const of = (type: string) => viewings.filter((event) => event.type === type && event.contentId === id);
    try {
      await Promise.all(viewers.map(watch));
      await locate(id, 1, "cover.jpg", callOf(undefined, { source: "elsewhere" }));
      await until(async () => of("started").length > 1);
      aheadMs = 120_000;
      await Promise.all(viewers.map(watch));
      await locate(id, 1, "720p.mp4", callOf(undefined, { source: "third" }));
      await until(async () => of("started").length > 2);
      const viewerIds = of("started").map(({ userId }) => userId);
      assert.deepEqual([viewerIds.length, new Set(viewerIds)], [3, new Set([noor, undefined])]);
      aheadMs = 710_000;
      await fixture.host.tick("streaming.viewings");
      await fixture.host.drain();
      assert.deepEqual(of("stopped"), []);
      aheadMs = 740_000;
      await fixture.host.tick("streaming.viewings");
      await fixture.host.drain();
      const ids = (type: string) => new Set(of(type).map(({ viewingId }) => viewingId));
      assert.deepEqual([of("stopped").length, ids("stopped")], [3, ids("started")]);
    } finally {
      aheadMs = 0;
    }
  });

  it("answers 404 for unknown files, generations and profiles", async () => {
    const { id } = await publish("public");
    for (const file of ["1080p.mp4", "../480p.mp4", "index", "source.mp4"])
      assert.deepEqual(await refusal(locate(id, 1, file)), missing);
    for (const generation of [0, 2]) assert.deepEqual(await refusal(locate(id, generation, "480p.mp4")), missing);
    for (const profile of ["1080p", "audio-keyframe", ""])
      assert.deepEqual(await refusal(client.playlist({ scope: "video", id, profile }, callOf())), missing);
    const { text } = await client.playlist({ scope: "video", id, profile: "480p-keyframes" }, callOf());
    assert.match(text, /#EXT-X-I-FRAMES-ONLY/);
  });
});

let aheadMs = 0;
let mira = 0;
let noor = 0;
let mediaId = 0;
const fixture = new MediaFixture({ environment: { now: () => Date.now() + aheadMs } });
const client = fixture.host.client(streaming);
const catalogue = fixture.host.client(video);
const missing = ["streaming.not_found", 404, "no such stream", {}];
const over = ["streaming.bad_token", 403, "this link is not valid any more, load the page again", {}];

const viewings: { type: string; viewingId: number; contentId: number; userId?: number | undefined }[] = [];
const listenerPlugin = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(streamingStarted, async (_, event) => void viewings.push({ type: "started", ...event })),
      on(streamingStopped, async (_, event) => void viewings.push({ type: "stopped", ...event })),
    ],
  }),
});

const account = async (username: string): Promise<number> =>
  (await fixture.host.client(auth).ensure({ username, password: "secret-enough" }, callOf())).userId;

async function publish(visibility: "public" | "unlisted" | "private", allowDownload = true) {
  const video = await catalogue.create({ title: "Sea", mediaId, visibility, allowDownload }, callOf(mira));
  assert.equal(video.status, 1);
  return video;
}

const linked = (id: number, generation: number, isPublic: boolean) => ({
  scope: "video" as const,
  id,
  generation,
  isPublic,
  hasCover: true,
  isPlayable: true,
  allowDownload: true,
  profiles: ["480p"],
  extras: ["preview.avif" as const],
});

async function tokenOf(id: number, generation: number, call: Call): Promise<string> {
  const [links] = (await client.links({ items: [linked(id, generation, false)] }, call)).items;
  const token = new URL(links?.hlsUrl ?? "", "http://kinora.test").searchParams.get("token");
  assert.ok(token);
  return token;
}

const locate = (id: number, generation: number, file: string, call = callOf()) =>
  client.locate({ scope: "video", id, generation, file }, call);

/** All that a stranger learns of a refusal. */
async function refusal(answer: Promise<unknown>): Promise<unknown[]> {
  const error: unknown = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof KinoraError, String(error));
  return [error.code, error.http, error.message, error.details];
}

/** Writes every playlist and file of a public video where its relative addresses lead; yields the master playlist. */
async function mirrored(id: number, folder: string): Promise<string> {
  const put = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  };
  const { text: master } = await client.playlist({ scope: "video", id }, callOf());
  await put(join(folder, "master.m3u8"), master);
  const uris = [...master.matchAll(/^(\w\S+\/index\.m3u8)$|URI="([^"]+)"/gm)].map(
    ([, line, quoted]) => line ?? quoted ?? "",
  );
  assert.ok(uris.length >= 3);
  for (const uri of uris) {
    const profile = uri.split("/")[0] ?? "";
    const { text } = await client.playlist({ scope: "video", id, profile }, callOf());
    const path = join(folder, uri);
    await put(path, text);
    const [, bytes = ""] = /^(\.\.\/g1\/\w+\.mp4)$/m.exec(text) ?? [];
    const { key, sizeBytes } = await locate(id, 1, bytes.split("/").at(-1) ?? "");
    for (const [, size, offset] of text.matchAll(/BYTERANGE[:=]"?(\d+)@(\d+)/g))
      assert.ok(Number(size) + Number(offset) <= sizeBytes);
    const file = await fixture.blob.local(key);
    assert.ok(file);
    await mkdir(dirname(join(dirname(path), bytes)), { recursive: true });
    await copyFile(file.path, join(dirname(path), bytes));
  }
  return master;
}
