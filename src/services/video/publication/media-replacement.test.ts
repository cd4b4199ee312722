import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { mira, noor, notFound, VideoFixture } from "../testing.ts";

describe("the replacement of a video's file", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("plays the old file until the new one can be played, then the new one alone", async () => {
    const before = await fixture.publish({});
    await host.drain();
    published.length = 0;
    fixture.object(5, mira, "processing");
    const waiting = await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    assert.deepEqual([waiting.mediaId, waiting.generation, waiting.status], [before.mediaId, before.generation, 1]);
    assert.deepEqual(waiting.replacement, { mediaId: 5, status: "processing", statusReason: null });
    assert.equal((await client.get({ id: before.id }, callOf(noor))).replacement, null);
    await fixture.ready(5);
    const after = await client.get({ id: before.id }, callOf(mira));
    assert.deepEqual(
      [after.mediaId, after.generation, after.status, after.publishedAtMs, after.replacement],
      [5, before.generation + 1, 1, before.publishedAtMs, null],
    );
    assert.deepEqual(published, [
      `replaced:${before.id}:${before.mediaId}>5`,
      `updated:${before.id}:media`,
      `released:${before.id}:${before.mediaId}`,
    ]);
    assert.equal((await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira))).generation, after.generation);
  });

  it("plays a new file immediately when it is already ready", async () => {
    const before = await fixture.publish({});
    fixture.object(5, mira, "ready");
    const after = await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    assert.deepEqual([after.mediaId, after.generation, after.replacement], [5, before.generation + 1, null]);
  });

  it("brings the chapters inside the new file", async () => {
    const chapters = [
      { startMs: 0, title: "Opening" },
      { startMs: 2_500, title: "End" },
    ];
    fixture.object(4, mira, "processing");
    const { id } = await client.create({ title: "Sea", mediaId: 4 }, callOf(mira));
    await fixture.ready(4, chapters);
    assert.deepEqual((await client.get({ id }, callOf(noor))).chapters, chapters);
    assert.deepEqual((await client.playable({ id }, callOf(noor, { caller: "test" }))).chapters, chapters);
    fixture.object(5, mira, "ready", "video", chapters.slice(0, 1));
    assert.deepEqual((await client.replaceMedia({ id, mediaId: 5 }, callOf(mira))).chapters, chapters.slice(0, 1));
    fixture.object(6, mira, "ready");
    assert.deepEqual((await client.replaceMedia({ id, mediaId: 6 }, callOf(mira))).chapters, []);
  });

  it("publishes a video after its own file failed", async () => {
    fixture.object(5, mira, "failed");
    const { id, status } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    fixture.object(6, mira, "processing");
    await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    await fixture.ready(6);
    const after = await client.get({ id }, callOf(noor));
    assert.deepEqual([status, after.status, after.statusReason], [2, 1, null]);
    assert.ok(published.includes(`published:${id}:public`));
  });

  it("keeps the old file when the new one fails, and shows the owner why until the replacement is cancelled", async () => {
    const before = await fixture.publish({});
    fixture.object(5, mira, "processing");
    await client.replaceMedia({ id: before.id, mediaId: 5 }, callOf(mira));
    await fixture.fail(5);
    const kept = await client.get({ id: before.id }, callOf(mira));
    assert.deepEqual([kept.mediaId, kept.generation, kept.status], [before.mediaId, before.generation, 1]);
    const statusReason = { error: "media.unreadable", message: "it ends in the middle" };
    assert.deepEqual(kept.replacement, { mediaId: 5, status: "failed", statusReason });
    for (let repeat = 0; repeat < 2; repeat++)
      assert.equal((await client.keepMedia({ id: before.id }, callOf(mira))).replacement, null);
    await host.drain();
    assert.deepEqual(
      published.filter((line) => line.startsWith("released")),
      [`released:${before.id}:5`],
    );
  });

  it("is accepted only from the owner, with the owner's own media that was not released", async () => {
    const before = await fixture.publish({});
    fixture.object(5, noor, "ready");
    fixture.object(6, mira, "ready", "image");
    for (const mediaId of [5, 7, 6]) {
      const code = mediaId === 6 ? "video.not_a_video" : "video.media_not_found";
      await assert.rejects(client.replaceMedia({ id: before.id, mediaId }, callOf(mira)), { code });
    }
    for (const ask of [client.replaceMedia, client.keepMedia])
      await assert.rejects(ask({ id: before.id, mediaId: 5 }, callOf(noor)), { code: "video.not_yours" });
    const secret = await fixture.publish({ visibility: "private" });
    for (const id of [secret.id, 99]) {
      await assert.rejects(client.replaceMedia({ id, mediaId: 5 }, callOf(noor)), notFound);
      await assert.rejects(client.keepMedia({ id }, callOf(noor)), notFound);
    }
    const last = await fixture.publish({});
    await client.remove({ id: last.id }, callOf(mira));
    await assert.rejects(client.replaceMedia({ id: before.id, mediaId: last.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
    });
    const other = await fixture.publish({});
    fixture.meanwhile = () => client.remove({ id: other.id }, callOf(mira));
    await assert.rejects(client.replaceMedia({ id: before.id, mediaId: other.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
    });
  });

  it("releases exactly the files that no other video uses", async () => {
    const first = await fixture.publish({});
    const second = await client.create({ title: "again", mediaId: first.mediaId }, callOf(mira));
    for (const mediaId of [5, 6]) fixture.object(mediaId, mira, "ready");
    await client.replaceMedia({ id: first.id, mediaId: 5 }, callOf(mira));
    fixture.object(7, mira, "processing");
    await client.replaceMedia({ id: first.id, mediaId: 7 }, callOf(mira));
    await client.replaceMedia({ id: second.id, mediaId: 7 }, callOf(mira));
    await client.keepMedia({ id: first.id }, callOf(mira));
    await client.replaceMedia({ id: second.id, mediaId: 6 }, callOf(mira));
    await host.drain();
    // Events of two videos come in any order.
    const released = published.filter((line) => line.startsWith("released")).toSorted();
    assert.deepEqual(released, [`released:${second.id}:${first.mediaId}`, `released:${second.id}:7`].toSorted());
    await client.replaceMedia({ id: first.id, mediaId: 6 }, callOf(mira));
    await client.remove({ id: second.id }, callOf(mira));
    await host.drain();
    assert.ok(published.includes(`released:${first.id}:5`));
    assert.ok(published.includes(`deleted:${second.id}:false`));
  });

  it("keeps one of two concurrent files, and releases the other", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, mediaId: old } = await fixture.publish({});
      const [one, two] = [fixture.newObject("processing"), fixture.newObject("processing")];
      const replace = (mediaId: number) => client.replaceMedia({ id, mediaId }, callOf(mira));
      await Promise.all([replace(one), replace(two), fixture.ready(one), fixture.ready(two)]);
      await host.drain();
      const { mediaId, replacement } = await client.get({ id }, callOf(mira));
      assert.ok([one, two].includes(mediaId) && replacement === null, `shows ${mediaId} of ${one}, ${two}`);
      const released = published.filter((line) => line.startsWith(`released:${id}:`)).toSorted();
      const unused = [old, mediaId === one ? two : one];
      assert.deepEqual(released, unused.map((each) => `released:${id}:${each}`).toSorted());
    }
    await fixture.assertConsistent();
  });

  it("releases all files of a video that is deleted meanwhile", async () => {
    for (let round = 0; round < 10; round++) {
      const { id, mediaId: old } = await fixture.publish({});
      const next = fixture.newObject("processing");
      const [replacement] = await Promise.allSettled([
        client.replaceMedia({ id, mediaId: next }, callOf(mira)),
        client.remove({ id }, callOf(mira)),
        fixture.ready(next),
      ]);
      await host.drain();
      await assert.rejects(client.get({ id }, callOf(mira)), notFound);
      const releases = published.filter(
        (line) => /^(?:released|deleted)/.test(line) && line.includes(`:${id}:`),
      ).length;
      const isSwitched = published.includes(`replaced:${id}:${old}>${next}`);
      assert.equal(
        releases,
        replacement.status === "fulfilled" ? 2 : 1,
        `replacement ${replacement.status}, switched ${isSwitched}`,
      );
    }
    await fixture.assertConsistent();
  });
});

const fixture = new VideoFixture();
const { host, client, published } = fixture;
