import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { sql } from "kysely";
import { Stand } from "../testing.ts";

describe("videos to continue watching", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => stand.host[Symbol.asyncDispose]());

  it("were begun and not watched to their end, the latest first", async () => {
    await play(1, 20_000);
    await play(2, 2_999);
    await play(3, 56_999);
    await play(4, 57_000);
    await play(5, 30_000, true);
    await play(6, 3_000);
    assert.deepEqual(await begun(), [
      [6, 3_000],
      [3, 56_999],
      [1, 20_000],
    ]);
    await play(1, 25_000);
    await play(3, 60_000, true);
    assert.deepEqual(await begun(), [
      [1, 25_000],
      [6, 3_000],
    ]);
    assert.deepEqual(await begun(1), [[1, 25_000]]);
    await assert.rejects(client.continueWatching({}, callOf()), { http: 401 });
    await assert.rejects(client.continueWatching({ limit: 51 }, callOf(7)), { http: 400 });
    assert.deepEqual((await client.continueWatching({}, callOf(8))).items, []);
  });

  it("follow the history: nothing is added while it is off, and nothing stays when it is cleared", async () => {
    await play(1, 20_000);
    await client.setHistory({ isKept: false }, callOf(7));
    await play(1, 30_000);
    await play(2, 30_000);
    assert.deepEqual(await begun(), [[1, 20_000]]);
    await client.setHistory({ isKept: true }, callOf(7));
    await play(2, 30_000);
    await client.forgetWatched({ id: 1 }, callOf(7));
    assert.deepEqual(await begun(), [[2, 30_000]]);
    await client.clearHistory({}, callOf(7));
    assert.deepEqual(await begun(), []);
  });

  it("are among the last thousand of the history", async () => {
    await play(1, 20_000);
    await play(2, 20_000);
    await sql`INSERT INTO interaction.watches (user_id, video_id, position_ms, duration_ms, is_finished, watched_at_ms)
      SELECT 7, n, 60000, 60000, true, ${stand.clockMs}::bigint + n FROM generate_series(1001, 1999) AS n`.execute(
      stand.host.database("interaction"),
    );
    assert.deepEqual(await begun(), [[2, 20_000]]);
  });

  it("are without private, deleted and restored ones, until they may be seen again", async () => {
    for (const id of [1, 2]) await play(id, 20_000);
    await stand.show(1, "private", 2);
    assert.deepEqual(await begun(), [[2, 20_000]]);
    await stand.show(1, "public", 3);
    await stand.deleteVideo(2);
    await stand.host.drain();
    assert.deepEqual(await begun(), [[1, 20_000]]);
  });
});

const stand = new Stand();
const { client } = stand;

/** Each report is a second after the one before. */
async function play(id: number, positionMs: number, finished = false, by = 7): Promise<void> {
  stand.clockMs += 1_000;
  await client.play({ id, positionMs, durationMs: 60_000, finished }, callOf(by));
}
async function begun(limit = 20): Promise<[number, number][]> {
  const { items } = await client.continueWatching({ limit }, callOf(7));
  return items.map(({ videoId, positionMs }) => [videoId, positionMs]);
}
