import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

/** HAProxy on loopback in front of servers that it asks for `/ready`. It repeats no request: a failed one is seen. */
export interface Haproxy extends AsyncDisposable {
  readonly url: string;
  /** The port of the balanced encoders; 0 where no server takes any. */
  readonly rtmpPort: number;
}

export interface BalancedServer {
  readonly url: string;
  readonly rtmpPort?: number | undefined;
}

export async function startHaproxy(servers: readonly BalancedServer[]): Promise<Haproxy> {
  const program = ["/usr/sbin/haproxy", "/usr/bin/haproxy"].find((path) => existsSync(path));
  assert.ok(program, "haproxy is not installed");
  const folder = await mkdtemp(join(tmpdir(), "kinora-haproxy-"));
  const isLive = servers.some(({ rtmpPort }) => rtmpPort !== undefined);
  const [port = 0, rtmpPort = 0] = await freePorts(isLive ? 2 : 1);
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, configuration(port, servers) + (isLive ? encoders(rtmpPort, servers) : ""));
  const child: ChildProcess = spawn(program, ["-f", file], { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/ping`).catch(() => undefined))?.ok === true);
  return {
    url,
    rtmpPort,
    async [Symbol.asyncDispose]() {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const configuration = (port: number, servers: readonly BalancedServer[]): string => `
defaults
  mode http
  retries 0
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 60s
  timeout check 30s
frontend public
  bind 127.0.0.1:${port}
  default_backend kinora
backend kinora
  balance roundrobin
  option httpchk GET /ready
  http-check expect status 200
  default-server check inter 300ms fall 1 rise 1
${servers.map(({ url }, at) => `  server s${at} 127.0.0.1:${new URL(url).port}`).join("\n")}
`;

/** Encoders go to a process that is ready by its HTTP port; a connection lasts as long as both want it. */
const encoders = (port: number, servers: readonly BalancedServer[]): string => `
listen encoders
  mode tcp
  bind 127.0.0.1:${port}
  timeout client 1h
  timeout server 1h
  option httpchk GET /ready
  http-check expect status 200
  default-server check inter 300ms fall 1 rise 1
${servers
  .map(({ url, rtmpPort = 0 }, at) => `  server e${at} 127.0.0.1:${rtmpPort} check port ${new URL(url).port}`)
  .join("\n")}
`;
