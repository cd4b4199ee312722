import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { TestElasticsearch } from "#test/elasticsearch/server";
import { TestEmbeddings } from "#test/embeddings/server";
import { sql } from "kysely";
import { silentLog } from "#kernel/log/port";
import type { Tables } from "../store.ts";
import { Stand } from "../testing.ts";
import { EmbeddingsEndpoint } from "./endpoint.ts";
import { createNearVideos } from "./near-videos.ts";
import { EmbeddingsUnavailable, type TextEmbeddings } from "./port.ts";
import { QueryVectors } from "./query-vectors.ts";
import { storedVector } from "./stored-vector.ts";
import { VectorFeed } from "./vector-feed.ts";
import * as vectorStore from "./vector-store.ts";

const minuteMs = 60_000;
const ascending = (a: number, b: number) => a - b;
const never = new AbortController().signal;

for (const [name, parts] of [
  ["in memory", {}],
  ["in Elasticsearch", { elasticsearch: new TestElasticsearch() }],
] as const)
  describe(`search by meaning ${name}`, () => {
    const server = new TestEmbeddings();
    const stand = new Stand({ ...parts, embeddings: server });
    before(() => stand.start());
    beforeEach(async () => {
      await stand.clear();
      server.clear();
    });
    after(() => stand.stop());

    it("finds videos that have a similar meaning beside those that have the words, and none that do neither", async () => {
      await stand.film(10, { title: "Automobile show" });
      await stand.film(11, { title: "Cat show" });
      await stand.film(12, { title: "My car" });
      await stand.film(13, { title: "汽车" });
      assert.deepEqual((await stand.videos("car")).toSorted(ascending), [10, 12, 13]);
      assert.equal((await stand.videos("car"))[0], 12, "the one with the word is in both lists");
      assert.deepEqual(await stand.videos("kitten"), [11]);
      assert.deepEqual(await stand.videos("zzqqx"), []);
      assert.deepEqual(await stand.videos('"car"'), [12], "quoted words are meant as they are");
    });

    it("filters what has a similar meaning as it filters what has the words", async () => {
      const dayMs = 86_400_000;
      const [old, recent] = [stand.clockMs - 90 * dayMs, stand.clockMs - dayMs];
      await stand.film(10, { title: "automobile", userId: 1, publishedAtMs: old, durationMs: 5_000, tags: ["red"] });
      await stand.film(11, { title: "automobiles", userId: 2, publishedAtMs: recent, durationMs: 500_000 });
      await stand.film(12, { title: "cars", userId: 3, publishedAtMs: recent, durationMs: 500_000 });
      await stand.followed();
      const found = async (input: object, by?: number) =>
        (await stand.client.videos({ q: "car", ...input }, callOf(by))).items
          .map(({ videoId }) => videoId)
          .toSorted(ascending);
      assert.deepEqual(await found({}), [10, 11, 12]);
      assert.deepEqual(await found({ period: "week" }), [11, 12]);
      assert.deepEqual(await found({ minDurationMs: 100_000, author: 2 }), [11]);
      assert.deepEqual(await found({ tag: "red" }), [10]);
      assert.deepEqual(await found({ captions: "en" }), []);
      assert.deepEqual(await found({ sort: "new" }), [12], "an order of time has no ranks to fuse");
      stand.blocks.add("2:77");
      assert.deepEqual(await found({}, 77), [10, 12], "who is blocked does not find the videos of who blocks them");
    });

    it("leaves out what is hidden or deleted, and has no vector of it", async () => {
      await stand.film(10, { title: "automobile" });
      await stand.film(11, { title: "automobile" });
      assert.deepEqual((await stand.videos("car")).toSorted(ascending), [10, 11]);
      await stand.change(10, { visibility: "private" });
      assert.deepEqual(await stand.videos("car"), [11]);
      await stand.drop(11);
      assert.deepEqual(await stand.videos("car"), []);
      assert.deepEqual(await vectorsIn(stand), []);
    });

    it("pages through what has the words and what has a similar meaning, each video once", async () => {
      await stand.filmsOf(130, (n) => ({ videoId: 100 + n, title: `car ${n}` }));
      await stand.filmsOf(20, (n) => ({ videoId: 500 + n, title: `automobile ${n}` }));
      await stand.followed();
      const all: number[] = [];
      const totals = new Set<number>();
      for (let cursor: string | undefined; ; ) {
        const page = await stand.client.videos(
          { q: "car", limit: 7, count: true, ...(cursor && { cursor }) },
          callOf(),
        );
        totals.add(page.total ?? 0);
        all.push(...page.items.map(({ videoId }) => videoId));
        if (page.next === null) break;
        assert.equal(page.items.length, 7);
        cursor = page.next;
      }
      assert.equal(new Set(all).size, all.length);
      assert.equal(all.filter((id) => id < 500).length, 130, "all that have the word are there");
      assert.ok(all.length > 140, "and some of the others, of which a hundred are fused");
      const [total = 0] = totals;
      assert.equal(totals.size, 1);
      assert.ok(total >= all.length && total <= 150 + 20, "those with the word among the added ones count twice");
      const skipped = await stand.client.videos({ q: "car", limit: 20, skip: 110 }, callOf());
      assert.deepEqual(
        skipped.items.map(({ videoId }) => videoId),
        all.slice(110, 130),
      );
    });
  });

