import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

/** A NATS server with JetStream, on loopback. */
export interface Nats extends AsyncDisposable {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Deletes what it has stored, while it is down. */
  wipe(): Promise<void>;
}

export async function startNats(): Promise<Nats> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-nats-"));
  const [port = 0] = await freePorts(1);
  const program = ["/usr/sbin/nats-server", "/usr/bin/nats-server"].find((path) => existsSync(path));
  assert.ok(program, "nats-server is not installed");
  let child: ChildProcess | undefined;
  const nats: Nats = {
    url: `nats://127.0.0.1:${port}`,
    async kill() {
      if (child === undefined) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      child = undefined;
    },
    async start() {
      child = spawn(program, ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", join(folder, "store")], {
        stdio: "ignore",
      });
      await until(() => accepts(port));
    },
    wipe: () => rm(join(folder, "store"), { recursive: true, force: true }),
    async [Symbol.asyncDispose]() {
      await nats.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await nats.start();
  return nats;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
