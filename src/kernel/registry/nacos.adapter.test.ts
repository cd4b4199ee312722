import { after, before, describe, it } from "node:test";
import assert from "node:assert/strict";
import { Nacos } from "#test/servers/nacos";
import { until } from "#test/until";
import { directoryConformance, names, registryOver } from "./conformance.ts";
import { createNacosDirectory } from "./nacos.ts";

const nacos = new Nacos({ username: "kinora", password: "a:word" });
before(() => nacos.start());
after(() => nacos[Symbol.asyncDispose]());

/** It polls often, so that tests need not wait. */
const directory = (token = "kinora:a:word", namespace?: string) => ({
  ...createNacosDirectory({ urls: [nacos.url], token, namespace, names, registerAs: [] }),
  pollMs: 200,
});

directoryConformance("Nacos", {
  directory: () => directory("kinora:a:word", "staging"),
  engine: nacos,
  keepsMetadata: true,
});

describe("the directory in Nacos", () => {
  it("says why it is refused", async () => {
    const stranger = registryOver(directory("kinora:another"));
    void stranger.start();
    const reason = await until(() => stranger.away());
    assert.match(reason, /403: unknown user/);
    await stranger.close();
  });
});
