import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { Random } from "#test/random";
import type { Tables } from "../store.ts";
import { owner, Stand } from "../testing.ts";

describe("daily statistics", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => host[Symbol.asyncDispose]());

  it("have each of the last 30 days, and a like on the day it was given", async () => {
    const start = stand.clockMs;
    await watch(1, 7);
    await client.like({ id: 1 }, callOf(7));
    stand.clockMs = start + 29 * dayMs;
    await watch(1, 7);
    await watch(1, 8);
    await client.like({ id: 1 }, callOf(8));
    await client.like({ id: 1 }, callOf(9));
    const { items } = await client.days({ id: 1 }, callOf(owner));
    assert.equal(items.length, 30);
    assert.deepEqual(items[0], { date: "2026-11-20", viewCount: 1, likeCount: 1 });
    assert.deepEqual(items[29], { date: "2026-12-19", viewCount: 2, likeCount: 2 });
    assert.deepEqual(await dailyCounts(1), { "2026-11-20": [1, 1], "2026-12-19": [2, 2] });
    await client.unlike({ id: 1 }, callOf(7));
    await client.unlike({ id: 1 }, callOf(7));
    assert.deepEqual(await dailyCounts(1), { "2026-11-20": [1, 0], "2026-12-19": [2, 2] });
    stand.clockMs += dayMs;
    assert.deepEqual(await dailyCounts(1), { "2026-12-19": [2, 2] });
    await host.drain();
    assert.deepEqual(await host.findings("interaction"), []);
  });

  it("end a day at midnight UTC, to the millisecond", async () => {
    stand.clockMs += dayMs - 1;
    await watch(1, 7);
    stand.clockMs += 1;
    await watch(1, 8);
    assert.deepEqual(await dailyCounts(1), { "2026-11-20": [1, 0], "2026-11-21": [1, 0] });
  });

  it("are for the owner alone, and answer 404 for a video that the caller may not see", async () => {
    for (const call of [callOf(7), callOf(7, { role: "admin" })])
      await assert.rejects(client.days({ id: 1 }, call), { code: "video.not_yours", http: 403 });
    await assert.rejects(client.days({ id: 77 }, callOf(7)), { code: "video.not_found", http: 404 });
    await assert.rejects(client.days({ id: 1 }, callOf()), { http: 401 });
    assert.equal((await client.days({ id: 77 }, callOf(owner))).items.length, 30);
  });

  it("agree with the rows under concurrent likes, unlikes and views over several days", async () => {
    const start = stand.clockMs;
    const random = new Random(5);
    for (let day = 0; day < 4; day++) {
      stand.clockMs = start + day * dayMs;
      await Promise.all(
        Array.from({ length: 120 }, () => {
          const [id, by] = [random.whole(1, 3), random.whole(10, 30)];
          const act = random.whole(1, 4);
          return act === 1
            ? watch(id, by)
            : act === 2
              ? client.unlike({ id }, callOf(by))
              : client.like({ id }, callOf(by));
        }),
      );
      await host.drain();
      assert.deepEqual(await host.findings("interaction"), []);
    }
    const rows = await db()
      .selectFrom("interaction.video_counts")
      .select(["video_id", "play_count", "like_count"])
      .execute();
    assert.equal(rows.length, 3);
    for (const { video_id, play_count, like_count } of rows) {
      const { items } = await client.days({ id: video_id }, callOf(owner));
      const sum = (of: "viewCount" | "likeCount") => items.reduce((all, one) => all + one[of], 0);
      assert.deepEqual([sum("viewCount"), sum("likeCount")], [play_count, like_count], `of ${video_id}`);
    }
  });

  it("are deleted with the video, and lose the likes of a deleted account", async () => {
    for (const id of [1, 2]) {
      await client.like({ id }, callOf(7));
      await client.like({ id }, callOf(8));
      await watch(id, 7);
    }
    await stand.deleteUser(7);
    await host.drain();
    assert.deepEqual(await dailyCounts(1), { "2026-11-20": [1, 1] });
    await stand.deleteVideo(1);
    await host.drain();
    assert.deepEqual(await db().selectFrom("interaction.video_days").select("video_id").execute(), [{ video_id: 2 }]);
    assert.deepEqual(await host.findings("interaction"), []);
  });

  it("are checked for drift, and repaired", async () => {
    await client.like({ id: 1 }, callOf(7));
    await host.drain();
    await db().updateTable("interaction.video_days").set({ like_count: 5 }).execute();
    const [found = ""] = await host.findings("interaction");
    assert.match(found, /likes of video 1 on day 20777 are counted as 5 and there are 1/);
  });
});

const stand = new Stand();
const { host, client } = stand;
const dayMs = 86_400_000;
const db = () => host.database<Tables>("interaction");
const watch = (id: number, by: number) => client.play({ id, finished: true }, callOf(by));

/** Views and likes of the days that have any. */
async function dailyCounts(id: number): Promise<Record<string, [number, number]>> {
  const { items } = await client.days({ id }, callOf(owner));
  const some = items.filter(({ viewCount, likeCount }) => viewCount + likeCount > 0);
  return Object.fromEntries(some.map(({ date, viewCount, likeCount }) => [date, [viewCount, likeCount]]));
}
