import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { contract, plugin } from "#kernel";
import { hotScoreOf } from "#policy/hot-score";
import { authPlugin } from "#services/auth/plugin";
import { hashtagPlugin } from "#services/hashtag/plugin";
import { interactionPlugin } from "#services/interaction/plugin";
import { relationPlugin } from "#services/relation/plugin";
import { searchPlugin } from "#services/search/plugin";
import { streaming } from "#services/streaming/contract";
import { userPlugin } from "#services/user/plugin";
import { videoPlugin } from "#services/video/plugin";
import { until } from "#test/until";
import { sql } from "kysely";

import { TestGateway } from "../testing.ts";
import { mediaFake } from "./testing.ts";

describe("hashtags and search over HTTP", () => {
  before(async () => void (await edge.app));
  beforeEach(async () => {
    await ask("GET", "/search/hot");
    await edge.host.clear();
    [mira, noor] = [await join("Mira"), await join("Noor")];
  });
  after(() => edge[Symbol.asyncDispose]());

  it("create a hashtag once in any spelling, and return all its fields", async () => {
    assert.equal((await ask("POST", "/hashtags", undefined, { name: "sea" })).status, 401);
    const response = await ask("POST", "/hashtags", mira, { name: "#Sea", description: "water" });
    assert.deepEqual(Object.keys(response.data).toSorted(), [
      "created_at",
      "description",
      "hot_score",
      "id",
      "is_hot",
      "name",
      "video_count",
      "view_count",
    ]);
    assert.deepEqual([response.status, response.data["name"], response.data["description"]], [200, "Sea", "water"]);
    const again = await ask("POST", "/hashtags", noor, { name: "SEA", description: "other" });
    assert.deepEqual(again.data, response.data);
    assert.deepEqual((await ask("GET", `/hashtags/${String(response.data["id"])}`)).data, response.data);
    assert.deepEqual((await ask("GET", "/hashtags/by-name/%23sEa")).data, response.data);
    for (const name of ["", "#", "x".repeat(51)])
      assert.equal((await ask("POST", "/hashtags", mira, { name })).status, 400, name);
    assert.deepEqual(
      await Promise.all(
        ["77", "x", "by-name/none", "77/videos"].map(async (id) => (await ask("GET", `/hashtags/${id}`)).status),
      ),
      [404, 400, 404, 404],
    );
  });

  it("link the hashtags of a video's title, description and field, and follow every change", async () => {
    const film = await publish(mira, { title: "The #Sea", description: "by #night。", hashtags: ["#Wind"] });
    assert.deepEqual(film["hashtags"], ["Wind", "Sea", "night"]);
    assert.deepEqual(await counts(), { Sea: 1, Wind: 1, night: 1 });
    const { data: sea } = await ask("GET", "/hashtags/by-name/sea");
    const page = await ask("GET", `/hashtags/${String(sea["id"])}/videos?sort=hot&page_size=5`, noor);
    const { list, ...rest } = page.data as { list: Record<string, unknown>[] };
    assert.deepEqual(rest, { total: 1, page: 1, page_size: 5, next_cursor: null, has_more: false });
    assert.deepEqual([list[0]?.["id"], list[0]?.["title"], "user" in (list[0] ?? {})], [film["id"], "The #Sea", true]);
    assert.equal("video_id" in (list[0] ?? {}), false);
    const changed = await ask("PUT", `/videos/${String(film["id"])}`, mira, { title: "The #lake" });
    assert.deepEqual(changed.data["hashtags"], ["Wind", "lake", "night"]);
    assert.deepEqual(await counts(), { Wind: 1, lake: 1, night: 1 });
    await ask("PUT", `/videos/${String(film["id"])}`, mira, { is_public: false });
    assert.deepEqual(await counts(), {});
    await ask("PUT", `/videos/${String(film["id"])}`, mira, { is_public: true });
    await ask("DELETE", `/videos/${String(film["id"])}`, mira);
    assert.deepEqual(await counts(), {});
  });

  it("show trending hashtags with the covers of those of their videos that the viewer may see", async () => {
    const films = [await publish(mira, { title: "#sea" }), await publish(mira, { title: "#sea and #wind" })];
    const [first, second] = films.map(({ id }) => Number(id));
    const covers = async (by?: Person) => {
      const { list } = (await ask("GET", "/hashtags/trending", by)).data as { list: Record<string, unknown>[] };
      return Object.fromEntries(
        list.map((tag) => [tag["name"], (tag["covers"] as { video_id: number }[]).map(({ video_id }) => video_id)]),
      );
    };
    assert.deepEqual(await covers(), { sea: [second, first], wind: [second] });
    await ask("POST", "/users/blacklist", mira, { user_id: noor.id });
    assert.deepEqual(await covers(noor), { sea: [], wind: [] });
    const { list } = (await ask("GET", "/hashtags/trending?limit=1")).data as { list: { covers: object[] }[] };
    const [cover] = list[0]?.covers ?? [];
    assert.deepEqual(cover, { video_id: second, cover_url: `http://localhost:80/cover/${second}`, thumb: null });
  });

  it("answer a search with a page each of videos, users and hashtags", async () => {
    const film = await publish(mira, { title: "Noor at the #seaside 海上日落" });
    await ask("POST", `/users/${noor.id}/follow`, mira);
    for (const q of ["q=noor", "keyword=NOOR", "q=%20noor%20"]) {
      const { status, data } = await ask("GET", `/search?${q}&page_size=3`, mira);
      const { videos, users, hashtags } = data as Record<string, { list: Record<string, unknown>[] }>;
      const { list, ...page } = videos ?? { list: [] };
      assert.deepEqual([status, page], [200, { total: 1, page: 1, page_size: 3, next_cursor: null, has_more: false }]);
      assert.deepEqual([list[0]?.["id"], list[0]?.["title"]], [film["id"], "Noor at the #seaside 海上日落"]);
      const brief = {
        id: noor.id,
        username: "Noor",
        nickname: "Noor",
        avatar: "",
        introduction: "",
        is_followed: true,
      };
      assert.deepEqual(users?.list, [brief]);
      assert.deepEqual(hashtags, { list: [], total: 0, page: 1, page_size: 3, next_cursor: null, has_more: false });
    }
    assert.deepEqual(await ids("videos", "日落"), [film["id"]]);
    assert.deepEqual((await ask("GET", "/search/hashtags?q=sea")).data["total"], 1);
    const { list } = (await ask("GET", "/search/hashtags?q=sea")).data as { list: Record<string, unknown>[] };
    assert.deepEqual([list[0]?.["name"], list[0]?.["video_count"]], ["seaside", 1]);
  });

  it("answer 400 for empty, too long or malformed queries, and accept special characters", async () => {
    for (const path of ["/search", "/search/videos", "/search/users", "/search/hashtags", "/search/suggestions"])
      for (const q of [
        "",
        "?q=",
        "?q=%20",
        `?q=${"x".repeat(7_000)}`,
        "?q=a%00b",
        "?q=a&page=0",
        "?q=a&cursor=nonsense",
      ].slice(0, path === "/search/suggestions" ? 5 : path === "/search" ? 6 : 7))
        assert.equal((await ask("GET", `${path}${q}`)).status, 400, `${path}${q.slice(0, 40)}`);
    for (const q of ["%25", "_", "%5C", "%27", "%26%21%7C%28%29%3A*%3C-%3E", "%F0%9F%8E%89"])
      assert.equal((await ask("GET", `/search?q=${q}`)).status, 200, q);
    assert.equal((await ask("GET", "/search/hot?limit=51")).status, 400);
    assert.equal((await ask("GET", "/search/suggestions?q=a&limit=21")).status, 400);
  });

  it("hide unlisted videos, and users who block each other, from search and hashtag pages", async () => {
    const film = await publish(mira, { title: "#boat" });
    const { data: boat } = await ask("GET", "/hashtags/by-name/boat");
    const tagged = async (by?: Person) =>
      ((await ask("GET", `/hashtags/${String(boat["id"])}/videos`, by)).data["list"] as object[]).length;
    assert.deepEqual([(await ids("videos", "boat", noor)).length, await tagged(noor)], [1, 1]);
    await ask("POST", "/users/blacklist", mira, { user_id: noor.id });
    assert.deepEqual([await ids("videos", "boat", noor), await tagged(noor)], [[], 0]);
    assert.deepEqual(await ids("users", "mir", noor), []);
    assert.deepEqual(await ids("users", "noo", mira), []);
    assert.deepEqual([(await ids("videos", "boat")).length, await tagged()], [1, 1]);
    await ask("DELETE", `/users/blacklist/${noor.id}`, mira);
    await ask("POST", "/users/blacklist", noor, { user_id: mira.id });
    assert.deepEqual([await ids("videos", "boat", noor), await tagged(noor)], [[], 0]);
    await ask("PUT", `/videos/${String(film["id"])}`, mira, { visibility: "unlisted" });
    await edge.host.drain();
    assert.deepEqual([await ids("videos", "boat"), await tagged()], [[], 0]);
  });

  it("name the requested host in answers for its client alone, without a public URL", async () => {
    await publish(mira, { title: "#boat" });
    const { headers } = await edge.ask("/feeds/hashtags/boat", { headers: { host: "evil.example" } });
    assert.equal(headers["cache-control"], "private, max-age=5");
  });

  it("store the searches of signed-in users, and show trending searches of several accounts to everybody", async () => {
    await publish(mira, { title: "boat" });
    for (const q of ["boat", "none", "BOAT"]) await ask("GET", `/search?q=${q}`, noor);
    const { data } = await ask("GET", "/search/history", noor);
    const list = data["list"] as { keyword: string; created_at: string }[];
    assert.deepEqual(
      list.map(({ keyword }) => keyword),
      ["BOAT", "none"],
    );
    assert.match(list[0]?.created_at ?? "", /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual((await ask("GET", "/search/hot")).data["list"], []);
    await sql`INSERT INTO search.hot_searches (key, keyword, hot_score, searchers)
      VALUES ('boat', 'boat', ${hotScoreOf(7, Date.now())}, 5)
      ON CONFLICT (key) DO UPDATE SET hot_score = excluded.hot_score, searchers = 5`.execute(
      edge.host.database("search"),
    );
    const [trending] = (await ask("GET", "/search/hot")).data["list"] as Record<string, unknown>[];
    assert.deepEqual(
      [trending?.["keyword"], trending?.["rank"], Math.round(Number(trending?.["score"]))],
      ["boat", 1, 7],
    );
    assert.deepEqual((await ask("GET", "/search/suggestions?q=bo")).data["list"], ["boat"]);
    assert.equal((await ask("GET", "/search/history")).status, 401);
    assert.deepEqual((await ask("DELETE", "/search/history/boat", noor)).data, {});
    assert.deepEqual((await ask("DELETE", "/search/history", noor)).data, {});
    assert.deepEqual((await ask("GET", "/search/history", noor)).data, { list: [] });
    assert.deepEqual((await ask("PUT", "/search/history/settings", noor, { is_kept: false })).data, { is_kept: false });
  });
});

interface Person {
  readonly id: number;
  readonly token: string;
}
let mira: Person;
let noor: Person;
let lastMedia = 100;

const edge = new TestGateway(async (host) => {
  for (const add of [
    () => host.add(authPlugin),
    () => host.add(userPlugin),
    () => host.add(relationPlugin),
    () => host.add(mediaFake(() => ({ userId: mira.id }))),
    () => host.add(videoPlugin),
    () => host.add(coverAddresses),
    () => host.add(interactionPlugin),
    () => host.add(hashtagPlugin),
    () => host.add(searchPlugin),
  ])
    await add();
});

/** The streaming service with a cover for every video. */
const coverAddresses = plugin({
  contract: contract("streaming", 1, { links: streaming.methods.links }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      links: async ({ items }) => ({
        items: items.map(({ id }) => ({
          id,
          hlsUrl: "",
          dashUrl: "",
          videoUrl: "",
          coverUrl: `/cover/${id}`,
          downloadUrl: null,
          renditions: [],
          extras: [],
        })),
      }),
    },
  }),
});

