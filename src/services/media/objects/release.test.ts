import assert from "node:assert/strict";
import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { transcodingCompleted } from "#events/transcoder";
import { videoDeleted } from "#events/video";
import type { Host } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { MediaFixture } from "#services/transcoder/testing";
import { upload } from "#services/upload/contract";
import { until } from "#test/until";
import { media } from "../contract.ts";
import { storeObject } from "./stored-object.ts";

describe("the release of space before the end of the grace time", () => {
  before(async () => {
    await fixture.open();
    other = await fixture.host.addNeighbour();
  });
  beforeEach(() => fixture.host.clear());
  after(() => fixture[Symbol.asyncDispose]());

  it("removes the objects and the file of a deleted media object, and counts their bytes", async () => {
    const { id, source } = await film("basic-720p.mp4");
    const own = await object("own");
    const shared = await object("shared");
    const other = await film("video-only.mp4");
    await complete(id, [rendition("480p", own), rendition("240p", shared)]);
    await complete(other.id, [rendition("240p", shared)]);
    await deleteVideo(id);
    assert.deepEqual(await isStored(own, shared, source), [true, true, true]);
    assert.deepEqual(await mediaClient.release({}, callOf()), { objects: 1, sizeBytes: "own".length, next: null });
    const released = await uploadClient.release({}, callOf());
    assert.deepEqual([released.objects, released.next], [1, null]);
    assert.ok(released.sizeBytes > 10_000);
    assert.deepEqual(await isStored(own, shared, source, other.source), [false, true, false, true]);
    assert.deepEqual(await fixture.host.findings("media"), []);
    assert.deepEqual((await mediaClient.release({}, callOf())).objects, 0);
  });

  it("keeps a file that another user's media object has too", async () => {
    const [mine, theirs] = [await film("basic-720p.mp4"), await film("basic-720p.mp4", noor)];
    assert.equal(mine.source, theirs.source);
    await deleteVideo(mine.id);
    assert.equal((await uploadClient.release({}, callOf())).objects, 0);
    assert.deepEqual(await isStored(theirs.source), [true]);
  });

  it("leaves what may be made again for another media object with the same source", async () => {
    const [mine, theirs] = [await film("basic-720p.mp4"), await film("basic-720p.mp4", noor)];
    const own = await object("same output");
    await complete(mine.id, [rendition("480p", own)]);
    await deleteVideo(mine.id);
    assert.equal((await mediaClient.release({}, callOf())).objects, 0);
    assert.deepEqual(await isStored(own), [true]);
    await deleteVideo(theirs.id);
    assert.equal((await mediaClient.release({}, callOf())).objects, 1);
  });

  it("leaves an object that was stored again recently with its reference", async () => {
    const { id } = await film("basic-720p.mp4");
    const own = await object("recent", 0);
    await complete(id, [rendition("480p", own)]);
    await deleteVideo(id);
    assert.equal((await mediaClient.release({}, callOf())).objects, 0);
    assert.deepEqual(await isStored(own), [true]);
    assert.deepEqual((await mediaClient.held({ keys: [own] }, callOf())).keys, [own]);
  });

  it("removes a replaced rendition, and nothing that plays", async () => {
    const { id } = await film("basic-720p.mp4");
    const [first, ladder] = [await object("first"), await object("ladder")];
    await complete(id, [rendition("first", first)], { isLast: false });
    await complete(id, [rendition("480p", ladder)], { dropped: ["first"], isLast: false });
    // A task that runs may make the same object again.
    assert.equal((await mediaClient.release({}, callOf())).objects, 0);
    await complete(id, []);
    assert.deepEqual(await mediaClient.release({}, callOf()), { objects: 1, sizeBytes: "first".length, next: null });
    assert.deepEqual(await isStored(first, ladder), [false, true]);
    const { renditions, formerRenditions } = await mediaClient.playable({ id }, callOf());
    assert.deepEqual([renditions.map(({ profile }) => profile), formerRenditions], [["480p"], []]);
    assert.deepEqual(await fixture.host.findings("media"), []);
  });

  it("goes through all records in pages", async () => {
    const clips = ["basic-720p.mp4", "video-only.mp4", "one-frame.mp4"];
    for (const clip of clips) {
      const { id } = await film(clip);
      await complete(id, [rendition("480p", await object(clip))]);
      await deleteVideo(id);
    }
    for (const client of [mediaClient, uploadClient]) {
      const counts = [];
      for (let after: number | null = 0; after !== null; ) {
        const page: Awaited<ReturnType<typeof client.release>> = await client.release({ after, limit: 2 }, callOf());
        counts.push(page.objects);
        after = page.next;
      }
      assert.deepEqual(counts, [2, 1]);
    }
  });
});

const mira = 11;
const noor = 12;
// Without FFmpeg the transcoder waits, and the test publishes what one made.
const fixture = new MediaFixture({ environment: { searchPath: "/nonexistent" }, graceMs: 24 * 3_600_000 });
const mediaClient = fixture.host.client(media);
const uploadClient = fixture.host.client(upload);
let other: Host;
async function film(clip: string, userId = mira) {
  const { id } = await fixture.send(clip, userId);
  return { id, source: (await mediaClient.playable({ id }, callOf())).source.key };
}

const sizes = new Map<string, number>();

/** Stores an object of this text in the space `media`, so long ago; yields its key. */
async function object(text: string, ageMs = 3_600_000): Promise<string> {
  const { key, sha256, sizeBytes } = await storeObject(fixture.blob, Buffer.from(text));
  sizes.set(key, sizeBytes);
  const time = new Date(Date.now() - ageMs);
  await utimes(join(fixture.folder, "media", sha256.slice(0, 2), sha256.slice(2, 4), sha256), time, time);
  return key;
}

const rendition = (profile: string, key: string) => {
  const video = { kind: "video" as const, key, sizeBytes: sizes.get(key) ?? 0, indexKey: key };
  return { profile, width: 320, height: 180, bitrateBps: 1_000, fps: 25, video };
};

async function complete(
  mediaId: number,
  renditions: ReturnType<typeof rendition>[],
  more: { dropped?: string[]; isLast?: boolean } = {},
) {
  const { userId } = await mediaClient.playable({ id: mediaId }, callOf());
  const { taskId } = await mediaClient.task({ id: mediaId }, callOf(userId));
  const facts = { kind: "video", width: 320, height: 180, durationMs: 2_000, fps: 25 } as const;
  const payload = { ...facts, taskId, mediaId, audio: null, cover: null, isLast: true, renditions, ...more };
  await other.db.tx((tx) => other.emit(tx, transcodingCompleted, mediaId, payload));
  await fixture.host.drain();
}

async function deleteVideo(mediaId: number): Promise<void> {
  const payload = { videoId: mediaId, userId: mira, mediaId, isLastOfMedia: true };
  await other.db.tx((tx) => other.emit(tx, videoDeleted, mediaId, payload));
  await until(async () => {
    await fixture.host.drain();
    const { items } = await mediaClient.briefs({ ids: [mediaId] }, callOf());
    return items.length === 0;
  });
}

const isStored = (...keys: string[]) => Promise.all(keys.map((key) => fixture.isStored(key)));
