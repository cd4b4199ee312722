import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse, parseAllDocuments, stringify } from "yaml";
import { z } from "zod";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { CertificateFolder, testAuthority } from "#kernel/certificates/testing";

const samples = join(import.meta.dirname, "../../deploy/prometheus");
const rules = "kinora.rules.yml";
const monitor = "service-monitor.yml";

/**
 * Debian builds Prometheus without these. The rest of their samples is checked with a static list in their place, and
 * the discovery by the fields of Prometheus' documentation.
 */
const discovery = {
  consul: {
    config: "consul_sd_configs",
    schema: z.strictObject({ server: z.string().regex(/^[\w.-]+:\d+$/), tags: z.array(z.string()) }),
  },
  kubernetes: {
    config: "kubernetes_sd_configs",
    schema: z.strictObject({
      role: z.enum(["node", "service", "pod", "endpoints", "endpointslice", "ingress"]),
      namespaces: z.strictObject({ names: z.array(z.string()) }),
      selectors: z.array(z.strictObject({ role: z.literal("pod"), label: z.string() })),
    }),
  },
} as const;

describe("the samples for Prometheus", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-prometheus-"));
    await cp(samples, folder, { recursive: true });
    const token = join(folder, "token");
    await writeFile(token, "token");
    // Prometheus looks for the file of the token.
    for (const name of await configurations()) {
      const text = await readFile(join(folder, name), "utf8");
      assert.match(text, /\/etc\/prometheus\/kinora-token/);
      const document = parse(text.replaceAll("/etc/prometheus/kinora-token", token)) as Configuration; // Checked below.
      for (const { config } of Object.values(discovery)) if (takeDiscovery(document, config)) addStatic(document);
      await writeFile(join(folder, name), stringify(document));
    }
  });
  after(() => rm(folder, { recursive: true }));

  it("are valid configurations, with the rules that they name", async () => {
    const names = await configurations();
    assert.deepEqual(names, ["consul.yml", "dns.yml", "kubernetes.yml", "static.yml"]);
    for (const name of names) {
      const { status, text } = promtool("check", "config", name);
      assert.equal(status, 0, text);
      assert.match(text, /SUCCESS: \S+ is valid prometheus config file syntax/);
      assert.match(text, /5 rules found/);
    }
  });

  for (const [name, { config, schema }] of Object.entries(discovery))
    it(`discover processes in ${name} by fields that Prometheus has`, async () => {
      const document = parse(await readFile(join(samples, `${name}.yml`), "utf8")) as Configuration; // Checked here.
      z.tuple([schema]).parse(takeDiscovery(document, config));
    });

  it("are refused by the same check with a field that does not exist", async () => {
    await writeFile(
      join(folder, "wrong"),
      (await readFile(join(folder, "static.yml"), "utf8")).replace("job_", "jobs_"),
    );
    assert.equal(promtool("check", "config", "wrong").status, 1);
  });

  it("alert by metrics that exist", async () => {
    const text = await readFile(join(samples, rules), "utf8");
    await using certificates = await CertificateFolder.issue(await testAuthority());
    const metrics = createPrometheusMetrics();
    (await certificates.open()).measure(metrics);
    const { body } = await metrics.text();
    for (const name of text.match(/kinora_rpc_certificate_\w+/g) ?? [])
      assert.ok(body.includes(`# TYPE ${name} `), name);
    const guide = await readFile(join(import.meta.dirname, "../../docs/operate.md"), "utf8");
    for (const name of ["rpc_connections_refused_total", "event_lag"])
      assert.ok(text.includes(name) && guide.includes(name));
  });

  it("select for the Prometheus Operator a Service with the port of each pod", async () => {
    const documents = parseAllDocuments(await readFile(join(samples, monitor), "utf8"));
    const [service, serviceMonitor] = documents.map((document) => document.toJS() as Record<string, unknown>);
    assert.partialDeepStrictEqual(service, { apiVersion: "v1", kind: "Service" });
    const labels = { "app.kubernetes.io/name": "kinora-metrics" };
    assert.partialDeepStrictEqual(service, { metadata: { namespace: "kinora", labels } });
    assert.deepEqual(serviceMonitor, {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: "kinora", namespace: "kinora" },
      spec: {
        selector: { matchLabels: labels },
        endpoints: [
          {
            port: "http",
            path: "/metrics",
            interval: "15s",
            authorization: { credentials: { name: "kinora-metrics", key: "token" } },
          },
        ],
      },
    });
  });
});

interface Configuration {
  readonly scrape_configs: Record<string, unknown>[];
}

/** Removes the discovery of the only job. */
function takeDiscovery({ scrape_configs: [job = {}] }: Configuration, config: string): unknown {
  const { [config]: block } = job;
  delete job[config];
  return block;
}

function addStatic({ scrape_configs: [job = {}] }: Configuration): void {
  job["static_configs"] = [{ targets: ["127.0.0.1:8080"] }];
}

let folder = "";

const configurations = async (): Promise<string[]> =>
  (await readdir(samples)).filter((name) => name !== rules && name !== monitor).toSorted();

function promtool(...args: readonly string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync("promtool", args, { cwd: folder, encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
}
