import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { transcodingCompleted } from "#events/transcoder";
import type { Host } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import type { TrackIndex } from "#media/mp4/indexer";
import { fragmentedOutput } from "#media/renditions/output";
import { indexFile, probeFile, testTools, without } from "#media/testing";
import { MediaFixture } from "#services/transcoder/testing";
import { lastCheckedId, setLooked } from "./level-store.ts";
import { media } from "../contract.ts";
import { storeObject } from "../objects/stored-object.ts";
import type * as store from "../store.ts";

const execute = promisify(execFile);
const tools = await testTools();

describe("renditions that claim an H.264 level of 8K", { skip: without(tools, "FFmpeg") }, () => {
  before(async () => {
    await fixture.open();
    other = await fixture.host.addNeighbour();
    const { id } = await fixture.send("one-frame.mp4", userId);
    mediaId = id;
    const renditions = [await rendition("180p", "320x180", "6.2"), await rendition("90p", "160x90", "3.0")];
    await other.db.tx((tx) => other.emit(tx, transcodingCompleted, 5, { ...completed, mediaId, renditions }));
    await fixture.host.drain();
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("are looked for after the media object that was looked at last", async () => {
    const formerly = await tracks();
    const database = fixture.host.database<store.Tables>("media");
    await database.tx((tx) => setLooked(tx, mediaId, false));
    await fixture.host.tick("media.levels");
    await fixture.host.drain();
    assert.deepEqual(await tracks(), formerly);
    assert.equal(await lastCheckedId(database), undefined);
    await database.tx((tx) => setLooked(tx, mediaId - 1, false));
  });

  it("get the least that fits, in header, index and manifest, with all byte ranges as they were; others stay", async () => {
    const formerly = await tracks();
    await fixture.host.tick("media.levels");
    await fixture.host.drain();
    const [small, large] = await tracks();
    assert.deepEqual(small, formerly[0]);
    const [, former] = formerly;
    assert.ok(former && large && large.key !== former.key);
    const [before, index] = [await indexOf(former.indexKey), await indexOf(large.indexKey)];
    assert.deepEqual(index, { ...before, codec: "avc1.64000c" });
    await using file = await fixture.blob.local(large.key);
    assert.ok(file && tools);
    assert.deepEqual(await indexFile(file.path), index);
    const args = "-v error -show_entries stream=level -of csv=p=0".split(" ");
    if (tools.ffmpeg.ffprobe) assert.equal((await execute(tools.ffmpeg.ffprobe, [...args, file.path])).stdout, "12\n");
    assert.equal((await probeFile(tools, file.path)).video?.frames, 50);
    const [oldBytes, newBytes] = [await bytesOf(fixture.blob, former.key), await bytesOf(fixture.blob, large.key)];
    assert.ok(oldBytes && newBytes && oldBytes.byteLength === newBytes.byteLength);
    const changed = [...oldBytes.keys()].filter((n) => oldBytes[n] !== newBytes[n]);
    assert.ok(changed.length >= 2 && changed.every((n) => n < index.init.size), changed.join(" "));
    assert.deepEqual(await fixture.host.findings("media"), []);
  });

  it("are looked for once", async () => {
    const corrected = await tracks();
    const rows = await fixture.host.database<store.Tables>("media").selectFrom("media.repairs").selectAll().execute();
    assert.deepEqual(rows, [{ name: "levels", after_id: 0, is_done: true }]);
    await fixture.host.tick("media.levels");
    await fixture.host.drain();
    assert.deepEqual(await tracks(), corrected);
  });
});

const userId = 11;
let mediaId = 0;
let other: Host;
// Without FFmpeg the transcoder waits, and the test publishes what one made.
const fixture = new MediaFixture({ environment: { searchPath: "/nonexistent" } });
const completed = {
  taskId: 7,
  isLast: true,
  kind: "video",
  width: 320,
  height: 180,
  durationMs: 2_000,
  fps: 25,
  audio: null,
  cover: null,
} as const;

async function rendition(profile: string, size: string, level: string) {
  assert.ok(tools);
  const path = join(fixture.folder, `${profile}.mp4`);
  const source = `-v error -f lavfi -i testsrc2=s=${size}:r=25:d=2 -c:v libx264 -preset veryfast -pix_fmt yuv420p`;
  await execute(tools.ffmpeg.path, [...source.split(" "), "-level:v", level, ...fragmentedOutput("video", path)]);
  const index = await indexFile(path);
  const [file, stored] = [await readFile(path), Buffer.from(JSON.stringify(index))];
  const { key, sizeBytes } = await storeObject(fixture.blob, file);
  const { key: indexKey } = await storeObject(fixture.blob, stored);
  const video = { kind: "video" as const, key, sizeBytes, indexKey };
  return { profile, width: index.width, height: index.height, bitrateBps: index.averageBps, fps: 25, video };
}

/** The tracks of the renditions, the smallest first. */
async function tracks() {
  const { renditions } = await fixture.host.client(media).playable({ id: mediaId }, callOf());
  return renditions.map(({ video }) => video);
}

async function indexOf(key: string): Promise<TrackIndex> {
  const bytes = await bytesOf(fixture.blob, key);
  assert.ok(bytes);
  return JSON.parse(String(bytes)) as TrackIndex;
}
