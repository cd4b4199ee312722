import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { Random } from "#test/random";
import { sql } from "kysely";
import { Stand } from "./testing.ts";

describe("interaction of a deleted account", () => {
  before(() => stand.start());
  beforeEach(() => stand.clear());
  after(() => host[Symbol.asyncDispose]());

  it("refuses every write, while its token is still valid", async () => {
    const { id: commentId } = await client.say({ id: 1, content: "here" }, callOf(8));
    await stand.deleteUser(7);
    await host.drain();
    stand.publishedEvents.length = 0;
    for (const [name, act] of Object.entries(acts(commentId)))
      await assert.rejects(act(), { code: "auth.bad_token", http: 401 }, name);
    assert.deepEqual(await traces(), []);
    await host.drain();
    assert.deepEqual(stand.publishedEvents, []);
    // Nobody else is kept from anything, in the same breath neither.
    const [mine] = await Promise.allSettled([client.like({ id: 1 }, callOf(9)), client.like({ id: 1 }, callOf(7))]);
    assert.deepEqual(mine, { status: "fulfilled", value: { liked: true, likeCount: 1 } });
  });

  it("leaves no row, in whatever order its last writes and the event of its deletion commit", async () => {
    for (let seed = 1; seed <= 8; seed++) {
      await stand.clear();
      const { id: commentId } = await client.say({ id: 1, content: "here" }, callOf(8));
      const random = new Random(seed);
      const late = Array.from({ length: 4 }, () => Object.values(acts(commentId))).flat();
      const begun = late.map(async (act) => {
        await new Promise((resolve) => setTimeout(resolve, random.whole(0, 40)));
        await act().catch((error: unknown) => assert.equal((error as { code: string }).code, "auth.bad_token"));
      });
      await stand.deleteUser(7);
      await Promise.all(begun);
      await host.drain();
      assert.deepEqual(await traces(), [], `seed ${seed}`);
      assert.deepEqual(await host.findings("interaction"), [], `seed ${seed}`);
    }
  });
});

const stand = new Stand();
const { host, client } = stand;

/** All that writes something of user 7. */
const acts = (commentId: number): Record<string, () => Promise<unknown>> => ({
  like: () => client.like({ id: 1 }, callOf(7)),
  favorite: () => client.favorite({ id: 1 }, callOf(7)),
  folder: () => client.makeFolder({ name: "mine" }, callOf(7)),
  play: () => client.play({ id: 1, positionMs: 9_000 }, callOf(7)),
  share: () => client.share({ id: 1 }, callOf(7)),
  say: () => client.say({ id: 1, content: "mine" }, callOf(7)),
  answer: () => client.say({ id: 1, content: "mine", parentId: commentId }, callOf(7)),
  likeComment: () => client.likeComment({ id: commentId }, callOf(7)),
  sayAt: () => client.sayAt({ id: 1, positionMs: 5, content: "mine" }, callOf(7)),
  filters: () => client.setDanmakuFilters({ words: ["a"], userIds: [], modes: [] }, callOf(7)),
  hide: async () => {
    const { id } = await client.sayAt({ id: 1, positionMs: 5, content: "theirs" }, callOf(8));
    return client.hideAuthor({ id }, callOf(7));
  },
  history: () => client.setHistory({ isKept: false }, callOf(7)),
});

/** Every row of user 7, of whichever table. */
async function traces(): Promise<string[]> {
  const lines: string[] = [];
  for (const table of tables) {
    const column = table === "views" || table === "shares" ? "viewer" : "user_id";
    const { rows } = await sql<{ row: string }>`
      SELECT t::text AS row FROM ${sql.table(table)} AS t WHERE ${sql.ref(column)}::text IN ('7', 'user:7')`.execute(
      host.database("interaction"),
    );
    lines.push(...rows.map(({ row }) => `${table}: ${row}`));
  }
  return lines;
}
const tables = [
  "likes",
  "favorites",
  "favorite_folders",
  "comments",
  "comment_likes",
  "danmaku",
  "danmaku_filters",
  "hidden_danmaku_authors",
  "views",
  "shares",
  "watches",
  "watch_settings",
];
