import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { createInterface } from "node:readline";
import { freePorts } from "#test/ports";
import { until } from "#test/until";
import { type Call, newCall } from "../call.ts";
import type { Client } from "../contract.ts";
import { silentLog } from "../log/port.ts";
import { createStaticRegistry } from "../registry/static.ts";
import { Breaker } from "./client/breaker.ts";
import { RetryBudget } from "./client/budget.ts";
import { RpcClients } from "./client/client.ts";
import { peer, peerLock, peerSecret } from "./fake-peer.ts";
import { type RpcServer, createRpcServer } from "./server/server.ts";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";

describe("calls to several processes", () => {
  afterEach(() => {
    clients?.close();
    for (const { child } of peers.splice(0)) child.kill("SIGKILL");
  });

  it("do not fail when one of two processes is killed under load", async () => {
    const client = await clientOf(2);
    const doomed = peers[0]?.child;
    const tally = { fine: 0, failed: 0, by: new Map<number, number>() };
    const worker = async (calls: number) => {
      for (let i = 0; i < calls; i++) {
        try {
          const { pid } = await client.ask({}, newCall({ waitMs: 60_000 }));
          tally.fine += 1;
          tally.by.set(pid, (tally.by.get(pid) ?? 0) + 1);
          // In the middle of its own work, however unevenly two busy processes answer.
          if (pid === doomed?.pid && tally.by.get(pid) === 300) doomed.kill("SIGKILL");
        } catch {
          tally.failed += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, () => worker(125)));
    assert.equal(doomed?.killed, true);
    // The promise is 99 %; repeating makes it all of them, as long as the budget covers what was on its way.
    assert.deepEqual([tally.fine, tally.failed], [2_000, 0]);
    assert.equal(tally.by.size, 2);
    for (const count of tally.by.values()) assert.ok(count > 150, `uneven: ${[...tally.by.values()].join(", ")}`);
  });

  it("do not wait for a frozen process, and use it again when it continues", async () => {
    const client = await clientOf(2);
    const both = new Set(peers.map(({ child }) => child.pid));
    const pidOf = async () => (await client.ask({}, newCall({ waitMs: 60_000 }))).pid;
    await until(async () => both.delete(await pidOf()) && both.size === 0);
    peers[0]?.child.kill("SIGSTOP");
    const began = performance.now();
    await Promise.all(Array.from({ length: 8 }, pidOf));
    assert.ok(performance.now() - began < 30_000, "it was waited for until the end of the call");
    peers[0]?.child.kill("SIGCONT");
    await until(async () => (await pidOf()) === peers[0]?.child.pid);
  });

  it("do not repeat a command that may have been executed", async () => {
    const client = await clientOf(2);
    await assert.rejects(client.countAndDie({}, newCall()), {
      code: "kernel.service_unavailable",
      http: 503,
      retryable: true,
    });
    await until(async () => peers.some(({ child }) => child.exitCode !== null));
    assert.deepEqual(
      peers.map(({ said }) => said.filter((line) => line === "counted").length).toSorted((a, b) => a - b),
      [0, 1],
    );
  });

  it("go to another process when one accepts no connections, commands too", async () => {
    const client = await clientOf(1, ["127.0.0.1:1", "127.0.0.1:2"]);
    for (let i = 0; i < 5; i++) assert.ok((await client.processId({}, newCall())).pid > 0);
    // It has a second to answer, which a busy machine may not give it.
    await until(() => clients?.isReachable("peer"));
  });

  it("fail immediately with the service's name when no process runs it", async () => {
    const client = await clientOf(0, ["127.0.0.1:1"]);
    await assert.rejects(client.ask({}, newCall()), {
      code: "kernel.service_unavailable",
      details: { service: "peer" },
    });
    assert.equal(await clients?.isReachable("peer"), false);
  });
});

describe("calls and streams to an instance that failed", () => {
  afterEach(async () => {
    clients?.close();
    for (const server of servers.splice(0)) await server.stop(0);
  });

  it("succeed after its return, whatever streams are open: none is the trial", async () => {
    const [port = 0] = await freePorts(1);
    let now = 0;
    const client = clientAt([port], { elapsed: () => now });
    const failures = Array.from({ length: 20 }, () => client.ask({}, newCall()).catch(() => undefined));
    await Promise.all(failures);
    servers.push(await serve(port));
    await assert.rejects(client.ask({}, newCall()), { code: "kernel.service_unavailable" }, "its breaker is open");
    now = 2_000;
    const leaving = new AbortController();
    const silent = readAll(client.follow({}, newCall({ signal: leaving.signal })));
    await until(() => following.size === 1);
    assert.equal((await client.ask({}, newCall())).pid, process.pid);
    leaving.abort();
    await silent;
  });

  it("fail streams that were open without opening its breaker", async () => {
    const first = await serve(0);
    const client = clientAt([first.port], {});
    const streams = Array.from({ length: 40 }, () => readAll(client.count({}, newCall({ waitMs: 60_000 }))));
    await until(() => following.size === 40);
    await first.stop(0);
    await Promise.all(streams);
    servers.push(await serve(first.port));
    assert.equal((await client.ask({}, newCall())).pid, process.pid);
  });

  it("go to the other instances while its breaker is open", async () => {
    servers.push(await serve(0, { isStuck: true }), await serve(0));
    const [stuck = 0, fine = 0] = servers.map(({ port }) => port);
    // Without chance, the first of those that may be asked is asked.
    const client = clientAt([stuck, fine], { random: () => 0 });
    const broken = clients?.at(peer, "test", { service: "peer", host: "127.0.0.1", port: stuck });
    assert.ok(broken);
    await broken.processId({}, newCall({ waitMs: 60_000 }));
    await Promise.all(
      // On a slow machine, the first have failed and the breaker is open before the last are sent.
      Array.from({ length: 20 }, () =>
        assert.rejects(broken.ask({}, newCall({ waitMs: 100 })), {
          code: /^kernel\.(deadline_exceeded|service_unavailable)$/,
        }),
      ),
    );
    for (let i = 0; i < 5; i++) assert.equal((await client.ask({}, newCall({ waitMs: 60_000 }))).pid, process.pid);
  });
});

describe("the circuit breaker", () => {
  it("opens when half of the calls fail, not before", () => {
    const breaker = new Breaker(() => 0);
    end(breaker, 20, "fine");
    end(breaker, 19, "failed");
    assert.equal(breaker.admits("call"), true);
    end(breaker, 1, "failed");
    assert.deepEqual([breaker.admits("call"), breaker.admits("stream")], [false, false]);
  });

  it("opens after at least twenty calls, admits one trial after two seconds, and closes when it succeeds", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    end(breaker, 19, "failed");
    assert.equal(breaker.admits("call"), true, "too few to say");
    end(breaker, 1, "failed");
    assert.equal(breaker.admits("call"), false);
    now = 2_000;
    assert.equal(breaker.admits("call"), true);
    const first = breaker.begin("call");
    assert.equal(breaker.admits("call"), false, "one tries");
    breaker.record(first, "failed");
    assert.equal(breaker.admits("call"), false);
    now = 4_000;
    assert.equal(breaker.admits("call"), true);
    breaker.record(breaker.begin("call"), "fine");
    assert.deepEqual([breaker.admits("call"), breaker.admits("call")], [true, true]);
  });

  it("admits another trial after two seconds when the first has no outcome", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    end(breaker, 20, "failed");
    now = 2_000;
    const slow = breaker.begin("call");
    assert.equal(breaker.admits("call"), false);
    now = 4_000;
    assert.equal(breaker.admits("call"), true);
    breaker.begin("call");
    breaker.record(slow, "fine");
    assert.equal(breaker.admits("call"), true, "it answers, however slowly");
  });

  it("admits streams after its open time without making one the trial", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    end(breaker, 20, "failed");
    assert.equal(breaker.admits("stream"), false);
    now = 2_000;
    for (let i = 0; i < 3; i++) {
      assert.equal(breaker.admits("stream"), true);
      breaker.begin("stream");
    }
    assert.equal(breaker.admits("call"), true);
  });

  it("ignores the outcome of calls that began before it opened", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    const old = breaker.begin("call");
    end(breaker, 20, "failed");
    now = 2_000;
    const trial = breaker.begin("call");
    breaker.record(old, "failed");
    breaker.record(trial, "fine");
    assert.equal(breaker.admits("call"), true);
    end(breaker, 10, "fine");
    for (let i = 0; i < 20; i++) breaker.record(old, "failed");
    assert.equal(breaker.admits("call"), true);
  });

  it("stays closed while most calls succeed, and forgets calls after ten seconds", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (let i = 0; i < 300; i++) end(breaker, 1, i % 3 === 0 ? "failed" : "fine");
    assert.equal(breaker.admits("call"), true);
    now = 11_000;
    end(breaker, 19, "failed");
    assert.equal(breaker.admits("call"), true, "what was long ago does not count");
    end(breaker, 1, "failed");
    assert.equal(breaker.admits("call"), false, "neither does what went well then");
  });

  it("admits another trial when the first one was dropped", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    end(breaker, 20, "failed");
    now = 2_000;
    breaker.record(breaker.begin("call"), "unknown");
    assert.equal(breaker.admits("call"), true);
  });
});