async function join(username: string): Promise<Person> {
  const { data } = await edge.ask("/api/v1/users/register", {
    method: "POST",
    body: { username, password: "correct horse" },
  });
  await edge.host.drain();
  return { id: Number(data["user_id"]), token: String(data["token"]) };
}
async function publish(by: Person, given: object): Promise<Record<string, unknown>> {
  const { data } = await ask("POST", "/videos", by, { media_id: ++lastMedia, ...given });
  await edge.host.drain();
  // The index in memory follows a second later.
  await until(async () => (await ids("videos", String(data["title"]))).includes(data["id"]));
  return data;
}
async function ids(kind: "videos" | "users", q: string, by?: Person): Promise<unknown[]> {
  const { data } = await ask("GET", `/search/${kind}?q=${encodeURIComponent(q)}`, by);
  return (data["list"] as { id: number }[]).map(({ id }) => id);
}
async function counts(): Promise<Record<string, unknown>> {
  await edge.host.drain();
  const { data } = await ask("GET", "/hashtags/hot");
  const list = (data["list"] as { name: string; video_count: number }[]).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(list.map(({ name, video_count }) => [name, video_count]));
}
const ask = (method: "GET" | "POST" | "PUT" | "DELETE", path: string, by?: Person, body?: object) =>
  edge.ask(`/api/v1${path}`, { method, ...(by && { token: by.token }), ...(body && { body }) });
