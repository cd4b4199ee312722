import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callerRates } from "#kernel/http/limits";
import { sql } from "kysely";
import { soon } from "../until.ts";
import { has, ContractPlatform, type Member } from "./contract-platform.ts";

describe("the documented API", () => {
  before(async () => {
    await platform.open();
    [mira, noor] = [await platform.join("mira"), await platform.join("noor")];
    film = await platform.publish(mira, { title: "By the sea #seaside" });
  });
  after(() => platform[Symbol.asyncDispose]());

  it("wraps answers in code, message and data, and refusals also in error, trace id and field errors", async () => {
    const { body } = await platform.done(`GET /api/v1/videos/${film}`);
    has(body, "code message data");
    assert.deepEqual([body["code"], body["message"]], [0, "success"]);
    const missing = await platform.refused(404, "GET /api/v1/videos/5");
    has(missing.body, "code message data error trace_id");
    assert.equal(missing.body["data"], null);
    assert.match(String(missing.body["error"]), /^[a-z]+\.[a-z_]+$/);
    const invalid = await platform.refused(400, "POST /api/v1/users/register", { body: { username: "x" } });
    has(invalid.body, "code message data error errors trace_id");
    for (const problem of invalid.body["errors"] as object[]) has(problem, "field message");
  });

  it("answers 200 to successful commands, creations included", async () => {
    await platform.done(`POST /api/v1/videos/${film}/comments`, { as: noor, body: { content: "so blue" } });
    await platform.done("POST /api/v1/hashtags", { as: noor, body: { name: "made" } });
    await platform.done("POST /api/v1/messages", { as: noor, body: { receiver_id: mira.id, content: "hello" } });
  });

  it("answers 404 for hidden videos exactly as for absent ones, and 403 for forbidden changes to visible ones", async () => {
    const { data } = await platform.done(`POST /api/v1/videos/${film}/comments`, {
      as: mira,
      body: { content: "mine" },
    });
    await platform.refused(403, `PUT /api/v1/videos/${film}`, { as: noor, body: { title: "No" } });
    await platform.refused(403, `DELETE /api/v1/comments/${String(data["id"])}`, { as: noor });
    const secret = await platform.publish(mira, { is_public: "false" });
    for (const line of ["GET", "PUT", "DELETE"])
      await platform.refused(404, `${line} /api/v1/videos/${secret}`, {
        as: noor,
        ...(line === "PUT" && { body: { title: "No" } }),
      });
    for (const action of ["like", "favorite", "comments", "play"])
      await platform.refused(404, `POST /api/v1/videos/${secret}/${action}`, { as: noor, body: { content: "so" } });
    const hidden = await platform.refused(404, `GET /api/v1/videos/${secret}`, { as: noor });
    const missing = await platform.refused(404, "GET /api/v1/videos/5", { as: noor });
    const { trace_id: _, ...one } = hidden.body;
    const { trace_id: __, ...other } = missing.body;
    assert.deepEqual(one, other);
  });

  it("answers 401 without a required token, and for an invalid token even where it is optional", async () => {
    for (const line of required) await platform.refused(401, line);
    const bad = { ...mira, token: `${mira.token}x` };
    for (const line of [...required, ...optional]) await platform.refused(401, line, { as: bad });
    for (const line of optional) {
      await platform.done(line);
      await platform.done(line, { as: noor });
    }
    for (const line of ["GET /api/v1/search/hot", "GET /api/v1/hashtags/hot", "GET /api/v1/search/suggestions?q=sea"])
      await platform.done(line);
  });

  it("takes ids from 1 to 2^53-1, and answers 400 to malformed and 404 to unknown ones", async () => {
    for (const id of ["abc", "0", "-1", "1.5", "9007199254740992", "1e3x"])
      for (const path of ["videos/:id", "users/:id", "hashtags/:id", "videos/:id/comments", "comments/:id/replies"])
        await platform.refused(400, `GET /api/v1/${path.replace(":id", id)}`);
    for (const id of ["5", "9007199254740991"])
      for (const path of ["videos/:id", "users/:id", "hashtags/:id", "videos/:id/comments", "comments/:id/replies"])
        await platform.refused(404, `GET /api/v1/${path.replace(":id", id)}`);
    const { data } = await platform.done(`GET /api/v1/videos/${film}`);
    assert.ok(Number.isSafeInteger(data["id"]) && Number.isSafeInteger(data["user_id"]));
  });

  it("has pages of 20 items and at most 100, clamps larger sizes, and returns an empty page past the end", async () => {
    for (const line of lists) {
      const first = await platform.done(line, { as: mira });
      const shape = "list total page page_size next_cursor has_more";
      has(
        first.data,
        shape,
        ...(line.includes("notifications") ? ["unread_count"] : []),
        ...(line.includes("search/videos") ? ["did_you_mean"] : []),
      );
      assert.deepEqual([first.data["page"], first.data["page_size"]], [1, 20], line);
      assert.ok(Array.isArray(first.data["list"]) && typeof first.data["total"] === "number", line);
      const on = line.includes("?") ? "&" : "?";
      const clamped = await platform.done(`${line}${on}page_size=5000`, { as: mira });
      assert.equal(clamped.data["page_size"], 100, line);
      const past = await platform.done(`${line}${on}page=50`, { as: mira });
      assert.deepEqual([past.list, past.data["page"]], [[], 50], line);
      for (const bad of [
        "page=0",
        "page=-1",
        "page=x",
        "page_size=0",
        "page_size=x",
        "page=51",
        "page=11&page_size=100",
      ])
        await platform.refused(400, `${line}${on}${bad}`, { as: mira });
      await platform.refused(400, `${line}${on}cursor=nonsense!`, { as: mira });
    }
  });

  it("counts totals exactly to 1,000, caps larger ones, and reaches every item by cursor", async () => {
    const long = await platform.publish(mira, { title: "Much said" });
    const plant = async (count: number, from: number) => {
      await sql`
        INSERT INTO comments (id, video_id, video_author_id, user_id, content, created_at_ms)
        SELECT ${from}::bigint + n, ${long}, ${mira.id}, ${mira.id}, 'number ' || n, 1700000000000
        FROM generate_series(1, ${count}::integer) AS n`.execute(platform.platform.host.database("interaction"));
    };
    await plant(1_000, 0);
    const line = `GET /api/v1/videos/${long}/comments`;
    const exact = await platform.done(`${line}?page=10&page_size=100`);
    assert.deepEqual([exact.data["total"], "total_capped" in exact.data, exact.list.length], [1_000, false, 100]);
    await plant(35, 10_000);
    const capped = await platform.done(`${line}?page=50`);
    assert.deepEqual([capped.data["total"], capped.data["total_capped"], capped.list.length], [1_000, true, 20]);
    const seen = new Set<unknown>();
    for (let cursor: string | null | undefined; ; ) {
      const on = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor ?? "")}`;
      const { data, list } = await platform.done(`${line}?page_size=100${on}`);
      for (const { id } of list) seen.add(id);
      cursor = data["next_cursor"] as string | null; // As every page has it.
      assert.equal(data["has_more"], cursor !== null);
      if (cursor === null) break;
    }
    assert.equal(seen.size, 1_035);
  });

  it("returns feeds as list, next_cursor and has_more, without page numbers", async () => {
    for (const feed of ["feed", "hot", "following"]) {
      const line = `GET /api/v1/recommend/${feed}`;
      const { data } = await platform.done(line, { as: mira });
      has(data, "list next_cursor has_more");
      for (const bad of ["limit=0", "limit=51", "limit=x", "cursor=nonsense!"])
        await platform.refused(400, `${line}?${bad}`, { as: mira });
    }
    has((await platform.done("POST /api/v1/recommend/refresh", { as: mira })).data, "list");
    await platform.refused(400, "POST /api/v1/recommend/refresh", { as: mira, body: { limit: 51 } });
  });

  it("writes times in RFC 3339 and UTC, durations and positions in seconds", async () => {
    const { data } = await platform.done(`GET /api/v1/videos/${film}`);
    for (const name of ["created_at", "published_at"])
      assert.match(String(data[name]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    assert.equal(data["duration"], 6);
    await platform.done(`POST /api/v1/videos/${film}/play`, {
      as: noor,
      body: { position: 2.5, duration: 6, finished: false },
    });
    const seen = await platform.done(`GET /api/v1/videos/${film}`, { as: noor });
    assert.equal(seen.data["position"], 2.5);
  });

  it("requires JSON bodies to be objects of at most 1 MiB, and ignores unknown fields", async () => {
    const line = "POST /api/v1/users/login";
    for (const body of ["{", "[]", '"text"', "7", ""]) await platform.refused(400, line, { body });
    await platform.refused(415, line, { body: "username=mira", headers: { "content-type": "text/plain" } });
    await platform.refused(413, line, { body: JSON.stringify({ username: "x".repeat(2 ** 20) }) });
    const body = { content: "with more", whatever: 1, like_count: 99, user_id: 7 };
    const { data } = await platform.done(`POST /api/v1/videos/${film}/comments`, { as: noor, body });
    assert.deepEqual([data["like_count"], data["user_id"], "whatever" in data], [0, noor.id, false]);
  });

  it("sends X-Request-Id with every answer, echoes a valid one, and continues a traceparent", async () => {
    for (const line of ["GET /api/v1/videos/5", "GET /ping", "GET /api/v1/nowhere", "GET /api/v1/recommend/feed"]) {
      const { headers } = await platform.ask(line);
      assert.match(headers.get("x-request-id") ?? "", /^[\w-]{8,}$/, line);
      const echoed = await platform.ask(line, { headers: { "x-request-id": "order-66" } });
      assert.equal(echoed.headers.get("x-request-id"), "order-66", line);
      const odd = await platform.ask(line, { headers: { "x-request-id": `<${"x".repeat(300)}>` } });
      assert.match(odd.headers.get("x-request-id") ?? "", /^[\w-]{8,64}$/, line);
    }
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const { body } = await platform.ask("GET /api/v1/videos/5", {
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    assert.equal(body["trace_id"], trace);
  });

  it("executes a creating POST once per Idempotency-Key and user, and answers 409 to another body under it", async () => {
    const line = `POST /api/v1/videos/${film}/comments`;
    const more = { as: noor, body: { content: "once" }, headers: { "idempotency-key": "comment-1" } };
    const [one, two] = await Promise.all([platform.done(line, more), platform.done(line, more)]);
    assert.deepEqual(one.data, two.data);
    await platform.refused(409, line, { ...more, body: { content: "another" } });
    const others = await platform.done(line, { ...more, as: mira });
    assert.notEqual(others.data["id"], one.data["id"]);
  });

  it("accepts repeated likes, favourites, follows and read marks, and answers 404 to a repeated deletion", async () => {
    const line = `POST /api/v1/videos/${film}/comments`;
    const { data } = await platform.done(line, { as: noor, body: { content: "soon gone" } });
    const talk = await platform.done("POST /api/v1/messages", {
      as: noor,
      body: { receiver_id: mira.id, content: "again" },
    });
    for (const repeated of [
      `POST /api/v1/videos/${film}/like`,
      `DELETE /api/v1/videos/${film}/like`,
      `POST /api/v1/videos/${film}/favorite`,
      `DELETE /api/v1/videos/${film}/favorite`,
      `POST /api/v1/users/${mira.id}/follow`,
      `DELETE /api/v1/users/${mira.id}/follow`,
      `POST /api/v1/comments/${String(data["id"])}/like`,
      `DELETE /api/v1/comments/${String(data["id"])}/like`,
      `PUT /api/v1/conversations/${String(talk.data["conversation_id"])}/read`,
    ]) {
      const first = await platform.done(repeated, { as: noor });
      assert.deepEqual((await platform.done(repeated, { as: noor })).data, first.data, repeated);
    }
    await platform.done(`DELETE /api/v1/comments/${String(data["id"])}`, { as: noor });
    await platform.refused(404, `DELETE /api/v1/comments/${String(data["id"])}`, { as: noor });
  });

  it("shows viewer fields to their viewer, and false to others", async () => {
    await platform.done(`POST /api/v1/videos/${film}/like`, { as: noor });
    await platform.done(`POST /api/v1/videos/${film}/favorite`, { as: noor });
    await platform.done(`POST /api/v1/users/${mira.id}/follow`, { as: noor });
    const flags = async (as?: Member) => {
      const { data } = await platform.done(`GET /api/v1/videos/${film}`, { as });
      const { is_followed } = data["user"] as { is_followed: unknown };
      return [data["is_liked"], data["is_favorited"], is_followed, data["is_mine"]];
    };
    assert.deepEqual(await flags(noor), [true, true, true, false]);
    assert.deepEqual(await flags(mira), [false, false, false, true]);
    assert.deepEqual(await flags(), [false, false, false, false]);
  });

  it("counts a user's own actions on a video immediately, and in its author's total within 5 s", async () => {
    const count = async () => {
      const { data } = await platform.done(`GET /api/v1/videos/${film}`, { as: noor });
      return [data["like_count"], data["favorite_count"]];
    };
    const [likes, favourites] = (await count()) as [number, number];
    await platform.done(`DELETE /api/v1/videos/${film}/like`, { as: noor });
    assert.deepEqual(await count(), [likes - 1, favourites]);
    await platform.done(`DELETE /api/v1/videos/${film}/favorite`, { as: noor });
    assert.deepEqual(await count(), [likes - 1, favourites - 1]);
    const isRight = async () => (await platform.done(`GET /api/v1/users/${mira.id}`)).data["like_count"] === likes - 1;
    await soon(5_000, isRight);
  });

  it("answers 404 for unknown API paths and 405 for other methods, both in the envelope", async () => {
    for (const line of ["GET /api/v1/nowhere", "POST /api/nowhere", "DELETE /api/v2/videos/7"])
      has((await platform.refused(404, line)).body, "code message data error trace_id");
    for (const line of ["PATCH /api/v1/videos/7", "PUT /api/v1/search", "DELETE /api/v1/users/login"])
      has((await platform.refused(405, line)).body, "code message data error trace_id");
  });
});

describe("the rate limit of the documented API", () => {
  after(() => limited[Symbol.asyncDispose]());

  it("is reported in X-RateLimit-* headers, and answered with 429 and Retry-After beyond it", async () => {
    await limited.open();
    const standing = ({ headers }: { headers: Headers }) =>
      ["limit", "remaining", "reset"].map((name) => Number(headers.get(`x-ratelimit-${name}`)));
    const [limit = 0, remaining, reset = 0] = standing(await limited.ask("GET /api/v1/videos/5"));
    assert.ok(limit > 0 && reset > 0 && reset <= 60);
    assert.equal(remaining, limit - 1);
    assert.equal(standing(await limited.ask("GET /api/v1/videos/5"))[1], limit - 2);
    // Many at once: one after the other they may last longer than what is counted together.
    for (let left = limit - 2; left > 0; left -= 50)
      await Promise.all(Array.from({ length: Math.min(left, 50) }, () => limited.ask("GET /api/v1/videos/5")));
    const over = await limited.refused(429, "GET /api/v1/videos/5");
    const wait = Number(over.headers.get("retry-after"));
    assert.ok(wait > 0);
    assert.deepEqual(standing(over), [limit, 0, wait]);
  });
});

const platform = new ContractPlatform();
const limited = new ContractPlatform({ limits: callerRates() });
let mira: Member;
let noor: Member;
let film = 0;

/** A path of each kind that asks for a token. */
const required = [
  "GET /api/v1/users/me",
  "PUT /api/v1/users/7",
  "POST /api/v1/users/7/follow",
  "DELETE /api/v1/users/7/follow",
  "POST /api/v1/users/logout",
  "GET /api/v1/users/blacklist",
  "POST /api/v1/users/blacklist",
  "DELETE /api/v1/users/blacklist/7",
  "POST /api/v1/videos",
  "PUT /api/v1/videos/7",
  "DELETE /api/v1/videos/7",
  "POST /api/v1/videos/7/like",
  "DELETE /api/v1/videos/7/like",
  "POST /api/v1/videos/7/favorite",
  "DELETE /api/v1/videos/7/favorite",
  "POST /api/v1/videos/7/comments",
  "DELETE /api/v1/comments/7",
  "POST /api/v1/comments/7/like",
  "DELETE /api/v1/comments/7/like",
  "GET /api/v1/search/history",
  "DELETE /api/v1/search/history",
  "POST /api/v1/messages",
  "GET /api/v1/messages/7",
  "GET /api/v1/conversations",
  "GET /api/v1/conversations/7/messages",
  "PUT /api/v1/conversations/7/read",
  "GET /api/v1/notifications",
  "PUT /api/v1/notifications/7/read",
  "PUT /api/v1/notifications/read-all",
  "POST /api/v1/hashtags",
  "GET /api/v1/recommend/following",
  "POST /api/v1/recommend/refresh",
  "POST /api/v1/videos/7/not-interested",
  "DELETE /api/v1/videos/7/not-interested",
  "GET /api/v1/users/me/not-interested",
  "GET /api/v1/users/me/continue-watching",
];
/** Paths where a token only changes what is the viewer's. */
const optional = [
  "GET /api/v1/videos",
  "GET /api/v1/recommend/feed",
  "GET /api/v1/recommend/hot",
  "GET /api/v1/search?q=sea",
  "GET /api/v1/search/videos?q=sea",
  "GET /api/v1/search/users?q=mira",
  "GET /api/v1/search/hashtags?q=sea",
  "GET /api/v1/search/lives?q=sea",
];
/** Lists by page numbers, to be asked as Mira. */
const lists = [
  "GET /api/v1/videos",
  "GET /api/v1/users/blacklist",
  "GET /api/v1/users/me/followers",
  "GET /api/v1/users/me/following",
  "GET /api/v1/users/me/videos",
  "GET /api/v1/users/me/likes",
  "GET /api/v1/users/me/favorites",
  "GET /api/v1/users/me/not-interested",
  "GET /api/v1/search/videos?q=sea",
  "GET /api/v1/search/users?q=mira",
  "GET /api/v1/search/hashtags?q=sea",
  "GET /api/v1/search/lives?q=sea",
  "GET /api/v1/conversations",
  "GET /api/v1/notifications",
];