describe("the retry budget", () => {
  it("allows a retry for a tenth of the calls, and a small reserve", () => {
    const budget = new RetryBudget();
    const spent = () => {
      let count = 0;
      while (budget.spend()) count += 1;
      return count;
    };
    assert.equal(spent(), 20);
    for (let i = 0; i < 105; i++) budget.earn();
    assert.equal(spent(), 10);
    for (let i = 0; i < 10_000; i++) budget.earn();
    assert.equal(spent(), 20);
  });
});

/** So many calls that ended like this. */
function end(breaker: Breaker, count: number, outcome: "fine" | "failed"): void {
  for (let i = 0; i < count; i++) breaker.record(breaker.begin("call"), outcome);
}

const servers: RpcServer[] = [];
/** Streams that are open. */
const following = new Set<Call>();

/** A process of the peer service within this one; a stuck one answers no `ask`. */
function serve(port: number, { isStuck = false } = {}): Promise<RpcServer> {
  const ended = ({ signal }: Call) =>
    new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  async function* stream(method: string, call: Call): AsyncGenerator<object> {
    following.add(call);
    if (method === "count") yield { n: 1 };
    await ended(call);
    following.delete(call);
  }
  return createRpcServer(
    {
      contracts: [peer],
      lock: peerLock,
      secrets: [peerSecret],
      host: {
        dispatch(_, method, __, call) {
          if (method === "follow" || method === "count") return stream(method, call);
          return (isStuck && method === "ask" ? ended(call) : Promise.resolve()).then(() => ({ pid: process.pid }));
        },
        consumers: new Map(),
        deliver: async () => undefined,
      },
      ready: async () => ({}),
      log: silentLog,
      metrics: createPrometheusMetrics(),
    },
    { host: "127.0.0.1", port },
  );
}

