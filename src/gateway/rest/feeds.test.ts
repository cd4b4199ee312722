import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Call } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { authPlugin } from "#services/auth/plugin";
import { interactionPlugin } from "#services/interaction/plugin";
import { recommendPlugin } from "#services/recommend/plugin";
import { relationPlugin } from "#services/relation/plugin";
import { userPlugin } from "#services/user/plugin";
import { videoPlugin } from "#services/video/plugin";
import { until } from "#test/until";
import { TestGateway } from "../testing.ts";
import { mediaFake } from "./testing.ts";

describe("feeds over HTTP", () => {
  before(async () => void (await edge.app));
  beforeEach(async () => {
    await edge.host.clear();
    isRecommendDown = false;
    [mira, noor, tess] = [await join("Mira"), await join("Noor"), await join("Tess")];
  });
  after(() => edge[Symbol.asyncDispose]());

  it("GET /api/v1/videos lists public videos by sort, category, shape and length, a page of Video", async () => {
    const wide = await publish(mira, { title: "Wide", category_id: 2 });
    const upright = await publish(mira, { title: "Upright" }, { width: 360, height: 640, durationMs: 20_500 });
    await publish(mira, { title: "Own", visibility: "private" });
    await play(noor, wide);
    const { status, data } = await ask("GET", "/videos?page_size=1");
    const { list, ...page } = data as { readonly list: Row[]; readonly [name: string]: unknown };
    assert.deepEqual([status, typeof page["next_cursor"]], [200, "string"]);
    assert.deepEqual(
      { ...page, next_cursor: "" },
      { total: 2, page: 1, page_size: 1, next_cursor: "", has_more: true },
    );
    const [first] = list;
    assert.deepEqual([first?.id, first?.["title"], first?.["play_count"]], [wide, "Wide", 1]);
    assert.deepEqual(["user" in (first ?? {}), "video_id" in (first ?? {})], [true, false]);
    const next = await ask("GET", `/videos?page_size=1&cursor=${String(page["next_cursor"])}`);
    assert.deepEqual(idsIn(next.data), [upright]);
    for (const [query, ids] of [
      ["sort=trending", [wide, upright]],
      ["sort=latest", [upright, wide]],
      ["sort=popular", [wide, upright]],
      ["category_id=2", [wide]],
      ["shape=upright", [upright]],
      ["shape=wide", [wide]],
      ["min_duration=20.5", [upright]],
      ["max_duration=20.4", [wide]],
      ["min_duration=0&max_duration=6", [wide]],
      ["page=2&page_size=1", [upright]],
      ["page=9", []],
    ] as const)
      assert.deepEqual(idsIn((await ask("GET", `/videos?${query}`)).data), ids, query);
    for (const bad of [
      "sort=worst",
      "shape=round",
      "min_duration=-1",
      "max_duration=x",
      "category_id=x",
      "page=0",
      "cursor=x",
    ])
      assert.equal((await ask("GET", `/videos?${bad}`)).status, 400, bad);
    assert.equal((await edge.ask("/api/v1/videos", { token: "bad" })).status, 401);
  });

  it("GET /api/v1/recommend/feed and /hot give every public video once with its reason, by an opaque cursor", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 5; n++) ids.push(await publish(n === 0 ? noor : mira, { title: `Sea ${n}` }));
    await publish(mira, { title: "Own", visibility: "private" });
    await ask("POST", `/users/${noor.id}/follow`, tess);
    assert.equal((await ask("PUT", "/recommend/settings", tess, { is_personal: false })).status, 200);
    for (const [path, reasons] of [
      ["/recommend/feed", ["follow", "fresh"]],
      ["/recommend/hot", ["hot"]],
    ] as const) {
      const rows: Row[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const on = cursor === undefined ? "" : `&cursor=${cursor}`;
        const { status, data } = await ask("GET", `${path}?limit=2${on}`, tess);
        assert.deepEqual([status, data["has_more"]], [200, data["next_cursor"] !== null]);
        rows.push(...(data["list"] as Row[]));
        cursor = data["next_cursor"] as string | null; // As every feed has it.
      }
      assert.deepEqual(
        rows.map(({ id }) => id),
        ids.toReversed(),
        path,
      );
      assert.deepEqual(new Set(rows.map(({ reason }) => reason)), new Set(reasons));
      assert.equal(rows.at(-1)?.["title"], "Sea 0");
      for (const bad of ["limit=0", "limit=51", "limit=x", "cursor=nonsense"])
        assert.equal((await ask("GET", `${path}?${bad}`)).status, 400, `${path}?${bad}`);
    }
  });

  it("GET /api/v1/recommend/feed names the followed accounts whose likes are why, unless they hide them", async () => {
    const liked = await publish(mira, { title: "Sea" });
    const other = await publish(mira, { title: "Moss" });
    await ask("POST", `/users/${noor.id}/follow`, tess);
    await ask("POST", `/videos/${liked}/like`, noor);
    await edge.host.drain();
    // A like does not outweigh the score of the most watched video of a quiet site.
    await ask("PUT", "/recommend/settings", tess, { following: 2, popular: -2 });
    const likedBy = async () => {
      const { list } = (await ask("GET", "/recommend/feed", tess)).data as { list: Row[] };
      return new Map(list.map((row) => [row.id, [row["reason"], row["liked_by"]]]));
    };
    const { id, username } = { ...noor, username: "Noor" };
    // A new video may also be tried without regard to likes: that is drawn for each page.
    const feed = await until(async () => {
      const rows = await likedBy();
      return rows.get(liked)?.[0] === "follow" ? rows : undefined;
    });
    assert.deepEqual(feed.get(liked)?.[1], [{ id, username, nickname: "Noor", avatar: "" }]);
    assert.deepEqual(feed.get(other), ["fresh", []]);
    await ask("PUT", "/users/me", noor, { show_likes: false });
    for (let n = 0; n < 5; n++) assert.deepEqual((await likedBy()).get(liked)?.[1], []);
  });

  it("GET /api/v1/recommend/feed goes on with the newest videos while recommend is unavailable, and back, without a repeat", async () => {
    const ids: number[] = [];
    for (let n = 0; n < 12; n++) ids.push(await publish(n % 2 === 0 ? noor : mira, { title: `Sea ${n}` }));
    await publish(mira, { title: "Own", visibility: "private" });
    for (const by of [undefined, tess]) {
      const seen: number[] = [];
      let cursor = "";
      for (let page = 0; page < 6; page++) {
        isRecommendDown = page === 1 || page === 2 || page === 4;
        const { status, data } = await ask("GET", `/recommend/feed?limit=2${cursor && `&cursor=${cursor}`}`, by);
        assert.equal(status, 200);
        seen.push(...idsIn(data));
        cursor = String(data["next_cursor"]);
      }
      assert.deepEqual(
        seen.toSorted((a, b) => a - b),
        ids,
      );
    }
    isRecommendDown = true;
    const newest = async () => {
      const { body } = await metrics.text();
      return Number(/^kinora_recommend_feed_pages_total\{rung="newest",model="none"\} (\d+)$/m.exec(body)?.[1] ?? 0);
    };
    assert.equal(await newest(), 6, "three of the six pages of each");
    assert.deepEqual(idsIn((await ask("GET", "/recommend/feed?limit=50", tess)).data), ids.toReversed());
    assert.equal(await newest(), 7);
    assert.deepEqual(idsIn((await ask("GET", "/recommend/hot?limit=3")).data), ids.toReversed().slice(0, 3));
    assert.equal((await ask("GET", "/recommend/feed?cursor=nonsense")).status, 400);
    const listed = idsIn((await ask("GET", "/videos?page_size=3", tess)).data);
    assert.deepEqual(listed, ids.toReversed().slice(0, 3));
    const [newestId = 0] = listed;
    const next = idsIn((await ask("GET", `/videos/${newestId}/related?limit=3`)).data);
    assert.deepEqual(next, ids.toReversed().slice(1, 4));
    // Some videos alone are not all of them.
    for (const query of ["shape=upright", "page=2"]) assert.equal((await ask("GET", `/videos?${query}`)).status, 503);
    isRecommendDown = false;
  });

  it("GET /api/v1/recommend/signals sums what was watched, and takes a position for it where nothing else is known", async () => {
    const [sea, lake] = [await publish(mira, { title: "Sea" }), await publish(mira, { title: "Lake" })];
    for (const position of [2, 4]) await play(noor, sea, { position });
    await play(noor, lake, { position: 3, ranges: [[0, 1]] });
    await play(noor, lake, { position: 5, ranges: [[1, 2.5]] });
    await ask("POST", `/videos/${sea}/like`, noor);
    await edge.host.drain();
    const { list } = (await ask("GET", "/recommend/signals", noor)).data as { readonly list: readonly Row[] };
    const rows = list.map(({ video_id, watched, is_liked }) => [video_id, watched, is_liked]);
    assert.deepEqual(new Set(rows.map(String)), new Set([[sea, 4, true].join(), [lake, 2.5, false].join()]));
    assert.equal((await ask("GET", "/recommend/signals")).status, 401);
    assert.equal((await ask("DELETE", "/history", noor)).status, 200);
    await edge.host.drain();
    assert.deepEqual((await ask("GET", "/recommend/signals", noor)).data["list"], []);
  });

  it("GET /api/v1/recommend/following has followed authors alone, a new one from the next request on", async () => {
    assert.equal((await ask("GET", "/recommend/following")).status, 401);
    const [first, second] = [await publish(mira, { title: "Sea" }), await publish(noor, { title: "Lake" })];
    const forFollowers = await publish(mira, { title: "For you", visibility: "followers" });
    const following = async () => idsIn((await ask("GET", "/recommend/following", tess)).data);
    assert.deepEqual(await following(), []);
    await ask("POST", `/users/${mira.id}/follow`, tess);
    assert.deepEqual(await following(), [forFollowers, first]);
    await ask("POST", `/users/${noor.id}/follow`, tess);
    assert.deepEqual(await following(), [forFollowers, second, first]);
    await ask("POST", "/users/blacklist", mira, { user_id: tess.id });
    assert.deepEqual(await following(), [second]);
  });

  it("GET /api/v1/recommend/following/authors has the followed accounts, who published last first", async () => {
    assert.equal((await ask("GET", "/recommend/following/authors")).status, 401);
    await ask("POST", `/users/${mira.id}/follow`, tess);
    await ask("POST", `/users/${noor.id}/follow`, tess);
    await publish(noor, { title: "Lake" });
    await publish(mira, { title: "Own", visibility: "private" });
    const { list } = (await ask("GET", "/recommend/following/authors", tess)).data as { readonly list: Row[] };
    assert.deepEqual(
      list.map(({ user, published_at }) => [(user as Row)["username"], typeof published_at]),
      [
        ["Noor", "string"],
        ["Mira", "object"],
      ],
    );
    assert.deepEqual(Object.keys(list[0] ?? {}).toSorted(), ["published_at", "user"]);
  });

  it("POST /api/v1/recommend/refresh gives another page without the videos that were just served", async () => {
    assert.equal((await ask("POST", "/recommend/refresh")).status, 401);
    const ids: number[] = [];
    for (let n = 0; n < 5; n++) ids.push(await publish(mira, { title: `Sea ${n}` }));
    await ask("PUT", "/recommend/settings", noor, { is_personal: false });
    const served = idsIn((await ask("GET", "/recommend/feed?limit=3", noor)).data);
    const { status, data } = await ask("POST", "/recommend/refresh", noor, { limit: 50 });
    const [row] = data["list"] as Row[];
    assert.deepEqual([status, Object.keys(data), row?.["reason"]], [200, ["list"], "fresh"]);
    assert.deepEqual([...served, ...idsIn(data)], ids.toReversed());
  });

  it("POST, DELETE /api/v1/videos/:id/not-interested apply to the next page; GET /api/v1/users/me/not-interested lists them", async () => {
    const [film, other] = [
      await publish(mira, { title: "Sea", tags: ["Sea"] }),
      await publish(mira, { title: "Lake" }),
    ];
    const path = `/videos/${film}/not-interested`;
    assert.equal((await ask("POST", path)).status, 401);
    for (const [body, query, left] of [
      [{}, "", [other]],
      [{ scope: "author" }, "?scope=author", []],
      [{ scope: "tag", tag: "sea" }, "?scope=tag&tag=%23SEA", [other]],
    ] as const) {
      const scope = "scope" in body ? body.scope : "video";
      const marked = await ask("POST", path, noor, body);
      assert.deepEqual([marked.status, marked.data], [200, { scope }]);
      for (const list of lists) assert.deepEqual(idsIn((await ask("GET", list, noor)).data), left, `${scope} ${list}`);
      const { data } = await ask("GET", "/users/me/not-interested", noor);
      const [row] = data["list"] as Row[];
      assert.deepEqual([data["total"], Object.keys(row ?? {}).toSorted()], [1, notInterestedFields]);
      assert.deepEqual([row?.["video_id"], row?.["scope"]], [film, scope]);
      assert.equal((row?.["video"] as Row | undefined)?.id, film);
      assert.deepEqual([row?.["tag"], row?.["author"] === null], [scope === "tag" ? "sea" : null, scope !== "author"]);
      const undone = await ask("DELETE", `${path}${query}`, noor);
      assert.deepEqual([undone.status, undone.data], [200, { scope }]);
      assert.equal(idsIn((await ask("GET", "/videos", noor)).data).length, 2);
    }
    for (const bad of [{ scope: "tag" }, { scope: "world" }, { scope: "tag", tag: "x".repeat(52) }])
      assert.equal((await ask("POST", path, noor, bad)).status, 400);
    assert.equal((await ask("POST", "/videos/77/not-interested", noor)).status, 404);
    assert.equal((await ask("POST", "/videos/x/not-interested", noor)).status, 400);
    await ask("POST", path, noor);
    await ask("PUT", `/videos/${film}`, mira, { visibility: "private" });
    const [hidden] = (await ask("GET", "/users/me/not-interested", noor)).data["list"] as Row[];
    assert.equal(hidden?.["video"], null);
    assert.equal((await ask("DELETE", path, noor)).status, 200);
    assert.equal((await ask("DELETE", path, noor)).status, 404, "it is as a video that does not exist");
  });

  it("GET /api/v1/videos/:id/related gives other videos with their reasons", async () => {
    const film = await publish(mira, { title: "Sea", tags: ["sea"] });
    const [same, other] = [await publish(noor, { title: "#sea" }), await publish(noor, { title: "Lake" })];
    await publish(mira, { title: "Own", tags: ["sea"], visibility: "private" });
    const { status, data } = await ask("GET", `/videos/${film}/related`);
    const rows = data["list"] as Row[];
    assert.deepEqual([status, Object.keys(data)], [200, ["list"]]);
    assert.deepEqual(
      rows.map(({ id, reason }) => [id, reason]),
      [
        [same, "content"],
        [other, "fresh"],
      ],
    );
    assert.equal(rows[0]?.["title"], "#sea");
    assert.deepEqual(idsIn((await ask("GET", `/videos/${film}/related?limit=1`, tess)).data), [same]);
    for (const bad of ["limit=0", "limit=51", "limit=x"])
      assert.equal((await ask("GET", `/videos/${film}/related?${bad}`)).status, 400, bad);
    await ask("PUT", `/videos/${film}`, mira, { visibility: "private" });
    for (const id of [film, 77]) assert.equal((await ask("GET", `/videos/${id}/related`, tess)).status, 404);
    assert.equal((await ask("GET", "/videos/x/related")).status, 400);
  });

  it("GET /api/v1/users/me/continue-watching gives unfinished videos with position and time, the latest first", async () => {
    const path = "/users/me/continue-watching";
    assert.equal((await ask("GET", path)).status, 401);
    const [first, second] = [await publish(mira, { title: "Sea" }), await publish(mira, { title: "Lake" })];
    const finished = await publish(mira, { title: "Wind" });
    for (const id of [second, first]) await play(noor, id, { position: 3.5 });
    await play(noor, finished, { position: 6, finished: true });
    const { status, data } = await ask("GET", path, noor);
    const [row] = data["list"] as Row[];
    assert.deepEqual([status, Object.keys(data), idsIn(data)], [200, ["list"], [first, second]]);
    assert.deepEqual([row?.["title"], row?.["position"]], ["Sea", 3.5]);
    assert.match(String(row?.["watched_at"]), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual(idsIn((await ask("GET", `${path}?limit=1`, noor)).data), [first]);
    assert.equal((await ask("GET", `${path}?limit=51`, noor)).status, 400);
    await ask("PUT", `/videos/${first}`, mira, { visibility: "private" });
    assert.deepEqual(idsIn((await ask("GET", path, noor)).data), [second]);
  });

  it("leave out the videos of users that a block stands between, for both of them alone", async () => {
    const film = await publish(mira, { title: "Sea" });
    await ask("POST", "/users/blacklist", mira, { user_id: noor.id });
    for (const path of lists) {
      assert.deepEqual(idsIn((await ask("GET", path, noor)).data), [], path);
      assert.deepEqual(idsIn((await ask("GET", path, tess)).data), [film], path);
    }
    await ask("DELETE", `/users/blacklist/${noor.id}`, mira);
    await ask("POST", "/users/blacklist", noor, { user_id: mira.id });
    for (const path of lists) assert.deepEqual(idsIn((await ask("GET", path, noor)).data), [], path);
  });
});

