import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Log } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { type ConfiguredRequest, type ConfiguredServer, createConfiguredServer } from "#kernel/outgoing/configured";
import { TestElasticsearch } from "#test/elasticsearch/server";
import { sql } from "kysely";
import { z } from "zod";
import { documentKind } from "../../documents/documents.ts";
import type { Tables } from "../../store.ts";
import { Stand } from "../../testing.ts";
import { Elasticsearch } from "./client.ts";
import { Feed } from "./feed.ts";

const server = new TestElasticsearch();
const stand = new Stand({ elasticsearch: server });
const { client } = stand;
const alias = "test-search";
const lines: string[] = [];
const log = {
  warn: (message: string) => void lines.push(message),
  info: (message: string) => void lines.push(message),
} as unknown as Log; // Nothing else is logged.

describe("the feed of Elasticsearch", () => {
  before(() => stand.start());
  beforeEach(async () => {
    server.failure = undefined;
    server.authorization = undefined;
    await stand.clear();
    server.clear();
    server.requests.length = 0;
    lines.length = 0;
  });
  after(() => stand.stop());

  it("ignores what a process sends late that read rows before others changed them", async () => {
    await stand.film(10, { title: "harbour" });
    await stand.film(11, { title: "harbour" });
    await stand.followed();
    await stand.change(10, { title: "pier" });
    await stand.change(11, { title: "harbour again" });
    await stand.settled();
    const { promise: isRead, resolve: read } = Promise.withResolvers<void>();
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    const late = feedOf(async ({ path }) => {
      if (!path.endsWith("/_bulk")) return;
      read();
      await mayGoOn;
    }).follow(never);
    await isRead;
    await stand.change(10, { title: "quay" });
    await stand.drop(11);
    assert.deepEqual([await stand.videos("quay"), await stand.videos("harbour")], [[10], []]);
    goOn();
    await late;
    server.refresh();
    assert.deepEqual(
      [await stand.videos("quay"), await stand.videos("pier"), await stand.videos("harbour")],
      [[10], [], []],
    );
  });

  it("refuses searches alone while Elasticsearch is away, and catches up when it is back", async () => {
    await stand.film(10, { title: "harbour" });
    await stand.tag(5, "seaside");
    assert.deepEqual(await stand.videos("harbour"), [10]);
    await server.stop();
    await stand.film(11, { title: "harbour" });
    await stand.followed();
    for (const ask of [client.all, client.videos, client.users, client.hashtags])
      await assert.rejects(ask({ q: "harbour" }, callOf(1)), {
        code: "search.unavailable",
        http: 503,
        retryable: true,
      });
    assert.deepEqual((await client.suggestions({ q: "sea" }, callOf())).items, ["seaside"]);
    assert.deepEqual((await client.history({}, callOf(1))).items.length, 0);
    await server.start();
    await stand.jobsDue();
    assert.deepEqual(await stand.videos("harbour"), [11, 10]);
    assert.equal((await deadJobs()).length, 0);
  });

  it("refuses searches where its credentials are refused, or it has too much to do", async () => {
    await stand.film(10, { title: "harbour" });
    assert.deepEqual(await stand.videos("harbour"), [10]);
    server.authorization = "Basic other";
    await assert.rejects(client.videos({ q: "harbour" }, callOf()), { code: "search.unavailable" });
    server.authorization = undefined;
    server.failure = { status: 429, type: "es_rejected_execution_exception" };
    await assert.rejects(client.videos({ q: "harbour" }, callOf()), { code: "search.unavailable" });
    server.failure = { status: 400, type: "parsing_exception" };
    await assert.rejects(client.videos({ q: "harbour" }, callOf()), { code: "kernel.internal" });
  });

  it("logs its loss and its return once each", async () => {
    const feed = feedOf();
    await server.stop();
    for (let n = 0; n < 3; n++) await assert.rejects(feed.isBehind(), { code: "search.unavailable" });
    await server.start();
    for (let n = 0; n < 3; n++) assert.equal(await feed.isBehind(), true);
    assert.deepEqual(lines, ["Elasticsearch is away; searches are refused until it is back", "Elasticsearch is back"]);
  });

  it("refuses searches until it is filled for the first time", async () => {
    await stand.film(10, { title: "harbour" });
    await assert.rejects(client.videos({ q: "harbour" }, callOf()), { code: "search.unavailable" });
    assert.deepEqual(await stand.videos("harbour"), [10]);
  });

  it("fills another index where the table is another one or the index is gone, and deletes its own alone", async () => {
    await stand.film(10, { title: "harbour" });
    assert.deepEqual(await stand.videos("harbour"), [10]);
    const [first = ""] = server.indices.keys();
    const others = ["test-search-foo-search-1-000000000000001", "test-searches"];
    for (const name of others) await elasticsearch().ask(anything, { method: "PUT", path: `/${name}`, json: empty });
    await sql`TRUNCATE search.documents`.execute(db());
    await stand.film(11, { title: "harbour" });
    assert.deepEqual(await stand.videos("harbour"), [11]);
    const own = () => [...server.indices.keys()].filter((name) => !others.includes(name));
    assert.equal(own().length, 1);
    assert.ok(!own().includes(first));
    assert.equal(server.indices.size, 3);
    server.remove(own()[0] ?? "");
    assert.deepEqual(await stand.videos("harbour"), [11]);
  });

  it("goes on with a first filling that was interrupted", async () => {
    await sql`INSERT INTO search.documents (kind, id, version, owner_id, title, is_visible, changed_tx)
      SELECT ${documentKind.hashtag}, id, 1, 0, 'tag' || id, true, pg_current_xact_id()::text::bigint
      FROM generate_series(1, 450) AS id`.execute(db());
    await stand.settled();
    let bulks = 0;
    const interrupted = feedOf(async ({ path }) => {
      if (path.endsWith("/_bulk") && ++bulks > 1) throw new Error("killed");
    });
    await assert.rejects(interrupted.follow(never), { code: "search.unavailable" });
    const [name] = server.indices.keys();
    assert.deepEqual(await stand.tags("tag333"), [333]);
    const sent = server.requests.filter((one) => one.endsWith("/_bulk")).length;
    assert.deepEqual([sent, [...server.indices.keys()]], [3, [name]]);
    // The position is a document as well.
    assert.equal(server.indices.get(name ?? "")?.size, 451);
    assert.equal(await feedOf().isBehind(), false);
  });

  it("is not behind while nothing changes", async () => {
    await stand.film(10, { title: "harbour" });
    await stand.followed();
    assert.equal(await feedOf().isBehind(), false);
    await stand.change(10, { title: "pier" });
    await stand.settled();
    assert.equal(await feedOf().isBehind(), true);
    await stand.followed();
    assert.equal(await feedOf().isBehind(), false);
  });

  it("offers no words of videos that were removed, which Elasticsearch still suggests", async () => {
    await stand.film(10, { title: "harbour" });
    await stand.film(11, { title: "harbor harbor" });
    await stand.followed();
    const correction = async () => (await client.videos({ q: "harbur" }, callOf())).didYouMean;
    assert.equal(await correction(), "harbor");
    await stand.change(11, { visibility: "private" });
    await stand.followed();
    assert.equal(await correction(), "harbour");
    await stand.drop(10);
    await stand.followed();
    assert.equal(await correction(), null);
  });

  it("weighs suggested hashtags by the videos that Elasticsearch counts", async () => {
    for (const id of [1, 2]) await stand.tag(id, `sea${id}`);
    await stand.film(10, { title: "one", hashtags: ["sea2"] });
    await stand.followed();
    await stand.suggestions("sea");
    // The numbers are asked in the background.
    stand.clockMs += 600_000;
    await stand.suggestions("sea");
    assert.deepEqual(await stand.suggestions("sea"), ["sea2", "sea1"]);
  });
});

const never = new AbortController().signal;
const anything = z.unknown();
const empty = { settings: { index: {} }, mappings: { dynamic: "strict", properties: {} } };
const db = () => stand.host.database<Tables>("search");
const elasticsearch = () => new Elasticsearch(createConfiguredServer(server.url), log);

/** A feed that waits before each request. */
function feedOf(beforeEach: (request: ConfiguredRequest) => Promise<void> = async () => undefined): Feed {
  const configured = createConfiguredServer(server.url);
  const slow: ConfiguredServer = {
    async ask(request) {
      await beforeEach(request);
      return configured.ask(request);
    },
  };
  return new Feed({ db: db(), elasticsearch: new Elasticsearch(slow, log), alias, now: () => stand.clockMs });
}

async function deadJobs() {
  const { rows } = await sql`SELECT FROM jobs WHERE state = 'dead'`.execute(db());
  return rows;
}
