import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { createInterface } from "node:readline";
import { type Call, newCall } from "../call.ts";
import type { Client } from "../contract.ts";
import { silentLog } from "../log/port.ts";
import { staticRegistry } from "../registry/static.ts";
import { Breaker } from "./breaker.ts";
import { RetryBudget } from "./budget.ts";
import { RpcClients } from "./client.ts";
import { peer, peerLock, peerSecret } from "./fake-peer.ts";
import { until } from "#test/until";

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

describe("the circuit breaker", () => {
  it("opens when half of the calls fail, not before", () => {
    const breaker = new Breaker(() => 0);
    for (let i = 0; i < 20; i++) breaker.note(true);
    for (let i = 0; i < 19; i++) breaker.note(false);
    assert.equal(breaker.admits(), true);
    breaker.note(false);
    assert.equal(breaker.admits(), false);
  });

  it("opens after at least twenty calls, admits one trial after two seconds, and closes when it succeeds", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (let i = 0; i < 19; i++) breaker.note(false);
    assert.equal(breaker.admits(), true, "too few to say");
    breaker.note(false);
    assert.equal(breaker.admits(), false);
    now = 2_000;
    assert.deepEqual([breaker.admits(), breaker.admits()], [true, false], "one tries");
    breaker.note(false);
    assert.equal(breaker.admits(), false);
    now = 4_000;
    assert.equal(breaker.admits(), true);
    breaker.note(true);
    assert.deepEqual([breaker.admits(), breaker.admits()], [true, true]);
  });

  it("stays closed while most calls succeed, and forgets calls after ten seconds", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (let i = 0; i < 300; i++) breaker.note(i % 3 !== 0);
    assert.equal(breaker.admits(), true);
    now = 11_000;
    for (let i = 0; i < 19; i++) breaker.note(false);
    assert.equal(breaker.admits(), true, "what was long ago does not count");
    breaker.note(false);
    assert.equal(breaker.admits(), false, "neither does what went well then");
  });

  it("admits another trial when the first one was dropped", () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (let i = 0; i < 20; i++) breaker.note(false);
    now = 2_000;
    assert.equal(breaker.admits(), true);
    breaker.drop();
    assert.equal(breaker.admits(), true);
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
}
async function clientOf(count: number, others: readonly string[] = []): Promise<Peers> {
  const ports = await Promise.all(Array.from({ length: count }, start));
  const registry = staticRegistry({ peer: [...ports.map((port) => `127.0.0.1:${port}`), ...others] });
  clients = new RpcClients({
    registry,
    lock: peerLock,
    secret: peerSecret,
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