function clientAt(ports: readonly number[], parts: { elapsed?: () => number; random?: () => number }): Peers {
  clients = new RpcClients({
    registry: createStaticRegistry({ peer: ports.map((port) => `127.0.0.1:${port}`) }),
    lock: peerLock,
    secrets: [peerSecret],
    log: silentLog,
    elapsed: () => performance.now(),
    random: Math.random,
    ...parts,
  });
  const client = clients.client(peer, "test");
  assert.ok(client);
  return client as unknown as Client<typeof peer>; // Made from this contract.
}

/** Reads a stream to its end, however that comes. */
async function readAll(messages: AsyncIterable<object>): Promise<void> {
  try {
    for await (const _ of messages);
  } catch {
    // It broke, as it should.
  }
}

interface Peer {
  readonly child: ChildProcess;
  readonly said: string[];
}
const peers: Peer[] = [];
let clients: RpcClients | undefined;

interface Peers {
  ask(input: object, call: Call): Promise<{ pid: number }>;
  processId(input: object, call: Call): Promise<{ pid: number }>;
  countAndDie(input: object, call: Call): Promise<object>;
  follow(input: object, call: Call): AsyncIterable<object>;
  count(input: object, call: Call): AsyncIterable<object>;
}
async function clientOf(count: number, others: readonly string[] = []): Promise<Peers> {
  const ports = await Promise.all(Array.from({ length: count }, start));
  const registry = createStaticRegistry({ peer: [...ports.map((port) => `127.0.0.1:${port}`), ...others] });
  clients = new RpcClients({
    registry,
    lock: peerLock,
    secrets: [peerSecret],
    log: silentLog,
    elapsed: () => performance.now(),
    random: Math.random,
  });
  const client = clients.client(peer, "test");
  assert.ok(client);
  return client as unknown as Client<typeof peer>; // Made from this contract.
}

function start(): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "fake-peer.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said: string[] = [];
  peers.push({ child, said });
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("the peer ended")));
    createInterface(child.stdout).on("line", (line) => {
      said.push(line);
      if (/^\d+$/.test(line)) resolve(line);
    });
  });
}