/** The feeds of the service, which are unavailable while they are down. */
let isRecommendDown = false;
const unreliable: typeof recommendPlugin.start = async (host) => {
  const started = await recommendPlugin.start(host);
  const { feed, hot, videos, related } = started.handlers;
  const unlessDown =
    <I, O>(handler: (input: I, call: Call) => Promise<O>) =>
    async (input: I, call: Call): Promise<O> => {
      if (isRecommendDown) throw ServiceUnavailable({ service: "recommend" });
      return handler(input, call);
    };
  const unreliableHandlers = {
    feed: unlessDown(feed),
    hot: unlessDown(hot),
    videos: unlessDown(videos),
    related: unlessDown(related),
  };
  return { ...started, handlers: { ...started.handlers, ...unreliableHandlers } };
};

type Row = Readonly<Record<string, unknown>> & { readonly id: number };
interface Person {
  readonly id: number;
  readonly token: string;
}
let mira: Person;
let noor: Person;
let tess: Person;
/** Feeds and lists that everybody has. */
const lists = ["/videos", "/recommend/feed", "/recommend/hot"];

const notInterestedFields = ["author", "created_at", "scope", "tag", "video", "video_id"];

interface MediaFacts {
  readonly userId: number;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
}
const media = new Map<number, MediaFacts>();
const metrics = createPrometheusMetrics();
const edge = new TestGateway(
  async (host) => {
    for (const add of [
      () => host.add(authPlugin),
      () => host.add(userPlugin),
      () => host.add(relationPlugin),
      () => host.add(mediaFake((id) => media.get(id) ?? { userId: 1 })),
      () => host.add(videoPlugin),
      () => host.add(interactionPlugin),
      () => host.add({ ...recommendPlugin, start: unreliable }),
    ])
      await add();
  },
  { metrics },
);

async function join(username: string): Promise<Person> {
  const body = { username, password: "correct horse" };
  const { data } = await edge.ask("/api/v1/users/register", { method: "POST", body });
  await edge.host.drain();
  return { id: Number(data["user_id"]), token: String(data["token"]) };
}
async function publish(by: Person, fields: object, facts: Omit<MediaFacts, "userId"> = {}): Promise<number> {
  const mediaId = media.size + 1;
  media.set(mediaId, { userId: by.id, ...facts });
  const { status, data } = await ask("POST", "/videos", by, { media_id: mediaId, ...fields });
  assert.equal(status, 200);
  await edge.host.drain();
  return Number(data["id"]);
}
async function play(by: Person, id: number, body: object = { position: 4 }): Promise<void> {
  assert.equal((await ask("POST", `/videos/${id}/play`, by, body)).status, 200);
  await edge.host.drain();
}
const idsIn = (data: Readonly<Record<string, unknown>>): number[] => (data["list"] as Row[]).map(({ id }) => id);
const ask = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, by?: Person, body?: object) =>
  edge.ask(`/api/v1${path}`, { method, ...(by && { token: by.token }), ...(body && { body }) });
