import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Histogram, Registry } from "prom-client";
import { createPrometheusMetrics } from "./prometheus.ts";

describe("metrics", () => {
  it("count by labels, and are exported in the text format of Prometheus", async () => {
    const metrics = createPrometheusMetrics();
    const served = metrics.counter("served_total", "answers", ["service", "status"]);
    served.add(1, { service: "video", status: "200" });
    served.add(2, { service: "video", status: "200" });
    metrics.counter("served_total", "answers", ["service", "status"]).add(1, { service: "user", status: "404" });
    const { body } = await metrics.text();
    assert.match(body, /^# HELP served_total answers\n# TYPE served_total counter$/m);
    assert.match(body, /^served_total\{service="video",status="200"\} 3$/m);
    assert.match(body, /^served_total\{service="user",status="404"\} 1$/m);
  });

  it("put every value into the same histogram bucket as the library", async () => {
    const bounds = [0.1, 1, 5];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(-1, 0, 0.1, 0.10001, 1, 2, 5, 5.5, 1e9)), async (values) => {
        const metrics = createPrometheusMetrics();
        const ours = metrics.histogram("took_seconds", "time", ["service"], bounds);
        const register = new Registry();
        const library = { name: "took_seconds", help: "time", labelNames: ["service"], buckets: bounds };
        const theirs = new Histogram({ ...library, registers: [register] });
        for (const value of values) {
          ours.observe(value, { service: "video" });
          theirs.observe({ service: "video" }, value);
        }
        const lines = (text: string) =>
          text
            .split("\n")
            .filter((line) => line.startsWith("took_seconds"))
            .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => labels.split(",").toSorted().join()))
            .toSorted();
        assert.deepEqual(lines((await metrics.text()).body), lines(await register.metrics()));
      }),
      { numRuns: 30 },
    );
  });

  it("are named by their kinds, as linters of metrics demand, with those of the process", async () => {
    const metrics = createPrometheusMetrics();
    metrics.counter("served_total", "answers");
    await metrics.text();
    const { body } = await metrics.text();
    const kinds = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    assert.ok(kinds.length > 20);
    for (const [, name = "", kind] of kinds) {
      assert.equal(name.endsWith("_total"), kind === "counter", `${name} is a ${kind}`);
      assert.match(body, new RegExp(`^# HELP ${name} \\S`, "m"));
    }
  });

  it("refuse labels that were not declared", () => {
    const counter = createPrometheusMetrics().counter("x_total", "x", ["service"]);
    assert.throws(() => counter.add(1, { user: "7" }), /no label user/);
  });
});
