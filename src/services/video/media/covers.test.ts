import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { mira, noor, VideoFixture } from "../testing.ts";

describe("the cover of a video", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("is the owner's own picture, by whatever name of this instance", async () => {
    fixture.object(5, mira, "ready", "image");
    fixture.object(6, noor, "ready", "image");
    fixture.object(7, mira, "ready");
    const own = "/api/v1/media/5/picture";
    const { id, mediaId } = await fixture.publish({});
    const video = await client.create({ title: "Sea", mediaId, coverUrl: own }, callOf(mira));
    assert.deepEqual([video.coverMediaId, video.coverUrl], [5, ""]);
    const change = async (coverUrl: string) => {
      const changed = await client.update({ id, coverUrl }, callOf(mira));
      return [changed.coverMediaId, changed.coverUrl];
    };
    const none = [null, ""];
    assert.deepEqual(await change(`http://localhost:8080${own}?x=1`), [5, ""]);
    // The address of an answer, sent back, changes nothing.
    assert.deepEqual(await change(`https://v.example/api/v1/streaming/${id}/g1/cover-5.webp?token=v.1`), [5, ""]);
    assert.deepEqual(await change(own), [5, ""]);
    assert.deepEqual(await change(""), none);
    for (const other of [6, 7, 8, 0, 9_999_999_999_999_999n])
      await assert.rejects(change(`/api/v1/media/${other}/picture`), { code: "video.media_not_found", http: 404 });
    const playable = await client.playable({ id: video.id }, callOf(noor, { caller: "test" }));
    assert.equal(playable.coverMediaId, 5);
    await host.drain();
    // Events of two videos come in any order.
    const updates = published.filter((line) => line.startsWith("updated"));
    assert.deepEqual(new Set(updates), new Set([`updated:${id}:coverUrl`]));
  });
});

const fixture = new VideoFixture();
const { host, client, published } = fixture;
