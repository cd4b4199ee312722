import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { interaction } from "#services/interaction/contract";
import { sql } from "kysely";
import { type Account, clip, Platform } from "../platform/platform.ts";

describe("the rebuild of projections (D3)", () => {
  before(async () => {
    await platform.open();
    [mira, noor] = [await platform.join("mirabelle"), await platform.join("noor")];
    [omar, petra] = [await platform.join("omar"), await platform.join("petra")];
    const bytes = await clip("quiet-audio.mp4");
    const fields = { title: "By the sea #seaside" };
    const response = await platform.upload("/api/v1/videos", mira.token, { name: "a.mp4", bytes }, fields);
    assert.equal(response.status, 200, response.text);
    film = Number(response.data["id"]);
    mediaId = Number(response.data["media_id"]);
    await platform.host.drain();
    await live();
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("reports nothing without drift", async () => {
    assert.deepEqual(await rebuilt(), []);
  });

  for (const { service, damage, says } of drifts())
    it(`finds and repairs drift in ${service}, and reports nothing afterwards`, async () => {
      const whole = await contents(service);
      for (const text of damage()) await sql.raw(text).execute(platform.host.database(service));
      assert.notDeepEqual(await contents(service), whole, "something is damaged");
      assert.deepEqual((await rebuilt()).toSorted(), says().toSorted());
      // Repeated events are consumed a moment later.
      await platform.host.drain();
      assert.deepEqual(await contents(service), whole);
      assert.deepEqual(await rebuilt(), []);
    });

  it("publishes a video with playable media after the loss of the event that reported it", async () => {
    const db = platform.host.database("video");
    await sql`UPDATE media_states SET state = 'processing'`.execute(db);
    await sql`UPDATE videos SET status = 0, published_at_ms = NULL`.execute(db);
    assert.equal((await platform.ask(`/api/v1/videos/${film}`)).status, 404);
    assert.deepEqual(await rebuilt(["video"]), [`video: media object ${mediaId} has an outdated replica row`]);
    await platform.host.drain();
    assert.equal((await platform.ask(`/api/v1/videos/${film}`)).status, 200);
    assert.deepEqual(await rebuilt(), []);
  });

  it("publishes measures again without a new entry in the audit trail", async () => {
    const trail = async () => (await sql`SELECT FROM audit`.execute(platform.host.database("moderation"))).rows.length;
    const before = await trail();
    await sql`DELETE FROM muted WHERE user_id = ${petra.id}`.execute(platform.host.database("video"));
    assert.equal((await rebuilt(["moderation"])).length, 1);
    await platform.host.drain();
    assert.equal(await trail(), before);
  });

  it("covers only the named services", async () => {
    await sql`UPDATE video_counts SET like_count = 77`.execute(platform.host.database("interaction"));
    assert.deepEqual(await rebuilt(["relation", "hashtag"]), []);
    assert.equal((await rebuilt(["interaction"])).length, 1);
  });

  it("leaves exact counts during concurrent writes", async () => {
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

  it("restores nothing of a removed video", async () => {
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
/** Muted, and banned. */
let omar: Account;
let petra: Account;
let mediaId = 0;
let film = 0;
let root = 0;
let talk = 0;
let report = 0;
let tag = 0;
let driveFolder = 0;

async function rebuilt(services?: readonly string[]): Promise<string[]> {
  const results = await Array.fromAsync((await platform.host.host()).rebuild(services));
  return results.map(({ service, finding }) => `${service}: ${finding}`);
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
  driveFolder = Number((await post(mira, "/drive/folders", { name: "Films" }))["id"]);
  report = await idOf("moderation", "cases");
  const administrator = await platform.administrator();
  for (const [who, action] of [
    [omar, "mute"],
    [petra, "ban"],
  ] as const)
    await post(administrator, "/moderation/decisions", { kind: "user", id: who.id, action, note: "odd" });
  await post(administrator, "/admin/words", { pattern: "frobnicate", action: "refuse" });
  tag = await idOf("hashtag", "hashtags");
}

async function idOf(service: string, table: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM ${sql.table(table)}`.execute(
    platform.host.database(service),
  );
  return rows[0]?.id ?? 0;
}

/** The rebuilt columns of each table. */
const rebuiltColumns: Readonly<Record<string, string>> = {
  interaction: `SELECT (SELECT json_agg(c ORDER BY video_id) FROM video_counts c) AS a,
                  (SELECT json_agg(c ORDER BY user_id) FROM author_counts c WHERE like_count + liked_count + favorite_count > 0) AS b,
                  (SELECT json_agg(c ORDER BY id) FROM comments c) AS c,
                  (SELECT json_agg(n ORDER BY video_id) FROM video_copies n) AS d,
                  (SELECT json_agg(s ORDER BY user_id, kind) FROM muted s) AS e,
                  (SELECT body::json ->> 'words' FROM blocklist_terms) AS f`,
  relation: `SELECT (SELECT json_agg(c ORDER BY user_id) FROM user_counts c) AS a,
               (SELECT json_agg(f ORDER BY id) FROM follows f) AS b`,
  hashtag: `SELECT (SELECT json_agg(json_build_array(id, video_count, view_count) ORDER BY id) FROM hashtags) AS a,
              (SELECT json_agg(json_build_array(hashtag_id, video_id) ORDER BY 1) FROM video_hashtags) AS b`,
  message: `SELECT (SELECT json_agg(c ORDER BY user_id) FROM conversations c) AS a,
              (SELECT json_agg(s ORDER BY user_id, kind) FROM muted s) AS b`,
  moderation: `SELECT (SELECT json_agg(c ORDER BY id) FROM cases c) AS a,
                 (SELECT json_agg(json_build_array(user_id, role) ORDER BY user_id) FROM users WHERE role <> 'user') AS b,
                 (SELECT json_agg(t ORDER BY kind, id) FROM things t WHERE author_id > 0) AS c`,
  user: `SELECT (SELECT json_agg(json_build_array(id, username, role) ORDER BY id) FROM users) AS a,
           (SELECT json_agg(json_build_array(user_id, nickname) ORDER BY user_id) FROM user_profiles) AS b,
           (SELECT body::json ->> 'words' FROM blocklist_terms) AS c`,
  video: `SELECT (SELECT json_agg(m ORDER BY media_id) FROM media_states m) AS a,
            (SELECT json_agg(s ORDER BY user_id, kind) FROM muted s) AS b,
            (SELECT body::json ->> 'words' FROM blocklist_terms) AS c`,
  auth: `SELECT (SELECT json_agg(json_build_array(user_id, state, state_until_ms, state_reason) ORDER BY user_id)
                 FROM credentials) AS a, (SELECT body::json ->> 'words' FROM blocklist_terms) AS b`,
  drive: "SELECT (SELECT json_agg(d ORDER BY user_id) FROM drives d) AS a",
  // A repair is a change of its own: the transaction that made it is another.
  recommend: "SELECT (SELECT json_agg(to_jsonb(c) - 'changed_tx' ORDER BY video_id) FROM candidates c) AS a",
  search:
    "SELECT (SELECT json_agg(to_jsonb(d) - '{changed_tx,named_tx}'::text[] ORDER BY kind, id) FROM documents d) AS a",
};
const contents = async (service: string): Promise<unknown> =>
  (await sql.raw(rebuiltColumns[service] ?? "").execute(platform.host.database(service))).rows;

/** The damage of each service, and how a rebuild words it. */
function drifts(): { service: string; damage: () => string[]; says: () => string[] }[] {
  return [
    {
      service: "interaction",
      damage: () => [
        "UPDATE video_counts SET like_count = 9, comment_count = 0, favorite_count = 5",
        `DELETE FROM author_counts WHERE user_id = ${noor.id}`,
        "UPDATE comments SET like_count = 4, reply_count = 0 WHERE root_id IS NULL",
        "UPDATE video_copies SET visibility = 'private'",
        "DELETE FROM muted WHERE kind = 'mute'",
        "UPDATE blocklist_terms SET body = replace(body, 'frobnicate', 'nothing')",
      ],
      says: () => [
        `interaction: the likes of video ${film} are counted as 9 and there are 1`,
        `interaction: the favourites of video ${film} are counted as 5 and there are 1`,
        `interaction: the comments of video ${film} are counted as 0 and there are 2`,
        `interaction: the likes given by user ${noor.id} are counted as 0 and there are 1`,
        `interaction: the favourites of user ${noor.id} are counted as 0 and there are 1`,
        `interaction: the likes of comment ${root} are counted as 4 and there are 1`,
        `interaction: the replies to comment ${root} are counted as 0 and there are 1`,
        `interaction: video ${film} differed from the local copy`,
        `moderation: interaction had outdated measures of user ${omar.id}; they are published again`,
        "moderation: the blocklist was outdated in interaction; it is published again",
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
        `hashtag: video ${film} was not under its hashtags`,
      ],
    },
    {
      service: "message",
      damage: () => [
        `UPDATE conversations SET unread_count = 7 WHERE user_id = ${mira.id}`,
        `INSERT INTO muted (user_id, kind, reason) VALUES (${noor.id}, 'bar', 'who knows')`,
      ],
      says: () => [
        `moderation: message had outdated measures of user ${noor.id}; they are published again`,
        `message: the unread messages of user ${mira.id} in conversation ${talk} are counted as 7 and there are 1`,
      ],
    },
    {
      service: "moderation",
      damage: () => [
        `UPDATE cases SET report_count = 0 WHERE id = ${report}`,
        `UPDATE users SET role = 'admin' WHERE user_id = ${noor.id}`,
        "UPDATE things SET is_visible = false WHERE kind = 'video'",
        `DELETE FROM things WHERE kind = 'comment' AND id = ${root}`,
        `INSERT INTO things (kind, id, author_id, video_id, excerpt, is_visible, version)
         VALUES ('danmaku', 77, ${noor.id}, ${film}, 'never said', true, 1)`,
      ],
      says: () => [
        `moderation: the reports of case ${report} are counted as 0 and there are 1`,
        `moderation: user ${noor.id} has an outdated role`,
        `moderation: video ${film} has an outdated replica row`,
        `moderation: comment ${root} has an outdated replica row`,
        "moderation: danmaku 77 is deleted and has a replica row",
      ],
    },
    {
      service: "user",
      damage: () => [
        `UPDATE users SET role = 'admin' WHERE id = ${noor.id}`,
        `DELETE FROM users WHERE id = ${omar.id}`,
        "INSERT INTO users (id, username, created_at_ms) VALUES (77, 'nobody', 0)",
        "DELETE FROM blocklist_terms",
      ],
      says: () => [
        `user: user ${noor.id} was known by another name or role`,
        `user: user ${omar.id} had no profile`,
        "user: user 77 had a profile and no account",
        "moderation: the blocklist was outdated in user; it is published again",
      ],
    },
    {
      service: "video",
      damage: () => [
        "UPDATE media_states SET width = 3, has_cover = false",
        `DELETE FROM muted WHERE user_id = ${petra.id}`,
      ],
      says: () => [
        `video: media object ${mediaId} has an outdated replica row`,
        `moderation: video had outdated measures of user ${petra.id}; they are published again`,
      ],
    },
    {
      service: "auth",
      damage: () => [
        `UPDATE credentials SET state = 'active', state_reason = '' WHERE user_id = ${petra.id}`,
        `UPDATE credentials SET state = 'suspended', state_until_ms = 1 WHERE user_id = ${noor.id}`,
      ],
      says: () =>
        [petra.id, noor.id].map(
          (id) => `moderation: auth had outdated measures of user ${id}; they are published again`,
        ),
    },
    {
      service: "drive",
      damage: () => ["UPDATE drives SET entry_count = 6"],
      says: () => [`drive: the entries of user ${mira.id} are counted as 6 and there are 1`],
    },
    {
      service: "recommend",
      damage: () => ["UPDATE candidates SET is_visible = false"],
      says: () => [`recommend: video ${film} differed in the feed`],
    },
    {
      service: "search",
      damage: () => [
        "DELETE FROM documents WHERE kind = 1",
        `UPDATE documents SET follower_count = 4, title = 'other' WHERE kind = 2 AND id = ${noor.id}`,
        "DELETE FROM documents WHERE kind = 3",
        "UPDATE documents SET title = 'other' WHERE kind = 4",
      ],
      says: () => [
        `search: video ${film} has an outdated search entry`,
        `search: user ${noor.id} has an outdated search entry`,
        `search: user ${noor.id} was ranked by a wrong number of followers`,
        `search: hashtag ${tag} was not found`,
        `search: file ${driveFolder} has an outdated search entry`,
      ],
    },
  ];
}
