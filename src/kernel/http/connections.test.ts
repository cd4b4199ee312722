import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Server } from "node:net";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { createPrometheusMetrics } from "../telemetry/prometheus.ts";
import { Connections } from "./connections.ts";
import { usualLimits } from "./limits.ts";

const limits = { ...usualLimits, checkMs: 2_000, answerMs: 60_000, bytesPerSecondMin: 1_024 };

describe("the comparison of connections with their limits", () => {
  beforeEach(() => {
    nowMs = 0;
    mock.timers.enable({ apis: ["setInterval"] });
    mock.method(performance, "now", () => nowMs);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  it("reads what waits for an idle connection ten times in `answerMs` at most", () => {
    const { connect, pass } = portOf();
    const idle = connect();
    pass(10 * limits.answerMs);
    assert.ok(idle.reads > 0 && idle.reads <= 100, `${idle.reads} reads`);
    assert.equal(idle.isDestroyed, false);
  });

  it("cuts a connection whose client reads nothing, however long it was idle before", () => {
    const { connect, pass } = portOf();
    for (const idleMs of [0, 3_000, 5_000, 200_000]) {
      const stalled = connect();
      pass(idleMs);
      stalled.waitingBytes = stalled.writtenBytes = 100_000;
      pass(limits.answerMs - limits.checkMs);
      assert.equal(stalled.isDestroyed, false, "it has its time");
      pass(limits.answerMs / 10 + 2 * limits.checkMs);
      assert.equal(stalled.isDestroyed, true, `after ${idleMs} ms`);
    }
  });

  it("keeps a slow client that reads more than the least, and cuts one that reads less", () => {
    const { connect, pass } = portOf();
    const [faster, slower] = [connect(), connect()];
    for (const client of [faster, slower]) client.waitingBytes = client.writtenBytes = 1_000_000;
    for (let n = 0; n < 150; n++) {
      pass(1_000);
      faster.waitingBytes -= 1_100;
      slower.waitingBytes -= 900;
    }
    assert.deepEqual([faster.isDestroyed, slower.isDestroyed], [false, true]);
  });
});

let nowMs = 0;

/** A connection as the kernel's handle describes it. */
class Client extends EventEmitter {
  readonly remoteAddress = "203.0.113.1";
  writtenBytes = 0;
  waitingBytes = 0;
  reads = 0;
  isDestroyed = false;
  readonly _handle: object;

  constructor() {
    super();
    const queue = () => {
      this.reads += 1;
      return this.waitingBytes;
    };
    const written = () => this.writtenBytes;
    this._handle = {
      get writeQueueSize() {
        return queue();
      },
      get bytesWritten() {
        return written();
      },
    };
  }
  destroy(): void {
    this.isDestroyed = true;
    this.emit("close");
  }
}

function portOf() {
  const server = new EventEmitter();
  const trustedProxies: string[] = [];
  // A server is what emits connections.
  const connections = new Connections(server as Server, {
    port: "public",
    limits,
    metrics: createPrometheusMetrics(),
    trustedProxies,
  });
  assert.ok(connections);
  return {
    connect: (): Client => {
      const client = new Client();
      server.emit("connection", client);
      return client;
    },
    /** Lets the time go on, comparison by comparison. */
    pass: (ms: number): void => {
      for (const endMs = nowMs + ms; nowMs < endMs; ) {
        nowMs += 1_000;
        mock.timers.tick(1_000);
      }
    },
  };
}
