import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { usualUtility } from "#services/recommend/rank/ranker";
import { Settings } from "#services/recommend/settings";
import { loadConfig } from "../../cmd/compose/config.ts";
import { settingsOf } from "../../cmd/compose/service-settings.ts";

describe("KINORA_RECOMMEND_UTILITY", () => {
  it("reaches the feed with every act that it learns, and is documented with what they are worth", async () => {
    const text = Object.entries(usualUtility)
      .map(([act, worth]) => `${act}=${worth}`)
      .join();
    const { config } = loadConfig([], { KINORA_RECOMMEND_UTILITY: text }, tmpdir());
    assert.deepEqual(Settings.parse(settingsOf(config, "recommend")).utility, usualUtility);
    const documented = await readFile(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");
    assert.ok(documented.includes(`\`${text}\``), text);
  });
});
