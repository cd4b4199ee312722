import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { FeedFixture } from "../testing.ts";

describe("videos that a viewer watched long ago", () => {
  before(async () => {
    await fixture.start();
    await fixture.clear();
    for (let n = 0; n < 290; n++) ids.push(await fixture.publish({ userId: 400 + n }));
    // The newest videos were watched first: their signals are not among the last ones.
    for (const id of ids.slice(unseen).toReversed()) {
      await fixture.watch([id, 7, 1]);
      fixture.clockMs += 1;
    }
    await fixture.settle();
  });
  after(() => fixture.host[Symbol.asyncDispose]());

  it("are in no page as long as there are others", async () => {
    assert.deepEqual(await watchedAmong(15), []);
  });

  it("come once all others have come", async () => {
    const first = await fixture.client.feed({ limit: unseen }, callOf(7));
    assert.deepEqual(new Set(first.items.map(({ videoId }) => videoId)), new Set(ids.slice(0, unseen)));
    const { items } = await fixture.client.feed({ limit: 10, cursor: first.next ?? "" }, callOf(7));
    assert.deepEqual(
      items.map(({ videoId }) => videoId),
      ids.slice(-10).toReversed(),
    );
  });

  it("are not tried as new ones beside newer videos", async () => {
    for (let n = 0; n < 45; n++) await fixture.publish({ userId: 800 + n });
    await fixture.settle();
    assert.deepEqual(await watchedAmong(40), []);
  });

  it("are found again after they are removed from the history, as others that were not watched", async () => {
    const removed = ids.at(-1) ?? 0;
    await fixture.clearHistory(7, removed);
    const first = await fixture.client.feed({ limit: 50 }, callOf(7));
    const next = await fixture.client.feed({ limit: 50, cursor: first.next ?? "" }, callOf(7));
    assert.ok([...first.items, ...next.items].slice(0, unseen + 46).some(({ videoId }) => videoId === removed));
  });
});

const fixture = new FeedFixture();

/** Videos of first pages that the viewer watched; those that are in them are drawn anew for each. */
async function watchedAmong(pages: number): Promise<number[]> {
  const watched = new Set(ids.slice(unseen));
  const found: number[] = [];
  for (let n = 0; n < pages; n++) {
    const { items } = await fixture.client.feed({ limit: 10 }, callOf(7));
    found.push(...items.map(({ videoId }) => videoId).filter((id) => watched.has(id)));
  }
  return found;
}
const ids: number[] = [];
/** The oldest videos, which were not watched. */
const unseen = 30;
