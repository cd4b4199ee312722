import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { mira, noor, VideoFixture } from "../testing.ts";

describe("several videos of one owner", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("are changed each on its own: a video that fails stops no other", async () => {
    const [first, second] = [await fixture.publish({}), await fixture.publish({ visibility: "followers" })];
    const foreign = await foreignVideo();
    const change = { visibility: "unlisted", categoryId: 2, allowComment: false } as const;
    const ids = [first.id, 99, foreign, second.id, first.id];
    assert.deepEqual(await client.changeMany({ ids, ...change }, callOf(mira)), {
      done: [first.id, second.id],
      failed: [
        { id: 99, error: "video.not_found" },
        { id: foreign, error: "video.not_yours" },
      ],
    });
    for (const { id } of [first, second]) {
      const { visibility, categoryId, allowComment, title } = await client.get({ id }, callOf(mira));
      assert.deepEqual({ visibility, categoryId, allowComment, title }, { ...change, title: "Sea" });
    }
    assert.equal((await client.get({ id: foreign }, callOf(noor))).visibility, "public");
    await host.drain();
    assert.ok(published.includes(`updated:${first.id}:categoryId,allowComment,visibility`), published.join(" "));
  });

  it("need a password each to be visible by password", async () => {
    const [without, locked] = [
      await fixture.publish({}),
      await fixture.publish({ visibility: "password", password: "open sesame" }),
    ];
    const ids = [without.id, locked.id];
    assert.deepEqual(await client.changeMany({ ids, visibility: "password" }, callOf(mira)), {
      done: [locked.id],
      failed: [{ id: without.id, error: "video.password_missing" }],
    });
  });

  it("are added to a playlist of the owner, and no video of another account with them", async () => {
    const [first, second] = [await fixture.publish({}), await fixture.publish({})];
    const list = await client.createPlaylist({ title: "Seas" }, callOf(mira));
    const others = await client.createPlaylist({ title: "Hers" }, callOf(noor));
    const open = await client.createPlaylist({ title: "Hers", visibility: "public" }, callOf(noor));
    const foreign = await foreignVideo();
    const ids = [first.id, foreign, second.id];
    assert.deepEqual(await client.changeMany({ ids, playlistId: list.id }, callOf(mira)), {
      done: [first.id, second.id],
      failed: [{ id: foreign, error: "video.not_yours" }],
    });
    const { items } = await client.playlistItems({ id: list.id }, callOf(mira));
    assert.deepEqual(
      items.map(({ id }) => id),
      [first.id, second.id],
    );
    for (const [playlistId, code] of [
      [others.id, "video.playlist_not_found"],
      [open.id, "video.not_your_playlist"],
    ] as const)
      await assert.rejects(client.changeMany({ ids: [first.id], playlistId }, callOf(mira)), { code });
  });

  it("are deleted, once and with the same answer where the request has a key", async () => {
    const ids = [(await fixture.publish({})).id, (await fixture.publish({})).id];
    const foreign = await foreignVideo();
    const call = callOf(mira, { idempotencyKey: "delete-these" });
    const answer = { done: ids, failed: [{ id: foreign, error: "video.not_yours" }] };
    for (let n = 0; n < 2; n++)
      assert.deepEqual(await client.changeMany({ ids: [...ids, foreign], delete: true }, call), answer);
    assert.deepEqual((await client.ofUser({ id: mira }, callOf(mira))).items, []);
    await client.get({ id: foreign }, callOf(noor));
  });

  it("are not accepted without a change, with a change beside the deletion, or in larger numbers than 100", async () => {
    const { id } = await fixture.publish({});
    for (const wrong of [{ ids: [id] }, { ids: [id], delete: true, allowComment: true }] as const)
      await assert.rejects(client.changeMany({ ...wrong, ids: [...wrong.ids] }, callOf(mira)), {
        code: "video.nothing_to_change",
        http: 400,
      });
    for (const ids of [[], Array.from({ length: 101 }, (_, n) => n + 1)])
      await assert.rejects(client.changeMany({ ids, delete: true }, callOf(mira)), { code: "kernel.invalid_input" });
    assert.equal((await client.get({ id }, callOf(mira))).allowComment, true);
  });
});

const fixture = new VideoFixture();
const { client, host, published } = fixture;

async function foreignVideo(): Promise<number> {
  fixture.object(7, noor, "ready");
  return (await client.create({ title: "Hers", mediaId: 7 }, callOf(noor))).id;
}
