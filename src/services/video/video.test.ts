import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import { callOf } from "#kernel/host/testing";
import { mira, noor, notFound, VideoFixture } from "./testing.ts";

describe("video", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is processing until its media is ready, then published with one event", async () => {
    fixture.object(5, mira, "processing");
    const video = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    assert.deepEqual([video.status, video.publishedAtMs, video.isMine, video.visibility], [0, null, true, "public"]);
    await assert.rejects(client.get({ id: video.id }, callOf(noor)), notFound);
    await fixture.ready(5);
    await fixture.ready(5);
    const shown = await client.get({ id: video.id }, callOf());
    assert.deepEqual([shown.status, shown.width, shown.durationMs, shown.isMine], [1, 640, 6_000, false]);
    assert.deepEqual(published, [`published:${video.id}:public`]);
  });

  it("announces its metadata once it is published, at changes of what describes it, and when it is deleted", async () => {
    fixture.object(5, mira, "processing");
    const { id } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    await client.update({ id, title: "Lake" }, callOf(mira));
    await fixture.ready(5);
    await client.update({ id, description: "Deep", visibility: "unlisted" }, callOf(mira));
    await client.update({ id, visibility: "public", allowComment: false }, callOf(mira));
    await client.remove({ id }, callOf(mira));
    const { id: draft } = await fixture.publish({ draft: true });
    await client.remove({ id: draft }, callOf(mira));
    await host.drain();
    assert.deepEqual(fixture.metadata, [`created:${id}`, `updated:${id}:description`, `deleted:${id}`]);
  });

  it("is published immediately when its media is ready already, whichever event came first", async () => {
    fixture.object(5, mira, "ready");
    const first = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    assert.equal(first.status, 1);
    fixture.object(6, mira, "processing");
    await fixture.ready(6);
    // The media service still answers its former state: the event came before the answer, and wins.
    const second = await client.create({ title: "Sea", mediaId: 6 }, callOf(mira));
    assert.equal(second.status, 1);
  });

  it("is published in any order of its creation and the event of its media", async () => {
    const ids = Array.from({ length: 20 }, (_, i) => i + 100);
    for (const id of ids) fixture.object(id, mira, "processing");
    await Promise.all(
      ids.flatMap((id) => [client.create({ title: `v${id}`, mediaId: id }, callOf(mira)), fixture.ready(id)]),
    );
    await host.drain();
    const { items } = await client.ofUser({ id: mira, limit: 100 }, callOf());
    assert.deepEqual([items.length, published.length], [20, 20]);
  });

  it("shows private fields to the owner alone, also after another user has read the video", async () => {
    fixture.object(5, mira, "ready");
    const { id } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    fixture.object(6, mira, "processing");
    await client.replaceMedia({ id, mediaId: 6 }, callOf(mira));
    for (const [viewer, isMine] of [
      [noor, false],
      [mira, true],
      [noor, false],
      [mira, true],
    ] as const) {
      const shown = await client.get({ id }, callOf(viewer));
      assert.deepEqual([shown.isMine, shown.replacement?.mediaId], [isMine, isMine ? 6 : undefined]);
      const { items } = await client.visible({ ids: [id] }, { ...callOf(viewer), caller: "test" });
      assert.deepEqual([items[0]?.isMine, items[0]?.replacement?.mediaId], [isMine, isMine ? 6 : undefined]);
    }
  });

  it("shows its owner why the media could not be processed", async () => {
    fixture.object(5, mira, "processing");
    const { id } = await client.create({ title: "Sea", mediaId: 5 }, callOf(mira));
    await fixture.fail(5);
    const shown = await client.get({ id }, callOf(mira));
    assert.deepEqual(
      [shown.status, shown.statusReason],
      [2, { error: "media.unreadable", message: "it ends in the middle" }],
    );
    await assert.rejects(client.get({ id }, callOf(noor)), notFound);
    assert.deepEqual((await client.ofUser({ id: mira }, callOf(noor))).items, []);
  });

  it("accepts only the caller's own media that can be played", async () => {
    fixture.object(5, noor, "ready");
    fixture.object(6, mira, "ready", "image");
    await assert.rejects(client.create({ title: "x", mediaId: 5 }, callOf(mira)), {
      code: "video.media_not_found",
      http: 404,
    });
    await assert.rejects(client.create({ title: "x", mediaId: 6 }, callOf(mira)), {
      code: "video.not_a_video",
      http: 415,
    });
    await assert.rejects(client.create({ title: "x", mediaId: 7 }, callOf(mira)), { code: "video.media_not_found" });
    await assert.rejects(client.create({ title: "x" }, callOf(mira)), { code: "video.nothing_to_publish", http: 400 });
    await assert.rejects(client.create({ title: " ", mediaId: 5 }, callOf(mira)), { code: "kernel.invalid_input" });
  });

  it("shows its statistics to its owner alone", async () => {
    const { id } = await fixture.publish({});
    const list = await client.createPlaylist({ title: "Seas" }, callOf(noor));
    await client.addToPlaylist({ id: list.id, videoId: id }, callOf(noor));
    const statistics = await client.statistics({ id }, callOf(mira));
    assert.deepEqual([statistics.id, statistics.playlistCount, statistics.durationMs > 0], [id, 1, true]);
    await assert.rejects(client.statistics({ id }, callOf(noor)), { code: "video.not_yours", http: 403 });
    const hidden = await fixture.publish({ visibility: "private" });
    await assert.rejects(client.statistics({ id: hidden.id }, callOf(noor)), notFound);
  });

  it("is changed by its owner alone", async () => {
    const { id } = await fixture.publish({});
    await assert.rejects(client.update({ id, title: "x" }, callOf(noor)), { code: "video.not_yours", http: 403 });
    await assert.rejects(client.remove({ id }, callOf(noor)), { code: "video.not_yours", http: 403 });
    await assert.rejects(client.update({ id, title: "x" }, callOf()), { http: 401 });
  });

  it("publishes what changed, and has a new generation when its visibility changed", async () => {
    const { id, generation } = await fixture.publish({});
    await client.update({ id, title: "Sea" }, callOf(mira));
    const renamed = await client.update({ id, title: "Lake", tags: ["a"] }, callOf(mira));
    assert.deepEqual([renamed.title, renamed.generation], ["Lake", generation]);
    const hidden = await client.update({ id, isPublic: false }, callOf(mira));
    assert.deepEqual([hidden.visibility, hidden.isPublic, hidden.generation], ["private", false, generation + 1]);
    await host.drain();
    assert.deepEqual(published.slice(1), [`updated:${id}:title,tags`, `updated:${id}:visibility`]);
  });

  it("is hidden immediately when deleted, and releases its media when no other video uses it", async () => {
    const first = await fixture.publish({});
    const second = await client.create({ title: "again", mediaId: first.mediaId }, callOf(mira));
    await client.remove({ id: first.id }, callOf(mira));
    await assert.rejects(client.get({ id: first.id }, callOf(mira)), notFound);
    await assert.rejects(client.remove({ id: first.id }, callOf(mira)), notFound);
    await client.remove({ id: second.id }, callOf(mira));
    await host.drain();
    assert.deepEqual(
      published.filter((line) => line.startsWith("deleted")),
      [`deleted:${first.id}:false`, `deleted:${second.id}:true`],
    );
  });

  it("is not created of media that is released meanwhile", async () => {
    const last = await fixture.publish({});
    // Media still answers for it: it has not consumed the deletion yet.
    fixture.meanwhile = () => client.remove({ id: last.id }, callOf(mira));
    await assert.rejects(client.create({ title: "again", mediaId: last.mediaId }, callOf(mira)), {
      code: "video.media_not_found",
      http: 404,
    });
    const first = await fixture.publish({});
    const second = await client.create({ title: "again", mediaId: first.mediaId }, callOf(mira));
    fixture.meanwhile = () => client.remove({ id: first.id }, callOf(mira));
    const third = await client.create({ title: "once more", mediaId: first.mediaId }, callOf(mira));
    await host.drain();
    const deleted = published.filter((line) => line.startsWith("deleted"));
    assert.deepEqual(deleted, [`deleted:${last.id}:true`, `deleted:${first.id}:false`]);
    assert.deepEqual([second.status, third.status], [1, 1]);
  });

  it("is either created of its media or releases it, in any order of creation and deletion", async () => {
    const before = await Promise.all(Array.from({ length: 20 }, () => fixture.publish({})));
    const outcomes = await Promise.allSettled(
      before.flatMap(({ id, mediaId }) => [
        client.create({ title: "again", mediaId }, callOf(mira)),
        client.remove({ id }, callOf(mira)),
      ]),
    );
    await host.drain();
    for (const [n, { id }] of before.entries()) {
      const isMade = outcomes[2 * n]?.status === "fulfilled";
      assert.ok(published.includes(`deleted:${id}:${!isMade}`), `${id}, made again: ${isMade}`);
    }
  });

  it("is deleted with its owner's account", async () => {
    const { id } = await fixture.publish({});
    await fixture.emit(userDeleted, mira, { userId: mira });
    await host.drain();
    await assert.rejects(client.get({ id }, callOf()), notFound);
  });
});

const fixture = new VideoFixture();
const { host, client, published } = fixture;
