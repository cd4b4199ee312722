import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { serviceDeregistered, serviceRegistered } from "#events/monitor";
import { streamingStarted, streamingStopped } from "#events/streaming";
import { contract, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { sql } from "kysely";
import type { z } from "zod";
import { type Labels, monitor, type Sample } from "./contract.ts";
import { monitorPlugin } from "./plugin.ts";

type Report = z.input<typeof monitor.methods.report.input>;

describe("the health of an installation", () => {
  before(async () => {
    await host.add(monitorPlugin);
    await host.add(neighbourPlugin);
  });
  beforeEach(async () => {
    await host.clear();
    published.length = 0;
    clockMs = startMs;
  });

  it("is ok while all processes report each minute that they are well", async () => {
    await report({ id: "a", services: ["gateway", "auth"] });
    await report({ id: "b", services: ["video"] });
    const { status, sinceMs, processes, components } = await health();
    assert.deepEqual([status, sinceMs], ["ok", startMs]);
    assert.deepEqual(
      processes.map(({ id, state, services }) => [id, state, services]),
      [
        ["a", "ready", ["gateway", "auth"]],
        ["b", "ready", ["video"]],
      ],
    );
    assert.deepEqual(components, [
      { name: "database", kind: "database", state: "ok", message: "", latencyMs: 1.5, sinceMs: startMs },
    ]);
  });

  it("is degraded from the third missed report of a process on, which is away, and ok when it is back", async () => {
    await report({ id: "a" });
    await report({ id: "b", services: ["video"] });
    clockMs += 180_000;
    await report({ id: "a" });
    assert.equal((await health()).status, "ok");
    clockMs += 1;
    await report({ id: "a" });
    const { status, sinceMs, processes } = await health();
    assert.deepEqual([status, sinceMs, processes.map(({ state }) => state)], ["degraded", clockMs, ["ready", "away"]]);
    clockMs += 5_000;
    await report({ id: "b", services: ["video"] });
    assert.deepEqual([(await health()).status, (await health()).sinceMs], ["ok", clockMs]);
  });

  it("is down since the last process with a gateway is away, also where no process reports that", async () => {
    await report({ id: "a" });
    clockMs += 200_000;
    await host.tick("monitor.watch");
    const sinceMs = clockMs;
    clockMs += 60_000;
    await host.tick("monitor.watch");
    const seen = await health();
    assert.deepEqual([seen.status, seen.sinceMs], ["down", sinceMs]);
    clockMs += 3_600_000;
    await host.tick("monitor.watch");
    assert.deepEqual((await health()).processes, []);
  });

  it("shows a component as the process has it that has it worst, since when it is so", async () => {
    await report({ id: "a", components: [storage("ok")] });
    clockMs += 60_000;
    await report({ id: "b", services: ["video"], components: [storage("down", "no such bucket")] });
    clockMs += 60_000;
    await report({ id: "b", services: ["video"], components: [storage("down", "no such bucket, still")] });
    const { status, components } = await health();
    assert.equal(status, "degraded");
    assert.deepEqual(components, [{ ...storage("down", "no such bucket, still"), sinceMs: startMs + 60_000 }]);
    await report({ id: "a", components: [storage("down")] });
    assert.equal((await health()).status, "down");
  });

  it("distinguishes a service that cannot be reached from a part of its name", async () => {
    const service = { ...storage("down", "no process"), name: "cache", kind: "service" as const };
    const part = { ...storage("ok"), name: "cache", kind: "cache" as const };
    await report({ id: "a", components: [part, service] });
    assert.deepEqual(
      (await health()).components.map(({ kind, state }) => [kind, state]),
      [
        ["service", "down"],
        ["cache", "ok"],
      ],
    );
  });

  it("leaves out a process that stopped, but not one that started under its name since", async () => {
    await report({ id: "a" });
    await report({ id: "b", services: ["video"], startedAtMs: 2 });
    await report({ id: "b", services: ["video"], startedAtMs: 1, state: "closed" });
    assert.equal((await health()).processes.length, 2);
    await report({ id: "b", services: ["video"], startedAtMs: 2, state: "closed" });
    assert.deepEqual([(await health()).processes.length, (await health()).status], [1, "ok"]);
  });

  it("lists and publishes which processes appeared and disappeared, an absent one once", async () => {
    await report({ id: "a" });
    await report({ id: "a" });
    await report({ id: "b", services: ["video", "user"], startedAtMs: 1 });
    await report({ id: "b", services: ["video"], startedAtMs: 2, version: "0.0.1" });
    await report({ id: "b", services: ["video"], startedAtMs: 2, state: "closed" });
    clockMs += 180_001;
    for (const _ of [1, 2]) await host.tick("monitor.watch");
    await report({ id: "a" });
    const { changes } = await health();
    assert.deepEqual(
      changes.map(({ change, process, version, services }) => [change, process, version, services.join()]),
      [
        ["registered", "a", "0.0.0", "gateway"],
        ["away", "a", "0.0.0", "gateway"],
        ["stopped", "b", "0.0.1", "video"],
        ["registered", "b", "0.0.1", "video"],
        ["replaced", "b", "0.0.0", "video,user"],
        ["registered", "b", "0.0.0", "video,user"],
        ["registered", "a", "0.0.0", "gateway"],
      ],
    );
    await host.drain();
    assert.deepEqual(published, [
      "gateway of a registered",
      "video of b registered",
      "user of b registered",
      "video of b replaced",
      "user of b replaced",
      "video of b registered",
      "video of b stopped",
      "gateway of a away",
      "gateway of a registered",
    ]);
    clockMs += 8 * dayMs;
    await host.tick("monitor.upkeep");
    assert.deepEqual((await health()).changes, []);
  });

  it("is for moderators and administrators, and series are for administrators alone", async () => {
    assert.equal((await client.health({}, callOf(1, { role: "moderator" }))).status, "down");
    await assert.rejects(client.health({}, callOf(1)), { kind: "denied" });
    await assert.rejects(client.metrics({ name: ["process_cpu"] }, callOf(1, { role: "moderator" })), {
      kind: "denied",
    });
  });
});

describe("series of metrics", () => {
  before(() => host.add(monitorPlugin).catch(() => undefined));
  beforeEach(async () => {
    await host.clear();
    clockMs = startMs;
  });
  after(() => host[Symbol.asyncDispose]());

  it("add what counters grew in a minute and step, over all processes", async () => {
    const requests = (value: number) => sample("http_requests_total", value, { service: "auth", status: "2xx" });
    await report({ id: "a", samples: [requests(3)] });
    await report({ id: "a", samples: [requests(2)] });
    await report({ id: "b", samples: [requests(10)] });
    clockMs += 60_000;
    await report({ id: "a", samples: [requests(7)] });
    const [series, ...others] = await seriesOf(["http_requests_total"], { step: 60 });
    assert.deepEqual(others, []);
    assert.deepEqual(series, {
      name: "http_requests_total",
      labels: { service: "auth", status: "2xx" },
      points: [
        [startMs / 1_000, 15],
        [startMs / 1_000 + 60, 7],
      ],
    });
    const [hour] = await seriesOf(["http_requests_total"], { step: 3_600 });
    assert.deepEqual(hour?.points, [[startMs / 1_000, 22]]);
  });

  it("average gauges within a step, and add, compare or name those of processes", async () => {
    for (const value of [1, 3]) {
      const both = [sample("db_pool_in_use", value, { service: "auth" }), sample("process_cpu", value)];
      await report({ id: "a", samples: [...both, sample("event_lag", value, { service: "auth" })] });
      await report({ id: "b", samples: [...both, sample("event_lag", 9, { service: "auth" })] });
      clockMs += 60_000;
    }
    const series = await seriesOf(["db_pool_in_use", "event_lag", "process_cpu"], { step: 120 });
    assert.deepEqual(
      series.map(({ name, labels, points }) => [name, labels, points[0]?.[1]]),
      [
        ["db_pool_in_use", { service: "auth" }, 4],
        ["event_lag", { service: "auth" }, 9],
        ["process_cpu", { process: "a" }, 2],
        ["process_cpu", { process: "b" }, 2],
      ],
    );
  });

  it("of durations are their mean, weighed by how many there were", async () => {
    const took = (sum: number, count: number) => [
      sample("rpc_request_duration_seconds_sum", sum, { service: "auth" }),
      sample("rpc_request_duration_seconds_count", count, { service: "auth" }),
    ];
    await report({ id: "a", samples: took(1, 1) });
    await report({ id: "b", samples: took(0.9, 9) });
    clockMs += 60_000;
    await report({ id: "a", samples: took(0, 0) });
    const [series] = await seriesOf(["rpc_request_duration_seconds"], { step: 60 });
    assert.deepEqual(series?.points, [[startMs / 1_000, 0.19]]);
  });

  it("can be of one service, and are none for a metric that is not stored", async () => {
    await report({
      samples: [
        sample("events_published_total", 1, { service: "auth" }),
        sample("events_published_total", 1, { service: "user" }),
        sample("events_consumed_total", 1, { consumer: "auth", result: "applied" }),
        sample("nosuch", 1),
      ],
    });
    const series = await seriesOf(["events_published_total", "events_consumed_total", "nosuch"], { service: "auth" });
    assert.deepEqual(
      series.map(({ labels }) => labels),
      [{ service: "auth" }, { consumer: "auth", result: "applied" }],
    );
    const { rows } = await sql`SELECT FROM monitor.minutes WHERE name = 'nosuch'`.execute(host.database("monitor"));
    assert.equal(rows.length, 0);
  });

  it("are by minutes for seven days, and by hours for ninety", async () => {
    const measure = (value: number) =>
      report({ samples: [sample("upload_bytes_total", value), sample("process_cpu", value)] });
    for (const value of [1, 3]) {
      await measure(value);
      clockMs += 60_000;
    }
    clockMs += 3_600_000;
    await host.tick("monitor.upkeep");
    await measure(5);
    const names = ["upload_bytes_total", "process_cpu"];
    const hoursOf = async () =>
      (await seriesOf(names, { step: 3_600, fromMs: startMs })).map(({ points }) => points.map(([, value]) => value));
    const byHours = [
      [4, 5],
      [2, 5],
    ];
    assert.deepEqual(await hoursOf(), byHours);
    // Again, it changes nothing.
    await host.tick("monitor.upkeep");
    assert.deepEqual(await hoursOf(), byHours);
    clockMs += 8 * dayMs;
    await host.tick("monitor.upkeep");
    assert.deepEqual(await hoursOf(), byHours);
    const { rows } = await sql`SELECT FROM monitor.minutes`.execute(host.database("monitor"));
    assert.equal(rows.length, 0);
    clockMs += 84 * dayMs;
    await host.tick("monitor.upkeep");
    const { rows: hours } = await sql`SELECT FROM monitor.hours`.execute(host.database("monitor"));
    assert.equal(hours.length, 0);
  });

  it("refuse times and steps that they do not have, and more points than an answer has", async () => {
    const ask = (span: Span) => seriesOf(["http_requests_total"], span);
    await assert.rejects(ask({ fromMs: startMs, toMs: startMs }), { code: "monitor.bad_time", http: 400 });
    await assert.rejects(ask({ fromMs: startMs - 92 * dayMs }), { code: "monitor.bad_time" });
    await assert.rejects(ask({ step: 90 }), { code: "monitor.bad_step" });
    await assert.rejects(ask({ fromMs: startMs - 8 * dayMs, step: 60 }), { code: "monitor.bad_step" });
    await assert.rejects(ask({ step: 59 }), { kind: "invalid" });
    const labels = (n: number): Labels => ({ service: `s${n}`, status: "2xx" });
    const samples = Array.from({ length: 100 }, (_, n) => sample("http_requests_total", 1, labels(n)));
    await report({ samples });
    await sql`UPDATE monitor.minutes SET points = array_fill(1::float8, ARRAY[60])`.execute(host.database("monitor"));
    await sql`INSERT INTO monitor.minutes SELECT hour - n, name, labels, process, is_gauge, points
              FROM monitor.minutes, generate_series(1, 9) AS n`.execute(host.database("monitor"));
    await assert.rejects(ask({ step: 60 }), { code: "monitor.too_many_points", details: { max: 50_000 } });
    assert.equal((await ask({ step: 120 })).length, 100);
  });

  it("count viewers who began and stopped to watch, by the events of the streaming service", async () => {
    const viewing = { contentId: 7, startedAtMs: clockMs };
    await neighbour?.db.tx(async (tx) => {
      for (const viewingId of [1, 2, 3]) await neighbour?.emit(tx, streamingStarted, 7, { viewingId, ...viewing });
      await neighbour?.emit(tx, streamingStopped, 7, { viewingId: 1, ...viewing, stoppedAtMs: clockMs });
    });
    await host.drain();
    const series = await seriesOf(["streaming_started_total", "streaming_stopped_total"], { step: 60 });
    assert.deepEqual(
      series.map(({ points }) => points),
      [[[startMs / 1_000, 3]], [[startMs / 1_000, 1]]],
    );
  });

  it("have a bounded number of rows for each process, hour and day", async () => {
    const samples = Array.from({ length: 501 }, (_, n) => sample("upload_bytes_total", n));
    await assert.rejects(report({ samples }), { kind: "invalid" });
  });
});

interface Span {
  readonly step?: number;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly service?: string;
}

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 10, 20, 12);
let clockMs = startMs;
const host = new TestHost({ environment: { now: () => clockMs } });
const client = host.client(monitor);
const admin = callOf(1, { role: "admin" });
const service = callOf(undefined, { caller: "test" });
const health = () => client.health({}, admin);
const seriesOf = async (name: string[], span: Span = {}) =>
  (await client.metrics({ name, toMs: clockMs + 60_000, ...span }, admin)).items;

