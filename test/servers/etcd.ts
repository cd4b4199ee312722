import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

/** An etcd server of one member, on loopback. */
export interface Etcd extends AsyncDisposable {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Deletes what it has stored, while it is down. */
  wipe(): Promise<void>;
  /** Stops it from answering, with its connections open, until `resume`. */
  pause(): void;
  resume(): void;
  /** Asks its JSON gateway. */
  ask(path: string, body: object): Promise<Record<string, unknown>>;
}

export async function startEtcd(): Promise<Etcd> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-etcd-"));
  const [port = 0, peerPort = 0] = await freePorts(2);
  const program = ["/usr/bin/etcd", "/usr/local/bin/etcd"].find((path) => existsSync(path));
  assert.ok(program, "etcd is not installed");
  const url = `http://127.0.0.1:${port}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const options = {
    "--name": "one",
    "--data-dir": join(folder, "data"),
    "--listen-client-urls": url,
    "--advertise-client-urls": url,
    "--listen-peer-urls": peerUrl,
    "--initial-advertise-peer-urls": peerUrl,
    "--initial-cluster": `one=${peerUrl}`,
    "--log-level": "error",
  };
  let child: ChildProcess | undefined;
  const etcd: Etcd = {
    url,
    async kill() {
      if (child === undefined) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      child = undefined;
    },
    async start() {
      const args = Object.entries(options).map(([name, value]) => `${name}=${value}`);
      child = spawn(program, args, { stdio: "ignore" });
      await until(async () => {
        const health = await fetch(`${url}/health`).catch(() => undefined);
        return health?.ok === true;
      });
    },
    wipe: () => rm(join(folder, "data"), { recursive: true, force: true }),
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    async ask(path, body) {
      const answer = await fetch(url + path, { method: "POST", body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, unknown>; // An object, for every path of the gateway.
    },
    async [Symbol.asyncDispose]() {
      child?.kill("SIGCONT");
      await etcd.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await etcd.start();
  return etcd;
}
