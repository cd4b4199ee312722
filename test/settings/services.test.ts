import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { it } from "node:test";
import { loadConfig } from "../../cmd/compose/config.ts";
import { settingsOf } from "../../cmd/compose/service-settings.ts";
import { loadPlugins } from "../../cmd/services.ts";

it("each service with a schema of settings is given some, which the schema accepts", async () => {
  const { config } = loadConfig([], {}, tmpdir());
  const plugins = await loadPlugins();
  assert.ok(plugins.length > 10);
  for (const { contract, settings } of plugins) {
    const values = settingsOf(config, contract.name);
    assert.ok(typeof values === "object" && values !== null);
    assert.equal(Object.keys(values).length > 0, settings !== undefined, contract.name);
    settings?.parse(values);
  }
});
