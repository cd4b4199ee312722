import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:http2";
import { after, before, beforeEach, describe, it } from "node:test";
import { command, contract, query } from "#kernel";
import { callOf } from "#kernel/host/testing";
import { z } from "zod";
import type { Call } from "../call.ts";
import type { Client } from "../contract.ts";
import { Commits, commitsUnderWay, recordCommits } from "../db/positions.ts";
import { ServiceUnavailable } from "../errors.ts";
import { silentLog } from "../log/port.ts";
import { createStaticRegistry } from "../registry/static.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { bus } from "./bus.ts";
import { RpcClients } from "./client/client.ts";
import { extendLock } from "./wire/lock.ts";
import { type RpcServer, createRpcServer } from "./server/server.ts";

describe("a call to another process", () => {
  before(async () => {
    reporting = await serve(true);
    silent = await serve(false);
  });
  beforeEach(() => void (commits = new Commits()));
  after(async () => {
    for (const one of clients) one.close();
    await reporting.stop(0);
    await silent.stop(0);
  });

  it("reports its commits with its answer, alone and in a batch", async () => {
    const client = clientAt(reporting.port);
    await recordCommits(commits, () => client.change({ position: 5 }, callOf()));
    assert.deepEqual([commits.positions, commits.isUnknown], [{ log: 5 }, false]);
    const each = Array.from({ length: 10 }, () => new Commits());
    await Promise.all(each.map((one, n) => recordCommits(one, () => client.change({ position: 10 + n }, callOf()))));
    assert.deepEqual(
      each.map(({ positions, isUnknown }) => [positions["log"], isUnknown]),
      each.map((_, n) => [10 + n, false]),
    );
  });

  it("reports its commits with its failure, alone and in a batch", async () => {
    const client = clientAt(reporting.port);
    const failing = (to: Commits) =>
      assert.rejects(recordCommits(to, () => client.change({ position: 5, fails: true }, callOf())));
    await failing(commits);
    assert.deepEqual([commits.positions, commits.isUnknown], [{ log: 5 }, false]);
    const each = [new Commits(), new Commits()];
    await Promise.all(each.map(failing));
    for (const one of each) assert.deepEqual([one.positions, one.isUnknown], [{ log: 5 }, false]);
  });

  it("carries the position that replicas must have replayed, or none", async () => {
    const client = clientAt(reporting.port);
    assert.deepEqual(await client.reading({}, callOf(1, { readAfter: { log: 7 } })), { position: 7 });
    assert.deepEqual(await client.reading({}, callOf(1, { readAfter: {} })), { position: 0 });
    assert.deepEqual(await client.reading({}, callOf(1)), { position: null });
  });

  it("has unknown commits after a command without a report or without an answer", async () => {
    const client = clientAt(silent.port);
    await recordCommits(commits, () => client.reading({}, callOf()));
    assert.ok(commits.isEmpty);
    await recordCommits(commits, () => client.change({ position: 5 }, callOf()));
    assert.ok(commits.isUnknown);
    const late = new Commits();
    const dies = clientAt((await serve(true, "once")).port);
    await assert.rejects(recordCommits(late, () => dies.change({ position: 5 }, callOf())));
    assert.ok(late.isUnknown);
  });

  it("has no commits when nothing was sent", async () => {
    const client = clientAt(1);
    await assert.rejects(recordCommits(commits, () => client.change({ position: 5 }, callOf())));
    assert.ok(commits.isEmpty);
  });

  it("reports no commits to unauthenticated clients", async () => {
    const session = connect(`http://127.0.0.1:${reporting.port}`);
    const request = session.request({
      ":method": "POST",
      ":path": "/kinora.log.v1.LogService/Change",
      "content-type": "application/grpc",
      te: "trailers",
    });
    request.end(Buffer.from([0, 0, 0, 0, 2, 8, 5]));
    request.resume();
    const [headers] = (await once(request, "response")) as [Record<string, unknown>]; // An error comes with its headers.
    assert.ok(!("kinora-commits" in headers));
    session.destroy();
  });
});

const log = contract("log", 1, {
  change: command({
    auth: "public",
    input: z.object({ position: z.int(), fails: z.boolean().default(false) }),
    output: z.object({}),
  }),
  reading: query({ auth: "public", input: z.object({}), output: z.object({ position: z.int().nullable() }) }),
});
const lock = extendLock({}, [log, bus]);
const secret = "of-thirty-two-letters-or-a-few-more";

let commits = new Commits();
let reporting: RpcServer;
let silent: RpcServer;
const clients: RpcClients[] = [];

/** @param answers with `once` the process ends in the middle of its first command */
async function serve(reportsCommits: boolean, answers: "always" | "once" = "always"): Promise<RpcServer> {
  const dispatch = async (_: string, method: string, input: unknown, call: Call): Promise<object> => {
    if (method === "reading") return { position: call.readAfter ? (call.readAfter["log"] ?? 0) : null };
    const { position, fails } = input as { position: number; fails: boolean }; // By the contract.
    commitsUnderWay()?.record("log", position);
    if (answers === "once") void server.stop(0);
    if (answers === "once") await once(call.signal, "abort");
    if (fails) throw ServiceUnavailable({ service: "log" });
    return {};
  };
  const host = { dispatch, consumers: new Map(), deliver: async () => undefined };
  const parts = {
    contracts: [log],
    lock,
    secrets: [secret] as const,
    host,
    ready: async () => ({}),
    log: silentLog,
    reportsCommits,
  };
  const server = await createRpcServer(
    { ...parts, metrics: createPrometheusMetrics() },
    { host: "127.0.0.1", port: 0 },
  );
  return server;
}

function clientAt(port: number): Client<typeof log> {
  const registry = createStaticRegistry({ log: [`127.0.0.1:${port}`] });
  const elapsed = () => performance.now();
  const rpcClients = new RpcClients({
    registry,
    lock,
    secrets: [secret],
    log: silentLog,
    elapsed,
    random: Math.random,
  });
  clients.push(rpcClients);
  return rpcClients.client(log, "test") as unknown as Client<typeof log>; // Made from this contract.
}