let neighbour: Host | undefined;
const published: string[] = [];
const neighbourPlugin = plugin({
  contract: contract("neighbour", 1, {}),
  needs: [],
  migrations: [],
  events: [streamingStarted, streamingStopped],
  start(own: Host) {
    neighbour = own;
    return {
      handlers: {},
      subscriptions: [
        on(serviceRegistered, async (_, { name, process }) => void published.push(`${name} of ${process} registered`)),
        on(
          serviceDeregistered,
          async (_, { name, process, reason }) => void published.push(`${name} of ${process} ${reason}`),
        ),
      ],
    };
  },
});

const storage = (state: "ok" | "down", message = "") => ({
  name: "storage",
  kind: "storage" as const,
  state,
  message,
  latencyMs: null,
});
const sample = (name: string, value: number, labels: Labels = {}): Sample => ({ name, labels, value });

const report = (parts: Partial<Report> = {}) =>
  client.report(
    {
      id: "a",
      host: "host",
      version: "0.0.0",
      services: ["gateway"],
      startedAtMs: 1,
      state: "ready",
      cpu: 0.1,
      memoryBytes: 1_000,
      connections: 2,
      eventLoopLagMs: 0.5,
      components: [{ name: "database", kind: "database", state: "ok", message: "", latencyMs: 1.5 }],
      samples: [],
      ...parts,
    },
    service,
  );
