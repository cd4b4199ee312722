import { fork } from "node:child_process";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { startPostgres } from "#kernel/postgres/postgres";
import { pauseMsOf } from "../../src/gateway/live/room/batch-pace.ts";
import { Rooms } from "../../src/gateway/live/room/testing.ts";
import type { ClientCounts, ClientTask } from "./live-chat-clients.ts";
import { record } from "../record.ts";
import { countsOf, reportOf } from "./reports.ts";

/*
 * The chat of one room, with the whole server in this process and the viewers in another: all services, the database, the
 * gateway and its sockets. First as our own clients read it, one frame for all messages of a while; then, with fewer viewers, a frame for each
 * message as it comes, which is what a chat that does not coalesce sends.
 */
const [viewers, perSecond, perToken, sampled, seconds, tickMs] = [5_000, 200, 19, 20, 15, 250] as const;
/** Between two frames to each viewer. */
const frameMs = Math.max(tickMs, pauseMsOf(viewers));
const [controlViewers, idleViewers] = [400, 10_000] as const;
/** Until all of it is compiled. */
const warmUpMs = 20_000;
const [shareGoal, gainGoal] = [0.25, 10] as const;

interface Load {
  readonly viewers: number;
  readonly speakers: number;
  /** Milliseconds for which messages are gathered. */
  readonly tick: number;
  /** `&v=2` for one frame a tick. */
  readonly query: string;
}
interface Measured {
  /** CPU seconds of the server in a second. */
  readonly share: number;
  /** Messages that reached a socket in a second. */
  readonly deliveries: number;
  readonly perCpuSecond: number;
  readonly megabytes: number;
  readonly disordered: number;
  /** Bytes that the server grew by for each socket. */
  readonly bytesPerSocket: number;
}

async function measure({ viewers: count, speakers, tick, query }: Load): Promise<Measured> {
  const rooms = new Rooms(6_000, { tickMs: tick });
  await rooms.open();
  const users = Math.max(speakers, Math.ceil(count / perToken) + 1);
  const accounts = [];
  for (let n = 0; n < users; n++) accounts.push(await rooms.platform.join());
  const [owner] = accounts;
  if (!owner) throw new Error("there is no owner");
  const liveId = await rooms.live(owner);
  const clients = fork(join(import.meta.dirname, "live-chat-clients.ts"));
  try {
    globalThis.gc?.();
    const empty = process.memoryUsage.rss();
    const task: ClientTask = {
      port: rooms.port,
      liveId,
      tokens: accounts.map(({ token }) => token),
      sockets: count,
      perToken: Math.min(perToken, Math.ceil(count / users) + 1),
      speakers,
      sampled,
      query,
    };
    clients.send(task);
    await reportOf(clients);
    await pause(warmUpMs);
    const [before, cpu, at] = [await countsOf<ClientCounts>(clients), process.cpuUsage(), performance.now()];
    await pause(seconds * 1_000);
    const [after, used, tookMs] = [
      await countsOf<ClientCounts>(clients),
      process.cpuUsage(cpu),
      performance.now() - at,
    ];
    const [cpuSeconds, wallSeconds] = [(used.user + used.system) / 1_000_000, tookMs / 1_000];
    const deliveries = ((after.sampled - before.sampled) / sampled) * count;
    return {
      share: cpuSeconds / wallSeconds,
      deliveries: deliveries / wallSeconds,
      perCpuSecond: deliveries / cpuSeconds,
      megabytes: (after.bytes - before.bytes) / 1e6 / wallSeconds,
      disordered: after.disordered,
      bytesPerSocket: (process.memoryUsage.rss() - empty) / count,
    };
  } finally {
    clients.kill();
    await rooms.close();
  }
}

/** A server that writes as many bytes as often to as many sockets and does nothing else: what the system takes for that. */
async function bareWrites(count: number, frameBytes: number): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => sockets.delete(socket)).resume());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on a port.
  const frame = Buffer.alloc(frameBytes, 0x78);
  const timer = setInterval(() => {
    for (const socket of sockets) socket.write(frame);
  }, frameMs);
  const clients = fork(join(import.meta.dirname, "live-chat-clients.ts"));
  try {
    const task: ClientTask = {
      port,
      liveId: 0,
      tokens: [],
      sockets: count,
      perToken,
      speakers: 0,
      sampled: 0,
      query: "",
    };
    clients.send(task);
    await reportOf(clients);
    await pause(warmUpMs);
    const [cpu, at] = [process.cpuUsage(), performance.now()];
    await pause(seconds * 1_000);
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1_000 / (performance.now() - at);
  } finally {
    clearInterval(timer);
    clients.kill();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
const postgres = await startPostgres(folder);
process.env["KINORA_TEST_POSTGRES"] = postgres.socket;
try {
  // First, so that its memory is not what others left.
  const idle = await measure({ viewers: idleViewers, speakers: 0, tick: tickMs, query: "&v=2" });
  const coalesced = await measure({ viewers, speakers: perSecond, tick: tickMs, query: "&v=2" });
  const bareShare = await bareWrites(viewers, Math.round((coalesced.megabytes * 1e6 * frameMs) / 1_000 / viewers));
  const control = await measure({ viewers: controlViewers, speakers: perSecond, tick: 1, query: "" });
  const row = (name: string, { share, deliveries, perCpuSecond, megabytes }: Measured) =>
    `| ${name} | ${(share * 100).toFixed(1)} % | ${Math.round(deliveries / 1_000)}k | ${Math.round(perCpuSecond / 1_000)}k | ${megabytes.toFixed(0)} MB |`;
  const gain = coalesced.perCpuSecond / control.perCpuSecond;
  await record("live-chat", [
    `About ${perSecond} messages a second, whose writing and storing is in the figures; CPU of one core, of the server's process with all services and without its database.`,
    "",
    "| | CPU | deliveries a second | deliveries a CPU second | sent a second |",
    "|---|---|---|---|---|",
    row(`${viewers} sockets, a frame each ${frameMs} ms`, coalesced),
    row(`control: ${controlViewers} sockets, a frame for each message at once`, control),
    row(`${idleViewers} sockets, nobody writes`, idle),
    "",
    `- CPU of ${viewers} sockets: ${(coalesced.share * 100).toFixed(1)} % of a core; the goal is ${shareGoal * 100} %.`,
    `- Gain of frames for each tick: ${gain.toFixed(1)} times; the goal is ${gainGoal} times.`,
    `- Out of order on ${sampled} sockets that were checked: ${coalesced.disordered + control.disordered}.`,
    `- A server that does nothing but write so many bytes to so many sockets takes ${(bareShare * 100).toFixed(1)} %: on loopback the kernel does the work of the receiving side in the same call.`,
    `- Memory of an idle socket: ${(idle.bytesPerSocket / 1_024).toFixed(1)} KiB of the server's process.`,
  ]);
} finally {
  await postgres[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
}
