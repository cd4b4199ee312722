import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { z } from "zod";
import { callOf } from "../host/testing.ts";
import { contract, query } from "../contract.ts";
import { type Log, silentLog } from "../log/port.ts";
import type { Secrets } from "../keys/port.ts";
import { createStaticRegistry } from "../registry/static.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { RpcClients } from "./client/client.ts";
import { peer, peerLock as lock, peerSecret } from "./fake-peer.ts";
import { peerRelease, releaseHeaders, releaseOf } from "./release.ts";
import { createRpcServer } from "./server/server.ts";

describe("processes of two versions", () => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  for (const [own, other] of [
    ["1.2.0", "1.2.7"],
    ["1.2.0", "1.3.0"],
    ["1.3.0", "1.2.0"],
    ["1.2.0", undefined],
    [undefined, "1.2.0"],
  ] as const)
    it(`talk where the client is ${own ?? "a development version"} and the server ${other ?? "a development version"}`, async () => {
      const server = await serve({ version: other });
      const client = clientOf([server.port], { version: own });
      assert.deepEqual(await client.ask({}, callOf()), { pid: 1 });
      assert.equal(await refusals(server), "");
      assert.equal(await refusals(client), "");
      const isOther = own !== undefined && other !== undefined;
      assert.deepEqual(server.said, isOther ? ["a process of another version is connected"] : []);
    });

  for (const [own, other] of [
    ["1.2.0", "1.4.0"],
    ["1.4.0", "1.2.0"],
  ] as const)
    it(`refuse each other where the client is ${own} and the server ${other}, with a log line and a count on both sides`, async () => {
      const server = await serve({ version: other });
      const client = clientOf([server.port], { version: own });
      for (let n = 0; n < 2; n++)
        await assert.rejects(client.ask({}, callOf()), { code: "kernel.service_unavailable", http: 503 });
      const text = "a connection between processes is refused: their versions are more than one minor version apart";
      // Once a minute.
      assert.deepEqual(server.said, [text]);
      assert.deepEqual(client.said, [text]);
      assert.deepEqual([server.fields[0]?.["version"], server.fields[0]?.["peerVersion"]], [other, own]);
      assert.deepEqual([client.fields[0]?.["version"], client.fields[0]?.["peerVersion"]], [own, other]);
      assert.match(await refusals(server), /^rpc_connections_refused_total\{side="server",reason="version"\} [1-9]/);
      assert.match(await refusals(client), /^rpc_connections_refused_total\{side="client",reason="version"\} [1-9]/);
    });

  it("count and log a wrong secret at the client, which makes sure of the server first", async () => {
    const server = await serve({ version: "1.2.0" });
    const client = clientOf([server.port], { version: "1.2.0", secrets: ["of another installation, with 32 letters"] });
    await assert.rejects(client.ask({}, callOf()), { code: "kernel.service_unavailable" });
    assert.match(await refusals(client), /reason="secret"\} [1-9]/);
    assert.ok(client.said.some((text) => text.includes("another cluster secret, or is of another installation")));
  });

  const [before, next, other] = ["before", "next", "other"].map((name) => name.padEnd(40, "-")) as Three;
  for (const [what, client, server, isRefused] of [
    ["the next secret is at the client alone", [next, before], [before], false],
    ["the next secret is at the server alone", [before], [next, before], false],
    ["both have the two secrets", [next, before], [next, before], false],
    ["both have them in another order", [before, next], [next, before], false],
    ["the client has only the next one", [next], [next, before], false],
    ["the server has only the next one", [next, before], [next], false],
    ["the client has only the one before, and the server the next one", [before], [next], true],
    ["the client has neither", [other], [next, before], true],
    ["the server has neither", [next, before], [other], true],
  ] as const)
    it(`${isRefused ? "refuse each other" : "talk"} where ${what}`, async () => {
      const { port } = await serve({ version: "1.2.0", secrets: server });
      const { ask } = clientOf([port], { version: "1.2.0", secrets: client });
      if (isRefused) await assert.rejects(ask({}, callOf()), { code: "kernel.service_unavailable" });
      else assert.deepEqual(await ask({}, callOf()), { pid: 1 });
    });

  it("call a method that one process has not at one that has it, and else the service is unavailable", async () => {
    const older = await serve({ version: "1.2.0", contracts: [olderPeer] });
    const alone = clientOf([older.port], { version: "1.3.0" });
    assert.deepEqual(await alone.ask({}, callOf()), { pid: 1 });
    await assert.rejects(alone.processId({}, callOf()), { code: "kernel.service_unavailable", http: 503 });
    assert.ok(alone.said.includes("a process of another version has no such method"));
    const newer = await serve({ version: "1.3.0" });
    const both = clientOf([older.port, newer.port], { version: "1.3.0" });
    for (let n = 0; n < 20; n++) assert.deepEqual(await both.processId({}, callOf()), { pid: 1 });
  });

  it("ignore a release that is not written as one", () => {
    const release = releaseOf("1.2.0", lock);
    const headers = releaseHeaders(release);
    assert.deepEqual(peerRelease({ ...headers } as Record<string, string>), release);
    for (const wrong of [{}, { ...headers, "kinora-version": "1\n2" }, { ...headers, "kinora-contracts": "x" }])
      assert.equal(peerRelease(wrong as Record<string, string>), undefined);
  });
});