describe("the embedding model", () => {
  const server = new TestEmbeddings();
  const stand = new Stand({ embeddings: server });
  before(() => stand.start());
  beforeEach(async () => {
    await stand.clear();
    server.clear();
  });
  after(() => stand.stop());
  const endpoint = (model: string, changes: object = {}) =>
    new EmbeddingsEndpoint({ url: server.url, model, queryPrefix: "", documentPrefix: "", ...changes }, silentLog);

  it("is not waited for while it is away: searches find words, and videos are embedded when it is back", async () => {
    await stand.film(10, { title: "car" });
    assert.deepEqual(await stand.videos("car"), [10]);
    await stand.film(11, { title: "automobile" });
    server.failure = { status: 503, body: {} };
    assert.deepEqual(await stand.videos("cars"), [10]);
    const asked = server.requests;
    for (const q of ["my car", "your car", "this car"]) await stand.client.videos({ q }, callOf());
    assert.equal(server.requests, asked, "no search asks it while it is known to be away");
    server.failure = undefined;
    stand.clockMs += minuteMs;
    await stand.jobsDue();
    assert.deepEqual((await stand.videos("cars")).toSorted(ascending), [10, 11]);
  });

  it("that is slow holds no search up", async () => {
    await stand.film(10, { title: "car" });
    await stand.followed();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.delay = promise;
    try {
      assert.deepEqual(
        (await stand.client.videos({ q: "slow car" }, callOf())).items.map(({ videoId }) => videoId),
        [10],
      );
    } finally {
      resolve();
    }
  });

  it("embeds a video again only when its text has changed, and each term once", async () => {
    await stand.film(10, { title: "bread" });
    await stand.followed();
    const embedded = () => server.texts.filter((text) => text.startsWith("bread")).length;
    assert.equal(embedded(), 1);
    await stand.watch(10, 40);
    await stand.followed();
    assert.equal(embedded(), 1);
    await stand.change(10, { title: "bread rolls" });
    await stand.followed();
    assert.equal(embedded(), 2);
    await stand.videos("loaf");
    await stand.videos("loaf");
    assert.equal(server.texts.filter((text) => text === "loaf").length, 1);
  });

  it("embeds all videos again with another name, and compares vectors of one model alone", async () => {
    await stand.film(10, { title: "automobile" });
    assert.deepEqual(await stand.videos("car"), [10]);
    server.models.add("large");
    const db = stand.host.database<Tables>("search");
    const large = endpoint("large");
    const nearBy = (one: TextEmbeddings) => createNearVideos(db, one.model, new QueryVectors(one, () => stand.clockMs));
    assert.deepEqual(await nearBy(large)("car"), [], "the vectors are still of the other model");
    server.failWhen = (texts) => texts.includes("automobile");
    await assert.rejects(new VectorFeed(db, large).follow(never), EmbeddingsUnavailable);
    const { signs } = storedVector(Float32Array.from({ length: 256 }, () => 1));
    assert.deepEqual(await vectorStore.nearest(db, large.model, signs, 10), [], "it has not embedded the video yet");
    server.failWhen = undefined;
    await new VectorFeed(db, large).follow(never);
    assert.deepEqual(await nearBy(large)("car"), [10]);
    assert.deepEqual(await nearBy(endpoint("small"))("car"), []);
    await new VectorFeed(db, endpoint("small")).follow(never);
  });

  it("is sent its prefixes and its key, and other prefixes of videos are another model", async () => {
    server.authorization = "Bearer k3y";
    const prefixed = endpoint("small", { apiKey: "k3y", queryPrefix: "query: ", documentPrefix: "passage: " });
    await prefixed.embed(["car"], "query", never);
    await prefixed.embed(["automobile"], "document", never);
    assert.deepEqual(server.texts, ["query: car", "passage: automobile"]);
    assert.notEqual(prefixed.model, endpoint("small").model);
    await assert.rejects(endpoint("small").embed(["car"], "query", never), EmbeddingsUnavailable);
  });

  it("leaves no vector of a video that was deleted while its text was embedded", async () => {
    await stand.film(10, { title: "automobile" });
    await stand.film(11, { title: "cars" });
    await stand.settled();
    const { promise: isAsked, resolve: asked } = Promise.withResolvers<void>();
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
    const held: TextEmbeddings = {
      model: "small",
      async embed(texts, role, signal) {
        if (texts.includes("cars")) {
          asked();
          await mayAnswer;
        }
        return endpoint("small").embed(texts, role, signal);
      },
    };
    const following = new VectorFeed(stand.host.database<Tables>("search"), held).follow(never);
    await isAsked;
    await stand.drop(10);
    answer();
    await following;
    assert.deepEqual(await vectorsIn(stand), [11]);
  });

  it("gets shorter texts where it refuses long ones, and a video it takes no text of is found by its words", async () => {
    server.unitsMax = 120;
    await stand.film(10, { title: "automobile", description: "automobiles ".repeat(100) });
    await stand.film(11, { title: "car" });
    assert.deepEqual((await stand.videos("cars")).toSorted(ascending), [10, 11]);
    server.unitsMax = 60;
    await stand.film(12, { title: "x".repeat(80), description: "y".repeat(80) });
    await stand.film(13, { title: "cars" });
    assert.deepEqual((await stand.videos("car")).toSorted(ascending), [10, 11, 13]);
    assert.deepEqual(await stand.videos("x".repeat(80)), [12]);
    assert.deepEqual(await vectorsIn(stand), [10, 11, 13]);
  });

  it("whose answers are no vectors counts as away", async () => {
    await stand.film(10, { title: "car" });
    await stand.film(11, { title: "automobile" });
    await stand.followed();
    for (const [n, body] of [
      {},
      { data: [] },
      { data: [{ index: 1, embedding: [1, 2] }] },
      { data: [{ index: 0, embedding: ["1"] }] },
      { data: [{ index: 0, embedding: [] }] },
      // A vector of another length than those of the videos.
      { data: [{ index: 0, embedding: [1, 2, 3] }] },
    ].entries()) {
      stand.clockMs += minuteMs;
      server.failure = { status: 200, body };
      const asked = server.requests;
      assert.deepEqual(await stand.videos(`car ${n}`), [10], JSON.stringify(body));
      assert.equal(server.requests, asked + 1);
    }
    server.failure = undefined;
    stand.clockMs += minuteMs;
    assert.deepEqual((await stand.videos("car again")).toSorted(ascending), [10, 11]);
  });

  it("embeds nothing again that an interrupted first filling has embedded", async () => {
    await stand.filmsOf(500, (n) => ({ videoId: 1_000 + n, title: `bread ${n}` }));
    await stand.settled();
    server.failWhen = (texts) => texts.some((text) => text === "bread 450");
    await stand.host.tick("search.embeddings");
    await stand.host.drain();
    const before = (await vectorsIn(stand)).length;
    assert.ok(before >= 400 && before < 500, `${before} have vectors`);
    server.failWhen = undefined;
    server.texts.length = 0;
    await stand.jobsDue();
    await stand.followed();
    assert.equal((await vectorsIn(stand)).length, 500);
    assert.ok(server.texts.length <= 100, `${server.texts.length} were embedded again`);
  });
});

async function vectorsIn(stand: Stand): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT video_id AS id FROM search.video_vectors WHERE vector IS NOT NULL ORDER BY video_id`.execute(
    stand.host.database("search"),
  );
  return rows.map(({ id }) => id);
}
