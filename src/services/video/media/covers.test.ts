import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { mira, noor, Stand } from "../testing.ts";

describe("the cover of a video", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("keeps a picture of one's own as its cover, and an address elsewhere as it is", async () => {
    stand.object(5, mira, "ready", "image");
    stand.object(6, noor, "ready", "image");
    stand.object(7, mira, "ready");
    const own = "/api/v1/media/5/picture";
    const { id, mediaId } = await stand.publish({});
    const made = await client.create({ title: "Sea", mediaId, coverUrl: own }, callOf(mira));
    assert.deepEqual([made.coverMediaId, made.coverUrl], [5, ""]);
    const change = async (coverUrl: string) => {
      const changed = await client.update({ id, coverUrl }, callOf(mira));
      return [changed.coverMediaId, changed.coverUrl];
    };
    const [none, elsewhere] = [[null, ""], "https://pictures.example/a.jpg"];
    assert.deepEqual(await change(`http://localhost:8080${own}?x=1`), [5, ""]);
    // What an answer says, sent back as it was, changes nothing.
    assert.deepEqual(await change(`https://v.example/api/v1/streaming/${id}/g1/cover-5.webp?token=v.1`), [5, ""]);
    assert.deepEqual(await change(elsewhere), [null, elsewhere]);
    assert.deepEqual(await change(own), [5, ""]);
    assert.deepEqual(await change(""), none);
    for (const other of [6, 7, 8, 0, 9_999_999_999_999_999n])
      await assert.rejects(change(`/api/v1/media/${other}/picture`), { code: "video.media_not_found", http: 404 });
    const foreign = "https://other.example/api/v1/media/6/picture";
    assert.deepEqual(await change(foreign), [null, foreign]);
    const playable = await client.playable({ id: made.id }, callOf(noor, { caller: "test" }));
    assert.equal(playable.coverMediaId, 5);
    await host.drain();
    // Of two videos news may come in any order.
    const updates = told.filter((line) => line.startsWith("updated"));
    assert.deepEqual(new Set(updates), new Set([`updated:${id}:coverUrl`]));
  });
});

const stand = new Stand();
const { host, client, told } = stand;