const closing: (() => unknown)[] = [];
/** The contract before it had all its methods. */
const olderPeer = contract("peer", 1, {
  ask: query({ auth: "public", input: z.object({}), output: z.object({ pid: z.int() }) }),
});

/** One side, with what it logs and counts. */
function side() {
  const said: string[] = [];
  const fields: Record<string, unknown>[] = [];
  const write = (message: string, more: object = {}) => {
    said.push(message);
    fields.push({ ...more });
  };
  const log: Log = { ...silentLog, info: write, warn: write, error: write };
  return { said, fields, log, metrics: createPrometheusMetrics() };
}

type Three = [string, string, string];

interface ServerOptions {
  readonly version: string | undefined;
  readonly contracts?: Parameters<typeof createRpcServer>[0]["contracts"];
  readonly secrets?: Secrets;
}

async function serve({ version, contracts = [peer], secrets = [peerSecret] }: ServerOptions) {
  const ours = side();
  const { log, metrics } = ours;
  const host = { dispatch: async () => ({ pid: 1 }), consumers: new Map(), deliver: async () => undefined };
  const parts = { contracts, lock, secrets, host, ready: async () => ({}), log, metrics };
  const at = { host: "127.0.0.1", port: 0 };
  const server = await createRpcServer({ ...parts, ...(version !== undefined && { version }) }, at);
  closing.push(() => server.stop(0));
  return { ...ours, port: server.port };
}

interface ClientOptions {
  readonly version: string | undefined;
  readonly secrets?: Secrets;
}

function clientOf(ports: readonly number[], { version, secrets = [peerSecret] }: ClientOptions) {
  const ours = side();
  const clients = new RpcClients({
    registry: createStaticRegistry({ peer: ports.map((port) => `127.0.0.1:${port}`) }),
    lock,
    secrets,
    ...(version !== undefined && { version }),
    log: ours.log,
    metrics: ours.metrics,
    elapsed: () => performance.now(),
    random: Math.random,
  });
  closing.unshift(() => clients.close());
  const client = clients.client(peer, "test");
  assert.ok(client);
  const { ask, processId } = client as Record<"ask" | "processId", NonNullable<(typeof client)[string]>>;
  return { ...ours, ask, processId };
}

/** The line of its metric. */
async function refusals({ metrics }: Pick<ReturnType<typeof side>, "metrics">): Promise<string> {
  const { body } = await metrics.text();
  return body.split("\n").find((line) => line.startsWith("rpc_connections_refused_total{")) ?? "";
}
