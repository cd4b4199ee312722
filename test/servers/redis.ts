import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";

/** A redis-server on loopback, with a folder of its own. */
export interface Redis extends AsyncDisposable {
  readonly url: string;
  /** Asks it for something, as `redis-cli` does. */
  ask(...command: readonly [string, ...string[]]): Promise<unknown>;
  /** Ends it as a crash does; what it did not write down is lost. */
  kill(): Promise<void>;
  /** Starts it again, at the same address and with the same folder. */
  start(): Promise<void>;
  /** It accepts connections and answers nothing, until it is resumed. */
  pause(): void;
  resume(): void;
}

export async function startRedis(): Promise<Redis> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-redis-"));
  const [port = 0] = await freePorts(1);
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const redis: Redis = {
    url,
    async ask(...command) {
      const client = createClient({ url, socket: { reconnectStrategy: false } });
      client.on("error", () => undefined);
      await client.connect();
      try {
        return await client.sendCommand(command);
      } finally {
        client.destroy();
      }
    },
    async kill() {
      const dying = child;
      child = undefined;
      if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null) return;
      dying.kill("SIGKILL");
      await once(dying, "exit");
    },
    async start() {
      const args = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, "--save", "", "--appendonly", "no"];
      const started = spawn("redis-server", args, { stdio: "ignore" });
      child = started;
      await until(() => {
        assert.equal(started.exitCode, null, "redis-server ended");
        // Another server may have taken the port meanwhile.
        return redis.ask("INFO", "server").then(
          (answer) => String(answer).includes(`process_id:${started.pid}\r`),
          () => false,
        );
      });
    },
    pause: () => void child?.kill("SIGSTOP"),
    resume: () => void child?.kill("SIGCONT"),
    async [Symbol.asyncDispose]() {
      await redis.kill();
      await rm(folder, { recursive: true });
    },
  };
  await redis.start();
  return redis;
}
