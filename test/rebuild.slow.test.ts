import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/testing";
import { interaction } from "#services/interaction/contract";
import { sql } from "kysely";
import { type Account, clip, Platform } from "./security/platform.ts";

describe("rebuilding what is worked out from rows (D3)", { timeout: 120_000 }, () => {
  before(async () => {
    await platform.open();
    [mira, noor] = [await platform.join("mirabelle"), await platform.join("noor")];
    const bytes = await clip("basic-720p.mp4");
    const fields = { title: "By the sea #seaside" };
    const made = await platform.upload("/api/v1/videos", mira.token, { name: "a.mp4", bytes }, fields);
    assert.equal(made.status, 200, made.text);
    film = Number(made.data["id"]);
    await platform.host.drain();
    await live();
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("finds nothing where nothing had drifted", async () => {
    assert.deepEqual(await rebuilt(), []);
  });

  for (const { service, damage, says } of drifts())
    it(`finds what drifted in ${service}, puts it right, and then finds nothing`, async () => {
      const whole = await contents(service);
      for (const text of damage()) await sql.raw(text).execute(platform.host.database(service));
      assert.notDeepEqual(await contents(service), whole, "something is damaged");
      assert.deepEqual((await rebuilt()).toSorted(), says().toSorted());
      assert.deepEqual(await contents(service), whole);
      assert.deepEqual(await rebuilt(), []);
    });

  it("rebuilds the services that are named and leaves the others", async () => {
    await sql`UPDATE video_counts SET like_count = 77`.execute(platform.host.database("interaction"));
    assert.deepEqual(await rebuilt(["relation", "hashtag"]), []);
    assert.equal((await rebuilt(["interaction"])).length, 1);
  });

  it("counts right while others write (beside a running system)", async () => {
    const client = platform.host.client(interaction);
    const over = new AbortController();
    const damaging = async () => {
      while (!over.signal.aborted) {
        await sql`UPDATE video_counts SET like_count = like_count + 3`.execute(platform.host.database("interaction"));
        await rebuilt(["interaction"]);
      }
    };
    const liking = async (userId: number) => {
      for (let round = 0; round < 6; round++) {
        await client.like({ id: film }, callOf(userId));
        if (round % 2 === 0) await client.unlike({ id: film }, callOf(userId));
      }
    };
    const writers = Promise.all(Array.from({ length: 20 }, (_, n) => liking(1_000 + n))).finally(() => over.abort());
    await Promise.all([writers, damaging()]);
    await rebuilt(["interaction"]);
    const { data } = await platform.ask(`/api/v1/videos/${film}`);
    assert.equal(data["like_count"], 21, "Noor's and those of the twenty");
  });

  it("brings nothing back that was taken down", async () => {
    const { token } = await platform.administrator();
    const body = { kind: "video", id: film, action: "remove", note: "too blue" };
    const decided = await platform.ask("/api/v1/moderation/decisions", { method: "POST", token, body });
    assert.equal(decided.status, 200, decided.text);
    await platform.host.drain();
    assert.deepEqual(await rebuilt(["hashtag", "recommend", "search", "interaction"]), []);
    const { data } = await platform.ask("/api/v1/search/videos?q=seaside");
    assert.deepEqual(data["list"], []);
  });
});

const platform = new Platform();
let mira: Account;
let noor: Account;
let film = 0;
let root = 0;
let talk = 0;
let report = 0;
let tag = 0;

async function rebuilt(services?: readonly string[]): Promise<string[]> {
  const found = await Array.fromAsync((await platform.host.host()).rebuild(services));
  return found.map(({ service, finding }) => `${service}: ${finding}`);
}

/** Something of everything that is counted or copied. */
async function live(): Promise<void> {
  const post = async (who: Account, path: string, body: object = {}) => {
    const answer = await platform.ask(`/api/v1${path}`, { method: "POST", token: who.token, body });
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return answer.data;
  };
  await post(noor, `/videos/${film}/like`);
  await post(noor, `/videos/${film}/favorite`);
  root = Number((await post(noor, `/videos/${film}/comments`, { content: "so blue" }))["id"]);
  await post(mira, `/videos/${film}/comments`, { content: "is it?", parent_id: root });
  await post(mira, `/comments/${root}/like`);
  await post(noor, `/users/${mira.id}/follow`);
  await post(mira, `/users/${noor.id}/follow`);
  talk = Number((await post(noor, "/messages", { receiver_id: mira.id, content: "hello" }))["conversation_id"]);
  await post(noor, "/reports", { kind: "video", id: film, reason: "other", text: "too blue" });
  await post(mira, "/drive/folders", { name: "Films" });
  report = await idOf("moderation", "cases");
  tag = await idOf("hashtag", "hashtags");
}

async function idOf(service: string, table: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM ${sql.table(table)}`.execute(
    platform.host.database(service),
  );
  return rows[0]?.id ?? 0;
}

/** What a table holds of what a rebuild makes. */
const made: Readonly<Record<string, string>> = {
  interaction: `SELECT (SELECT json_agg(c ORDER BY video_id) FROM video_counts c) AS a,
                  (SELECT json_agg(c ORDER BY user_id) FROM author_counts c WHERE like_count + liked_count + favorite_count > 0) AS b,
                  (SELECT json_agg(c ORDER BY id) FROM comments c) AS c,
                  (SELECT json_agg(n ORDER BY video_id) FROM video_notes n) AS d`,
  relation: `SELECT (SELECT json_agg(c ORDER BY user_id) FROM user_counts c) AS a,
               (SELECT json_agg(f ORDER BY id) FROM follows f) AS b`,
  hashtag: `SELECT (SELECT json_agg(json_build_array(id, video_count, view_count) ORDER BY id) FROM hashtags) AS a,
              (SELECT json_agg(json_build_array(hashtag_id, video_id) ORDER BY 1) FROM video_hashtags) AS b`,
  message: "SELECT (SELECT json_agg(c ORDER BY user_id) FROM conversations c) AS a",
  moderation: "SELECT (SELECT json_agg(c ORDER BY id) FROM cases c) AS a",
  drive: "SELECT (SELECT json_agg(d ORDER BY user_id) FROM drives d) AS a",
  recommend: "SELECT (SELECT json_agg(c ORDER BY video_id) FROM candidates c) AS a",
  search: `SELECT (SELECT json_agg(v ORDER BY video_id) FROM video_entries v) AS a,
             (SELECT json_agg(u ORDER BY user_id) FROM user_entries u) AS b,
             (SELECT json_agg(h ORDER BY hashtag_id) FROM hashtag_entries h) AS c`,
};
const contents = async (service: string): Promise<unknown> =>
  (await sql.raw(made[service] ?? "").execute(platform.host.database(service))).rows;

/** What is damaged, and how a rebuild words it. */
function drifts(): { service: string; damage: () => string[]; says: () => string[] }[] {
  return [
    {
      service: "interaction",
      damage: () => [
        "UPDATE video_counts SET like_count = 9, comment_count = 0, favorite_count = 5",
        `DELETE FROM author_counts WHERE user_id = ${noor.id}`,
        "UPDATE comments SET like_count = 4, reply_count = 0 WHERE root_id IS NULL",
        "UPDATE video_notes SET visibility = 'private'",
      ],
      says: () => [
        `interaction: the likes of video ${film} are counted as 9 and there are 1`,
        `interaction: the favourites of video ${film} are counted as 5 and there are 1`,
        `interaction: the comments of video ${film} are counted as 0 and there are 2`,
        `interaction: the likes given by user ${noor.id} are counted as 0 and there are 1`,
        `interaction: the favourites of user ${noor.id} are counted as 0 and there are 1`,
        `interaction: the likes of comment ${root} are counted as 4 and there are 1`,
        `interaction: the replies to comment ${root} are counted as 0 and there are 1`,
        `interaction: video ${film} was not known as it is`,
      ],
    },
    {
      service: "relation",
      damage: () => [
        `UPDATE user_counts SET follow_count = 3, friend_count = 0 WHERE user_id = ${mira.id}`,
        `UPDATE user_counts SET follower_count = 0 WHERE user_id = ${noor.id}`,
        `UPDATE follows SET mutual_id = NULL WHERE user_id = ${noor.id}`,
      ],
      says: () => [
        `relation: the follows of user ${mira.id} are counted as 3 and there are 1`,
        `relation: the friends of user ${mira.id} are counted as 0 and there are 1`,
        `relation: the followers of user ${noor.id} are counted as 0 and there are 1`,
        `relation: what is between user ${mira.id} and ${noor.id} did not say whether they follow each other`,
      ],
    },
    {
      service: "hashtag",
      damage: () => ["DELETE FROM video_hashtags", "UPDATE hashtags SET view_count = 8"],
      says: () => [
        `hashtag: the videos of hashtag ${tag} are counted as 1 and there are 0`,
        `hashtag: the views of hashtag ${tag} are counted as 8 and there are 0`,
        `hashtag: video ${film} was not under the hashtags it carries`,
      ],
    },
    {
      service: "message",
      damage: () => [`UPDATE conversations SET unread_count = 7 WHERE user_id = ${mira.id}`],
      says: () => [
        `message: the unread messages of user ${mira.id} in conversation ${talk} are counted as 7 and there are 1`,
      ],
    },
    {
      service: "moderation",
      damage: () => ["UPDATE cases SET report_count = 0"],
      says: () => [`moderation: the reports of case ${report} are counted as 0 and there are 1`],
    },
    {
      service: "drive",
      damage: () => ["UPDATE drives SET entry_count = 6"],
      says: () => [`drive: the entries of user ${mira.id} are counted as 6 and there are 1`],
    },
    {
      service: "recommend",
      damage: () => ["UPDATE candidates SET is_shown = false"],
      says: () => [`recommend: video ${film} was not in the feed as it is`],
    },
    {
      service: "search",
      damage: () => [
        "DELETE FROM video_entries",
        `UPDATE user_entries SET follower_count = 4, grams = NULL WHERE user_id = ${noor.id}`,
        "DELETE FROM hashtag_entries",
      ],
      says: () => [
        `search: video ${film} was not found as it is`,
        `search: user ${noor.id} was not found as they are called`,
        `search: user ${noor.id} was ranked by a wrong number of followers`,
        `search: hashtag ${tag} was not found`,
      ],
    },
  ];
}
