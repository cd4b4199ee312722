import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { FeedFixture, stranger } from "../testing.ts";

describe("the videos related to one", () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("share rare tags, are of its author or watched by its viewers, and are filled up by the hottest", async () => {
    const common = await fixture.publish({ userId: 200, tags: ["sea"] });
    for (let n = 0; n < 4; n++) await fixture.publish({ userId: 201 + n, tags: ["sea"], visibility: "public" });
    const rare = await fixture.publish({ userId: 300, hashtags: ["Lighthouse"] });
    const authored = await fixture.publish({ userId: 400 });
    const watched = await fixture.publish({ userId: 500 });
    const other = await fixture.publish({ userId: 600 });
    const id = await fixture.publish({ userId: 400, tags: ["Sea", "lighthouse"] });
    for (let userId = 20; userId < 28; userId++) await fixture.watch([id, userId, 1], [watched, userId, 1]);
    await fixture.settle();
    const { items } = await fixture.client.related({ id, limit: 50 }, stranger);
    const ids = items.map(({ videoId }) => videoId);
    const all = [common, 2, 3, 4, 5, rare, authored, watched, other];
    assert.deepEqual(
      ids.toSorted((a, b) => a - b),
      all,
    );
    assert.deepEqual(items.slice(0, 2), [
      { videoId: watched, reason: "similar", tag: null },
      { videoId: rare, reason: "content", tag: null },
    ]);
    assert.deepEqual(items.at(-1), { videoId: other, reason: "fresh", tag: null });
    assert.equal((await fixture.client.related({ id, limit: 3 }, stranger)).items.length, 3);
  });

  it("do not show what one or two users watched and liked beside a video", async () => {
    const [id, other] = [await fixture.publish({ userId: 200 }), await fixture.publish({ userId: 300 })];
    const reasonAfter = async (viewers: number) => {
      for (let n = 0; n < viewers; n++) {
        await fixture.watch([id, 20 + n, 1], [other, 20 + n, 1]);
        for (const videoId of [id, other]) await fixture.like(videoId, 20 + n);
      }
      await fixture.settle();
      return (await fixture.client.related({ id, limit: 50 }, stranger)).items.map(({ reason }) => reason);
    };
    for (const viewers of [1, 2]) assert.ok(!(await reasonAfter(viewers)).includes("similar"), `${viewers}`);
    assert.deepEqual(await reasonAfter(6), ["similar"]);
  });

  it("are public, never the video itself, and none that is blocked or that the caller is not interested in", async () => {
    const id = await fixture.publish({ userId: 200, tags: ["sea"] });
    assert.deepEqual(await related(id), []);
    const [blocked, marked, kept] = [
      await fixture.publish({ userId: 300, tags: ["sea"] }),
      await fixture.publish({ tags: ["sea"] }),
      await fixture.publish({ tags: ["sea"] }),
    ];
    const hidden = await fixture.publish({ userId: 200, tags: ["sea"], visibility: "followers" });
    for (let userId = 20; userId < 26; userId++)
      await fixture.watch(...[id, blocked, marked, kept, hidden].map((one) => [one, userId, 1] as const));
    await fixture.settle();
    fixture.hidden.set(7, [300]);
    await fixture.client.markNotInterested({ id: marked }, callOf(7));
    assert.deepEqual(await related(id, 7), [kept]);
    assert.deepEqual(new Set(await related(id)), new Set([blocked, marked, kept]));
    await fixture.change(kept, { visibility: "private" });
    assert.deepEqual(await related(id, 7), []);
  });

  it("are of a video that the caller may see", async () => {
    const hidden = await fixture.publish({ visibility: "private" });
    for (const id of [hidden, 999]) await assert.rejects(related(id), { code: "video.not_found", http: 404 });
    assert.deepEqual(await related(hidden, 100), []);
  });
});

const fixture = new FeedFixture();

async function related(id: number, by?: number): Promise<number[]> {
  const { items } = await fixture.client.related({ id, limit: 50 }, callOf(by));
  return items.map(({ videoId }) => videoId);
}
