import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import sharp from "sharp";
import { silentLog } from "#kernel/log/port";
import { createGuardedOutgoing } from "#kernel/outgoing/guarded";
import { type Account, clip, Platform } from "../platform/platform.ts";
import { until } from "../until.ts";

/** A CDN's purge hook: the purges it receives, and its first answers. */
const purges: { readonly prefix?: string; readonly paths: readonly string[] }[] = [];
const answers: number[] = [];
const cdn = createServer((request, response) => {
  void text(request).then((body) => {
    purges.push(JSON.parse(body) as (typeof purges)[number]); // Its shape is what is tested.
    response.writeHead(answers.shift() ?? 204).end();
  });
});
await once(cdn.listen(0, "127.0.0.1"), "listening");
const { port } = cdn.address() as AddressInfo; // It listens on a port.

describe("a CDN in front of public videos", () => {
  before(prepare);
  after(async () => {
    await platform[Symbol.asyncDispose]();
    cdn.close();
  });

  it("is the address of segments and covers of public videos, and not of playlists or unlisted videos", async () => {
    const { id, data } = await publish("public");
    const base = `https://cdn.test/api/v1/streaming/${id}/g1`;
    assert.equal(data["cover_url"], `${base}/cover.jpg`);
    assert.doesNotMatch(`${String(data["hls_url"])} ${String(data["download_url"])}`, /cdn\.test/);
    const master = await textOf(`/api/v1/streaming/${id}/master.m3u8`);
    assert.doesNotMatch(master, /cdn\.test/);
    assert.match(await textOf(`/api/v1/streaming/${id}/480p/index.m3u8`), new RegExp(`^${base}/480p\\.mp4$`, "m"));
    assert.match(await textOf(`/api/v1/streaming/${id}/manifest.mpd`), new RegExp(`<BaseURL>${base}/audio\\.mp4<`));
    const unlisted = await publish("unlisted");
    const hls = new URL(String(unlisted.data["hls_url"]), "http://kinora.test");
    assert.doesNotMatch(JSON.stringify(unlisted.data), /cdn\.test/);
    assert.doesNotMatch(await textOf(hls.pathname.replace("master", "480p/index") + hls.search), /cdn\.test/);
    assert.doesNotMatch(await textOf(hls.pathname.replace("master.m3u8", "manifest.mpd") + hls.search), /cdn\.test/);
  });

  it("is allowed by the content security policy of our pages", async () => {
    const { headers } = await platform.ask("/");
    const policy = String(headers["content-security-policy"]);
    for (const kind of ["media-src", "connect-src"])
      assert.match(policy, new RegExp(`${kind} [^;]*https://cdn\\.test`));
  });

  it("receives purges of ended paths, again after a failure, and none for a change of title", async () => {
    const { id } = await publish("public");
    purges.length = 0;
    answers.push(503);
    await ask("PUT", `/api/v1/videos/${id}`, { visibility: "private" });
    await platform.host.drain();
    await until(async () => purges.length >= 2);
    const prefix = `/api/v1/streaming/${id}/g1/`;
    for (const one of purges) assert.equal(one.prefix, prefix);
    const renditions = ["240p.mp4", "480p.mp4", "720p.mp4", "audio.mp4", "cover.jpg", `caption-${captionsId}.vtt`];
    const paths = [...renditions, "preview.avif", "storyboard-1.jpg", "waveform.json"];
    assert.deepEqual([...(purges[1]?.paths ?? [])].toSorted(), paths.map((file) => prefix + file).toSorted());
    purges.length = 0;
    // Nothing of who may see it changed.
    await ask("PUT", `/api/v1/videos/${id}`, { title: "other" });
    await ask("DELETE", `/api/v1/videos/${id}`);
    await platform.host.drain();
    await until(async () => purges.length > 0);
    assert.deepEqual(
      purges.map((one) => one.prefix),
      [`/api/v1/streaming/${id}/g2/`],
    );
  });

  it("receives purges of replaced or removed covers and captions, of public videos alone", async () => {
    const { id } = await publish("public");
    const hidden = await publish("unlisted");
    const picture = await sharp({ create: { width: 64, height: 36, channels: 3, background: "#fa0" } })
      .png()
      .toBuffer();
    const cover = { name: "a.png", bytes: picture };
    const pictureId = Number((await platform.upload("/api/v1/media/upload", owner.token, cover)).data["id"]);
    await platform.host.drain();
    for (const one of [id, hidden.id])
      await ask("PUT", `/api/v1/videos/${one}`, { cover_url: `/api/v1/media/${pictureId}/picture` });
    const body = { language: "de", text: "00:01.000 --> 00:02.000\nhallo\n" };
    const first = Number((await ask("POST", `/api/v1/media/${mediaId}/captions`, body))["id"]);
    await platform.host.drain();
    purges.length = 0;
    for (const one of [id, hidden.id]) await ask("PUT", `/api/v1/videos/${one}`, { cover_url: "" });
    const other = { ...body, text: body.text.replace("hallo", "moin") };
    const second = Number((await ask("POST", `/api/v1/media/${mediaId}/captions`, other))["id"]);
    await ask("DELETE", `/api/v1/media/${mediaId}/captions/${second}`);
    const names = [`cover-${pictureId}.webp`, `caption-${first}.vtt`, `caption-${second}.vtt`];
    const expected = names.map((name) => `/api/v1/streaming/${id}/g1/${name}`).toSorted();
    const paths = () => purges.flatMap((one) => [...one.paths]).toSorted();
    await until(async () => (await platform.host.drain(), paths().length >= expected.length));
    await platform.host.drain();
    // Other tests have published the same file.
    const others = paths().filter((path) => !path.startsWith(`/api/v1/streaming/${id}/`));
    assert.deepEqual(
      paths().filter((path) => !others.includes(path)),
      expected,
    );
    assert.ok(
      others.every((path) => path.includes("/caption-") && !path.includes(`/${hidden.id}/`)),
      others.join(),
    );
    assert.ok(purges.every(({ prefix }) => prefix === undefined));
  });
});

