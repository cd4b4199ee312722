import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { mira, noor, notFound, Stand } from "../testing.ts";

describe("another file for a video", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("plays its old file until the new one can be played, then the new one alone, as the same video", async () => {
    const before = await stand.publish({});
    await host.drain();
    told.length = 0;
    stand.object(5, mira, "processing");
    const waiting = await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    assert.deepEqual([waiting.mediaId, waiting.generation, waiting.status], [before.mediaId, before.generation, 1]);
    assert.deepEqual(waiting.replacement, { mediaId: 5, status: "processing", statusReason: null });
    assert.equal((await client.get({ id: before.id }, callOf(noor))).replacement, null);
    await stand.ready(5);
    const after = await client.get({ id: before.id }, callOf(mira));
    assert.deepEqual(
      [after.mediaId, after.generation, after.status, after.publishedAtMs, after.replacement],
      [5, before.generation + 1, 1, before.publishedAtMs, null],
    );
    assert.deepEqual(told, [
      `replaced:${before.id}:${before.mediaId}>5`,
      `updated:${before.id}:media`,
      `released:${before.id}:${before.mediaId}`,
    ]);
    assert.equal((await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira))).generation, after.generation);
  });

  it("plays a new file at once that is ready already", async () => {
    const before = await stand.publish({});
    stand.object(5, mira, "ready");
    const after = await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    assert.deepEqual([after.mediaId, after.generation, after.replacement], [5, before.generation + 1, null]);
  });

  it("is published by its new file when its own never could be", async () => {
    stand.object(5, mira, "failed");
    const { id, status } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    stand.object(6, mira, "processing");
    await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    await stand.ready(6);
    const after = await client.get({ id }, callOf(noor));
    assert.deepEqual([status, after.status, after.statusReason], [2, 1, null]);
    assert.ok(told.includes(`published:${id}:public`));
  });

  it("goes on with its file when the new one fails, and says why to its owner until that is given up", async () => {
    const before = await stand.publish({});
    stand.object(5, mira, "processing");
    await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    await stand.fail(5);
    const kept = await client.get({ id: before.id }, callOf(mira));
    assert.deepEqual([kept.mediaId, kept.generation, kept.status], [before.mediaId, before.generation, 1]);
    const statusReason = { error: "media.unreadable", message: "it ends in the middle" };
    assert.deepEqual(kept.replacement, { mediaId: 5, status: "failed", statusReason });
    for (let repeat = 0; repeat < 2; repeat++)
      assert.equal((await client.keepMedia({ id: before.id }, callOf(mira))).replacement, null);
    await host.drain();
    assert.deepEqual(
      told.filter((line) => line.startsWith("released")),
      [`released:${before.id}:5`],
    );
  });

  it("takes another file only from its owner, only of theirs, and none that was let go", async () => {
    const before = await stand.publish({});
    stand.object(5, noor, "ready");
    stand.object(6, mira, "ready", "image");
    for (const mediaId of [5, 7, 6]) {
      const code = mediaId === 6 ? "video.not_a_video" : "video.media_not_found";
      await assert.rejects(client.replaceMedia({ id: before.id, mediaId }, callOf(mira)), { code });
    }
    for (const ask of [client.replaceMedia, client.keepMedia])
      await assert.rejects(ask({ id: before.id, mediaId: 5 }, callOf(noor)), { code: "video.not_yours" });
    const secret = await stand.publish({ visibility: "private" });
    for (const id of [secret.id, 99]) {
      await assert.rejects(client.replaceMedia({ id, mediaId: 5 }, callOf(noor)), notFound);
      await assert.rejects(client.keepMedia({ id }, callOf(noor)), notFound);
    }
    const last = await stand.publish({});
    await client.remove({ id: last.id }, callOf(mira));
    await assert.rejects(client.replaceMedia({ id: before.id, mediaId: last.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
    });
    const other = await stand.publish({});
    stand.meanwhile = () => client.remove({ id: other.id }, callOf(mira));
    await assert.rejects(client.replaceMedia({ id: before.id, mediaId: other.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
    });
  });

  it("lets go of a file no other video shows, and of no other", async () => {
    const first = await stand.publish({});
    const second = await client.create({ title: "again", mediaId: first.mediaId }, callOf(mira));
    for (const mediaId of [5, 6]) stand.object(mediaId, mira, "ready");
    await client.replaceMedia({ id: first.id, mediaId: 5 }, callOf(mira));
    stand.object(7, mira, "processing");
    await client.replaceMedia({ id: first.id, mediaId: 7 }, callOf(mira));
    await client.replaceMedia({ id: second.id, mediaId: 7 }, callOf(mira));
    await client.keepMedia({ id: first.id }, callOf(mira));
    await client.replaceMedia({ id: second.id, mediaId: 6 }, callOf(mira));
    await host.drain();
    // Of two videos news may come in any order.
    const released = told.filter((line) => line.startsWith("released")).toSorted();
    assert.deepEqual(released, [`released:${second.id}:${first.mediaId}`, `released:${second.id}:7`].toSorted());
    await client.replaceMedia({ id: first.id, mediaId: 6 }, callOf(mira));
    await client.remove({ id: second.id }, callOf(mira));
    await host.drain();
    assert.ok(told.includes(`released:${first.id}:5`));
    assert.ok(told.includes(`deleted:${second.id}:false`));
  });

  it("shows one of two files given at once, and lets the other go", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, mediaId: old } = await stand.publish({});
      const [one, two] = [stand.newObject("processing"), stand.newObject("processing")];
      const give = (mediaId: number) => client.replaceMedia({ id, mediaId }, callOf(mira));
      await Promise.all([give(one), give(two), stand.ready(one), stand.ready(two)]);
      await host.drain();
      const { mediaId, replacement } = await client.get({ id }, callOf(mira));
      assert.ok([one, two].includes(mediaId) && replacement === null, `shows ${mediaId} of ${one}, ${two}`);
      const released = told.filter((line) => line.startsWith(`released:${id}:`)).toSorted();
      const gone = [old, mediaId === one ? two : one];
      assert.deepEqual(released, gone.map((each) => `released:${id}:${each}`).toSorted());
    }
    await stand.verified();
  });

  it("is gone with everything of it when it is deleted while its file is replaced", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, mediaId: old } = await stand.publish({});
      const next = stand.newObject("processing");
      const [given] = await Promise.allSettled([
        client.replaceMedia({ id, mediaId: next }, callOf(mira)),
        client.remove({ id }, callOf(mira)),
        stand.ready(next),
      ]);
      await host.drain();
      await assert.rejects(client.get({ id }, callOf(mira)), notFound);
      const gone = told.filter((line) => /^(?:released|deleted)/.test(line) && line.includes(`:${id}:`)).length;
      const isSwitched = told.includes(`replaced:${id}:${old}>${next}`);
      assert.equal(gone, given.status === "fulfilled" ? 2 : 1, `given ${given.status}, switched ${isSwitched}`);
    }
    await stand.verified();
  });
});

const stand = new Stand();
const { host, client, told } = stand;
