import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Instance } from "../../test/instance/instance.ts";
import { freePorts } from "../../test/ports.ts";
import { quiet } from "../quiet.ts";
import { median, ownCpuMs, record } from "../record.ts";

/*
 * The cost of a stranger at the port for encoders who sends messages without a payload, one byte each, with 1.7 MB/s: on
 * one connection, and on the next as soon as the server ends one. Meanwhile others ask for /ready.
 */
const seconds = 20;
const bytesPerSecond = 1_700_000;
const tickMs = 20;

interface Result {
  readonly cpuShare: number;
  readonly readyMs: number;
  readonly connections: number;
  readonly sentBytes: number;
}

const [rtmpPort = 0] = await freePorts(1);
await using instance = await Instance.start({
  flags: ["--rtmp-port", String(rtmpPort)],
  env: { KINORA_LOG_LEVEL: "error", KINORA_RATE_LIMIT: "off" },
});
await quiet();
const results = [
  ["nobody", await measure(async () => ({ connections: 0, sentBytes: 0 }))],
  ["a stranger on one connection", await measure(() => attack(1))],
  ["a stranger who comes again at once", await measure(() => attack(Number.POSITIVE_INFINITY))],
] as const;
await record("rtmp-strangers", [
  `${seconds} s each. CPU is that of the server's process alone.`,
  "",
  "| who | connections | bytes sent | of a core | `/ready`, median | goal |",
  "|---|---|---|---|---|---|",
  ...results.map(
    ([who, { connections, sentBytes, cpuShare, readyMs }], n) =>
      `| ${who} | ${connections} | ${sentBytes.toLocaleString("en")} | ${(cpuShare * 100).toFixed(1)} % | ${readyMs.toFixed(1)} ms | ${n === 1 ? "< 5 % more than for nobody" : ""} |`,
  ),
]);

async function measure(work: () => Promise<Pick<Result, "connections" | "sentBytes">>): Promise<Result> {
  const [beganMs, beforeMs] = [performance.now(), await ownCpuMs(instance.pid)];
  const readyMs: number[] = [];
  const ask = async () => {
    while (performance.now() - beganMs < seconds * 1_000) {
      const askedMs = performance.now();
      await (await fetch(`${instance.url}/ready`)).arrayBuffer();
      readyMs.push(performance.now() - askedMs);
      await wait(100);
    }
  };
  const [done] = await Promise.all([work(), ask()]);
  const cpuMs = (await ownCpuMs(instance.pid)) - beforeMs;
  return { ...done, cpuShare: cpuMs / (performance.now() - beganMs), readyMs: median(readyMs) };
}

/** Sends as much as the server takes, on so many connections at most, one after the other. */
async function attack(connectionsMax: number): Promise<Pick<Result, "connections" | "sentBytes">> {
  const endMs = performance.now() + seconds * 1_000;
  const messages = Buffer.alloc((bytesPerSecond * tickMs) / 1_000, 0xc3);
  let [connections, sentBytes] = [0, 0];
  let socket: Socket | undefined;
  while (performance.now() < endMs) {
    if ((socket === undefined || socket.closed || !socket.writable) && connections < connectionsMax) {
      connections += 1;
      socket = connect(rtmpPort, "127.0.0.1").on("error", () => undefined);
      await Promise.race([once(socket, "connect"), once(socket, "close")]);
      // The handshake, and one message of length 0 with a whole header, which the one byte of all others repeats.
      socket.write(Buffer.concat([Buffer.from([3]), randomBytes(2 * 1536)]));
      socket.write(Buffer.from([3, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0]));
      socket.resume();
    }
    if (socket?.writable && socket.writableLength < messages.length) {
      socket.write(messages);
      sentBytes += messages.length;
    }
    await wait(tickMs);
  }
  socket?.destroy();
  return { connections, sentBytes };
}