const platform = new Platform(
  { cdnUrl: "https://cdn.test" },
  { streaming: { cdnUrl: "https://cdn.test", purgeUrl: `http://127.0.0.1:${port}/purge` } },
  {},
  { outgoing: createGuardedOutgoing({ allow: ["127.0.0.1"], log: silentLog }) },
);
let owner: Account;
let mediaId = 0;
let captionsId = 0;

async function prepare(): Promise<void> {
  await platform.open();
  owner = await platform.join();
  const file = { name: "a.mp4", bytes: await clip("basic-720p.mp4") };
  mediaId = Number((await platform.upload("/api/v1/media/upload", owner.token, file)).data["id"]);
  const captions = { language: "en", text: "00:01.000 --> 00:02.000\nhello\n" };
  captionsId = Number((await ask("POST", `/api/v1/media/${mediaId}/captions`, captions))["id"]);
  await platform.host.drain();
  await until(async () => (await ask("GET", `/api/v1/media/${mediaId}/transcode`))["status"] === "completed", {});
  await platform.host.drain();
}

async function publish(visibility: string) {
  const { id } = await ask("POST", "/api/v1/videos", { title: "Sea", media_id: mediaId, visibility });
  await platform.host.drain();
  return { id: Number(id), data: await ask("GET", `/api/v1/videos/${String(id)}`) };
}

async function ask(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object) {
  const { status, data, text: said } = await platform.ask(path, { method, token: owner.token, ...(body && { body }) });
  assert.equal(status, 200, said);
  return data;
}

async function textOf(path: string): Promise<string> {
  const { status, text: said } = await platform.ask(path);
  assert.equal(status, 200, said);
  return said;
}
