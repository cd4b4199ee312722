import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { describe, it } from "node:test";
import { Settings } from "#services/search/settings";
import { loadConfig } from "../../cmd/compose/config.ts";
import { settingsOf } from "../../cmd/compose/service-settings.ts";

const settingsWith = (environment: Record<string, string>) =>
  Settings.parse(settingsOf(loadConfig([], environment, tmpdir()).config, "search"));

describe("KINORA_ELASTICSEARCH_URL", () => {
  it("reaches the search service with its key and prefix, and is absent otherwise", () => {
    const url = "https://kinora:pass@search.example:9200/es";
    assert.equal(settingsWith({}).elasticsearch, undefined);
    assert.partialDeepStrictEqual(settingsWith({ KINORA_ELASTICSEARCH_URL: url }), {
      elasticsearch: { url, prefix: "kinora" },
    });
    assert.deepEqual(
      settingsWith({
        KINORA_ELASTICSEARCH_URL: url,
        KINORA_ELASTICSEARCH_API_KEY: "a2V5",
        KINORA_ELASTICSEARCH_PREFIX: "staging-1",
      }).elasticsearch,
      { url, apiKey: "a2V5", prefix: "staging-1" },
    );
    assert.throws(() => settingsWith({ KINORA_ELASTICSEARCH_PREFIX: "Upper_case" }), /lower-case/);
  });
});

describe("KINORA_EMBEDDINGS_URL", () => {
  it("reaches the search service with its model, key and prefixes, needs a model, and is absent otherwise", () => {
    const url = "http://127.0.0.1:11434/v1";
    assert.equal(settingsWith({}).embeddings, undefined);
    assert.deepEqual(
      settingsWith({
        KINORA_EMBEDDINGS_URL: url,
        KINORA_EMBEDDINGS_MODEL: "e5",
        KINORA_EMBEDDINGS_API_KEY: "k3y",
        KINORA_EMBEDDINGS_QUERY_PREFIX: "query: ",
        KINORA_EMBEDDINGS_DOCUMENT_PREFIX: "passage: ",
      }).embeddings,
      { url, model: "e5", apiKey: "k3y", queryPrefix: "query: ", documentPrefix: "passage: " },
    );
    assert.throws(() => settingsWith({ KINORA_EMBEDDINGS_URL: url }), /needs KINORA_EMBEDDINGS_MODEL as well/);
    assert.throws(() => settingsWith({ KINORA_EMBEDDINGS_MODEL: "e5" }), /needs KINORA_EMBEDDINGS_URL as well/);
  });
});
