import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { failureOf } from "#gateway/format/envelope";
import { createFastifyServer } from "#kernel/http/fastify/fastify";
import { silentLog } from "#kernel/log/port";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { loadConfig } from "../../cmd/compose/config.ts";
import { metricsAccessOf, operationsAlone } from "../../cmd/compose/operations.ts";

describe("the metrics of a process without the gateway", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-metrics-"));
    file = join(folder, "token");
    await writeFile(file, token);
  });
  after(() => rm(folder, { recursive: true }));

  it("are for this machine alone by default", async () => {
    const ask = await processWith({});
    assert.equal(await ask("127.0.0.1"), 200);
    assert.equal(await ask("10.1.2.3"), 403);
    assert.equal(await ask("10.1.2.3", { authorization: `Bearer ${token}` }), 403);
  });

  it("are for the configured networks, under the name of a pod or service, and for the token in the file", async () => {
    const ask = await processWith({ KINORA_METRICS_NETWORKS: "10.1.0.0/16", KINORA_METRICS_TOKEN_FILE: file });
    assert.equal(await ask("10.1.2.3"), 200);
    assert.equal(await ask("10.1.2.3", { "x-forwarded-for": "10.1.2.3" }), 403);
    assert.equal(await ask("203.0.113.9"), 403);
    assert.equal(await ask("203.0.113.9", { authorization: `Bearer ${token}` }), 200);
    assert.equal(await ask("203.0.113.9", { authorization: `Bearer ${token}x` }), 403);
  });

  it("need a strong token and addresses", async () => {
    await assert.rejects(processWith({ KINORA_METRICS_TOKEN_FILE: "/nowhere" }), { name: "ConfigError" });
    await assert.rejects(processWith({ KINORA_METRICS_NETWORKS: "10.1.0.0/33" }), { name: "ConfigError" });
  });
});

let folder = "";
let file = "";
const token = randomBytes(32).toString("base64url");

async function processWith(env: Record<string, string>) {
  const { config } = loadConfig([], env, folder);
  const metrics = createPrometheusMetrics();
  const server = await createFastifyServer({ log: silentLog, metrics, failed: failureOf, trustedProxies: [] });
  const metricsAccess = await metricsAccessOf(config, silentLog);
  operationsAlone(server, { metrics, metricsAccess, ready: async () => ({}), version: "0.0.0" });
  return async (remoteAddress: string, more: Record<string, string> = {}): Promise<number> => {
    const host = remoteAddress.startsWith("127.") ? "127.0.0.1" : "kinora-video.kinora.svc";
    const { statusCode } = await server.inject({ url: "/metrics", remoteAddress, headers: { host, ...more } });
    return statusCode;
  };
}
