import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { Consul } from "#test/servers/consul";
import { until } from "#test/until";
import { directoryConformance, names, processAt, registryOver } from "./conformance.ts";
import { createConsulDirectory } from "./consul.ts";

const consul = new Consul("a-token");
before(() => consul.start());
after(() => consul[Symbol.asyncDispose]());

const directory = (token = "a-token", registerAs: readonly string[] = []) =>
  createConsulDirectory({ urls: [consul.url], token, names, registerAs });

directoryConformance("Consul", { directory, engine: consul, keepsMetadata: true });

describe("the directory in Consul", () => {
  it("registers under further names, and says why it is refused", async () => {
    const registry = registryOver(
      createConsulDirectory({
        urls: [consul.url],
        token: "a-token",
        names,
        registerAs: ["{service}-service"],
      }),
    );
    registry.register(processAt("10.0.0.2", { services: ["user"] }));
    const asked = () =>
      fetch(`${consul.url}/v1/agent/service/user-service@10.0.0.2:9001`, { headers: { "x-consul-token": "a-token" } });
    await until(async () => (await asked()).ok);
    await registry.withdraw();
    assert.equal((await asked()).status, 404);
    await registry.close();

    const stranger = registryOver(directory("another"));
    void stranger.start();
    const reason = await until(() => stranger.away());
    assert.match(reason, /403: Permission denied/);
    await stranger.close();
  });
});
