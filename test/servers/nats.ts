import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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
  const name = basename(folder);
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
      const args = ["-a", "127.0.0.1", "-p", String(port), "-n", name, "-js", "-sd", join(folder, "store")];
      const started = spawn(program, args, { stdio: "ignore" });
      child = started;
      await until(() => {
        assert.equal(started.exitCode, null, "nats-server ended");
        return accepts(port, name);
      });
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

/** True if the server of this name is at the port: another one may have taken it meanwhile. */
function accepts(port: number, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    // A server begins with what it is.
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(bytes.toString().includes(`"server_name":"${name}"`));
    });
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  });
}
