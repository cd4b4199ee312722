import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { CertificateFolder, testAuthority } from "#kernel/certificates/testing";
import { programOf, samples } from "../../servers/gateway-samples.ts";

const run = promisify(execFile);

/** `rolling-stop.night.test.ts` sends requests through those that Debian has. */
describe("the samples of deploy/gateways", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-gateway-"));
    certificate = await CertificateFolder.issue(await testAuthority(), "kinora");
  });
  after(async () => {
    await certificate?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it("are read by nginx and HAProxy with their lines about TLS", async () => {
    assert.ok(certificate);
    const { cert, key } = certificate.files;
    const pem = join(folder, "kinora.pem");
    await writeFile(pem, (await readFile(cert, "utf8")) + (await readFile(key, "utf8")));
    const nginx = await copyOf("nginx.conf", {
      "/etc/nginx/tls/cert.pem": cert,
      "/etc/nginx/tls/key.pem": key,
      "/run/nginx.pid": join(folder, "nginx.pid"),
    });
    await run(programOf("nginx"), ["-t", "-e", "stderr", "-c", nginx]);
    const haproxy = await copyOf("haproxy.cfg", { "/etc/haproxy/tls/kinora.pem": pem });
    await run(programOf("haproxy"), ["-c", "-f", haproxy]);
  });

  it("are declarative configuration of Kong 3 that buffers nothing, repeats nothing and asks for /ready", async () => {
    const kong = await yaml("kong.yml");
    assert.equal(kong["_format_version"], "3.0");
    assert.partialDeepStrictEqual(kong["services"], [
      {
        host: "kinora",
        retries: 0,
        routes: [{ strip_path: false, preserve_host: true, request_buffering: false, response_buffering: false }],
      },
      { protocol: "tcp", port: 1935, routes: [{ protocols: ["tcp"], destinations: [{ port: 1935 }] }] },
    ]);
    assert.partialDeepStrictEqual(kong["upstreams"], [
      { name: "kinora", healthchecks: { active: { type: "http", http_path: "/ready" } }, targets: gateways("target") },
    ]);
    assert.equal(kong["plugins"], undefined);
  });

  it("are standalone configuration of APISIX with its end mark, WebSockets and no buffer", async () => {
    const apisix = await yaml("apisix.yaml");
    assert.match(await text("apisix.yaml"), /\n#END\n$/);
    assert.partialDeepStrictEqual(apisix["routes"], [
      {
        uri: "/*",
        enable_websocket: true,
        upstream_id: "kinora",
        plugins: {
          "proxy-control": { request_buffering: false },
          "proxy-buffering": { disable_proxy_buffering: true },
        },
      },
    ]);
    assert.partialDeepStrictEqual(apisix["upstreams"], [
      { id: "kinora", pass_host: "pass", retries: 0, checks: { active: { http_path: "/ready" } } },
    ]);
    assert.partialDeepStrictEqual(apisix["stream_routes"], [{ server_port: 1935 }]);
  });

  it("are files of Traefik 3 whose routers name its entry points and services", async () => {
    const { entryPoints, providers } = await yaml("traefik/traefik.yml");
    assert.deepEqual(Object.keys(entryPoints ?? {}), ["public", "rtmp"]);
    assert.partialDeepStrictEqual(providers, { file: { filename: "/etc/traefik/dynamic.yml" } });
    const { http, tcp } = await yaml("traefik/dynamic.yml");
    assert.partialDeepStrictEqual(http, {
      routers: { kinora: { entryPoints: ["public"], service: "kinora" } },
      services: { kinora: { loadBalancer: { passHostHeader: true, healthCheck: { path: "/ready" } } } },
    });
    assert.partialDeepStrictEqual(tcp, { routers: { rtmp: { entryPoints: ["rtmp"], service: "rtmp" } } });
  });

  it("name the setting for the client's address, and limit no requests", async () => {
    for (const name of ["nginx.conf", "haproxy.cfg", "traefik/dynamic.yml", "kong.yml", "apisix.yaml"]) {
      const sample = await text(name);
      assert.match(sample, /KINORA_TRUSTED_PROXIES/, name);
      assert.doesNotMatch(sample, /limit_req|limit_conn|rate-limiting|limit-count|stick-table|rateLimit:/, name);
    }
  });
});

let folder = "";
let certificate: CertificateFolder | undefined;

const gateways = (key: string) => ["10.0.0.11:9090", "10.0.0.12:9090"].map((address) => ({ [key]: address }));
const text = (name: string): Promise<string> => readFile(join(samples, name), "utf8");
const yaml = async (name: string) => parse(await text(name)) as Readonly<Record<string, object | string | undefined>>; // Compared above.

async function copyOf(name: string, replaced: Readonly<Record<string, string>>): Promise<string> {
  const file = join(folder, name);
  const changed = Object.entries(replaced).reduce(
    (sample, [from, to]) => sample.replaceAll(from, to),
    await text(name),
  );
  await writeFile(file, changed);
  return file;
}
