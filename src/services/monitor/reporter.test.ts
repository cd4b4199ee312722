import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Client } from "#kernel";
import { KinoraError } from "#kernel/errors";
import { silentLog } from "#kernel/log/port";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { until } from "#test/until";
import type { z } from "zod";
import type { monitor } from "./contract.ts";
import { type Reporter, startReporting } from "./reporter.ts";
import { Sampler } from "./sampler.ts";

describe("the reports of a process", () => {
  beforeEach(() => {
    reports.length = 0;
    state = "starting";
    isAway = false;
  });
  afterEach(() => reporter?.stop());

  it("come at the start with samples, when its state changes without, and when it stops", async () => {
    reporter = start();
    await until(() => reports.length === 1);
    state = "ready";
    reporter.report();
    await until(() => reports.length === 2);
    await reporter.stop();
    assert.deepEqual(
      reports.map((report) => [report.state, report.samples.length > 0, report.components.length]),
      [
        ["starting", true, 1],
        ["ready", false, 1],
        ["closed", false, 0],
      ],
    );
    const [first] = reports;
    assert.ok(first);
    assert.ok(first.memoryBytes > 1_000_000 && first.cpu >= 0 && first.eventLoopLagMs >= 0);
    assert.deepEqual(first.services, ["gateway", "auth"]);
    assert.ok(first.samples.some(({ name, value }) => name === "process_memory_bytes" && value === first.memoryBytes));
  });

  it("fail nothing where the monitor service is away", async () => {
    isAway = true;
    reporter = start();
    await until(() => reports.length > 0);
    await reporter.stop();
  });

  it("take a second of a stop at most where the service does not answer", async () => {
    reporter = start();
    await until(() => reports.length === 1);
    isSilent = true;
    // The time limit of a call keeps no process alive.
    const waiting = setTimeout(() => undefined, 10_000);
    const beganMs = performance.now();
    await reporter.stop();
    clearTimeout(waiting);
    isSilent = false;
    assert.ok(performance.now() - beganMs < 5_000);
  });
});

describe("the samples of a process", () => {
  it("are the growth of counters by few labels, and the values of gauges", async () => {
    const metrics = createPrometheusMetrics();
    const requests = metrics.counter("http_requests_total", "requests", ["service", "method", "status"]);
    const seconds = metrics.histogram("http_request_duration_seconds", "time", ["service"], [1]);
    let inUse = 3;
    metrics.gauge("db_pool_in_use", "connections", ["service"], async () => [[inUse, { service: "auth" }]]);
    metrics.gauge("kinora_other", "not stored", [], async () => assert.fail("it is not read"));
    metrics.counter("kinora_other_total", "not stored").add();
    for (const status of ["200", "204", "404"]) requests.add(1, { service: "auth", method: "GET", status });
    seconds.observe(0.25, { service: "auth" });
    const sampler = new Sampler(metrics);
    assert.deepEqual(await sampler.read(), [
      { name: "http_requests_total", labels: { service: "auth", status: "2xx" }, value: 2 },
      { name: "http_requests_total", labels: { service: "auth", status: "4xx" }, value: 1 },
      { name: "http_request_duration_seconds_sum", labels: { service: "auth" }, value: 0.25 },
      { name: "http_request_duration_seconds_count", labels: { service: "auth" }, value: 1 },
      { name: "db_pool_in_use", labels: { service: "auth" }, value: 3 },
    ]);
    requests.add(5, { service: "auth", method: "POST", status: "200" });
    inUse = 1;
    assert.deepEqual(
      (await sampler.read()).map(({ value }) => value),
      [5, 0, 0, 0, 1],
    );
  });
});

type Report = z.output<typeof monitor.methods.report.input>;
let reporter: Reporter | undefined;
let state: "starting" | "ready" | "draining" = "starting";
let isAway = false;
let isSilent = false;
const reports: Report[] = [];

/** Only `report` is called. */
const client = {
  async report(report: Report, { signal }: { signal: AbortSignal }) {
    if (isSilent) await new Promise((_, reject) => signal.addEventListener("abort", reject));
    reports.push(report);
    if (isAway) throw new KinoraError({ kind: "unavailable", code: "test.away", message: "it is away" });
    return {};
  },
} as Pick<Client<typeof monitor>, "report">;

const start = () =>
  startReporting({
    client,
    metrics: createPrometheusMetrics(),
    instance: "test",
    version: "0.0.0",
    services: ["gateway", "auth"],
    state: () => state,
    components: async () => [{ name: "database", kind: "database", state: "ok", message: "", latencyMs: 1 }],
    lacks: () => "",
    log: silentLog,
  });
