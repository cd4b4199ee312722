import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { after, before, describe, it } from "node:test";
import { createConfiguredServer } from "#kernel/outgoing/configured";
import { silentLog } from "#kernel/log/port";
import { Elasticsearch } from "#services/search/backend/elasticsearch/client";
import { Feed } from "#services/search/backend/elasticsearch/feed";
import { Stand } from "#services/search/testing";
import type { Tables } from "#services/search/store";
import { TestElasticsearch } from "#test/elasticsearch/server";
import { loadConfig } from "../../cmd/compose/config.ts";
import { searchCheck } from "../../cmd/doctor/search.ts";

const server = new TestElasticsearch();
const stand = new Stand({ elasticsearch: server });

describe("the doctor's look at the search index", () => {
  before(async () => {
    await stand.start();
    await stand.clear();
  });
  after(() => stand.stop());

  it("accepts an index in memory", async () => {
    const { state, says } = await looked({});
    assert.deepEqual([state, says], ["ok", "an index in the memory of each process"]);
  });

  it("follows an index in Elasticsearch from its absence to the end of its first filling", async () => {
    const at = `Elasticsearch at ${new URL(server.url).host}`;
    assert.deepEqual(await said(), ["warn", `${at} answers and has no index yet`]);
    await stand.film(10, { title: "harbour" });
    await assert.rejects(interruptedFeed().follow(new AbortController().signal), { code: "search.unavailable" });
    const [begun = ""] = server.indices.keys();
    assert.deepEqual(await said(), ["warn", `${at} answers, its index ${begun} is not filled yet`]);
    stand.clockMs += 1_000;
    await stand.followed();
    const [index = ""] = server.indices.keys();
    assert.deepEqual(await said(), ["ok", `${at}, its index ${index} is filled`]);
  });

  it("names what keeps Elasticsearch from answering, and no password", async () => {
    server.authorization = "Basic other";
    const url = server.url.replace("//", "//kinora:pass@");
    const refused = await looked({ KINORA_ELASTICSEARCH_URL: url });
    assert.equal(refused.state, "warn");
    assert.match(refused.says, /^Elasticsearch at 127\.0\.0\.1:\d+ cannot be used: .* 401: .*security_exception/);
    server.authorization = undefined;
    await server.stop();
    try {
      const { state, says, mend } = await looked({ KINORA_ELASTICSEARCH_URL: url });
      assert.equal(state, "warn");
      assert.match(says, /^Elasticsearch at 127\.0\.0\.1:\d+ cannot be used: ./);
      assert.match(mend, /KINORA_ELASTICSEARCH_URL/);
      assert.doesNotMatch(refused.says + says, /pass/);
    } finally {
      await server.start();
    }
  });
});

const atServer = () => ({ KINORA_ELASTICSEARCH_URL: server.url, KINORA_ELASTICSEARCH_PREFIX: "test" });
const configOf = (environment: Record<string, string>) => loadConfig([], environment, tmpdir()).config;
const looked = (environment: Record<string, string>) => searchCheck(configOf(environment));

async function said(): Promise<string[]> {
  const { state, says } = await looked(atServer());
  return [state, says];
}

/** It ends at the first documents that it sends. */
function interruptedFeed(): Feed {
  const configured = createConfiguredServer(server.url);
  const elasticsearch = new Elasticsearch(
    {
      async ask(request) {
        if (request.path.endsWith("/_bulk")) throw new Error("killed");
        return configured.ask(request);
      },
    },
    silentLog,
  );
  const db = stand.host.database<Tables>("search");
  return new Feed({ db, elasticsearch, alias: "test-search", now: () => stand.clockMs });
}
