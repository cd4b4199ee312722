import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

/** The folder of the samples that operators copy. */
export const samples = join(import.meta.dirname, "../../deploy/gateways");
export type Sample = "nginx" | "haproxy";
const files = { nginx: "nginx.conf", haproxy: "haproxy.cfg" };

/** A sample of `deploy/gateways` on loopback in front of two servers, without TLS. */
export interface RunningSample extends AsyncDisposable {
  readonly url: string;
  /** The step of an operator before a planned stop: nginx is reloaded without the server, HAProxy sees it by itself. */
  readonly leaveOut: (url: string) => Promise<void>;
  /** Undoes {@link leaveOut}. */
  readonly takeBack: () => Promise<void>;
}

/** A proxy that finds two addresses of a name would take a server for two. */
const hostOf = (url: string): string => `127.0.0.1:${new URL(url).port}`;

export async function startSample(sample: Sample, urls: readonly string[]): Promise<RunningSample> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-gateway-"));
  const [port = 0, rtmpPort = 0] = await freePorts(2);
  const hosts = urls.map(hostOf);
  const text = Object.entries({
    "listen 443 ssl http2": `listen 127.0.0.1:${port}`,
    "bind :443 ssl crt /etc/haproxy/tls/kinora.pem alpn h2,http/1.1": `bind 127.0.0.1:${port}`,
    "listen 1935": `listen 127.0.0.1:${rtmpPort}`,
    "bind :1935": `bind 127.0.0.1:${rtmpPort}`,
    "/run/nginx.pid": join(folder, "nginx.pid"),
    "10.0.0.11:9090": hosts[0] ?? "",
    "10.0.0.12:9090": hosts[1] ?? "",
  }).reduce(
    (changed, [from, to]) => changed.replaceAll(from, to),
    await readFile(join(samples, files[sample]), "utf8"),
  );
  const file = join(folder, files[sample]);
  const whole = text.replaceAll(/^ *ssl_certificate.*$/gm, "");
  await writeFile(file, whole);
  const args = { nginx: ["-e", "stderr", "-g", "daemon off;", "-c", file], haproxy: ["-f", file] };
  const child = spawn(programOf(sample), args[sample], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const url = `http://127.0.0.1:${port}`;
  const isUp = async () => {
    assert.equal(child.exitCode, null, said);
    return (await fetch(`${url}/ping`).catch(() => undefined))?.ok === true;
  };
  await until(isUp, { waitMs: 20_000, said: () => said });
  async function reload(next: string): Promise<void> {
    if (sample !== "nginx") return;
    await writeFile(file, next);
    const workers = async () =>
      (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8")).trim().split(" ");
    const before = await workers();
    child.kill("SIGHUP");
    await until(async () => (await workers()).some((pid) => !before.includes(pid)));
  }

  return {
    url,
    leaveOut: (server) => reload(whole.replace(`server ${hostOf(server)} `, "$&down ")),
    takeBack: () => reload(whole),
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function programOf(sample: Sample): string {
  const program = [`/usr/sbin/${sample}`, `/usr/bin/${sample}`].find((path) => existsSync(path));
  assert.ok(program, `${sample} is not installed`);
  return program;
}
