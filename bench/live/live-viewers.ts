import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Instance } from "../../test/instance/instance.ts";
import { freePorts } from "../../test/ports.ts";
import { Client } from "../client.ts";
import { publishedRoom } from "./live-publisher.ts";
import type { ViewersCounts, ViewersTask } from "./live-viewers-clients.ts";
import { ownCpuMs, record } from "../record.ts";
import { countsOf, reportOf } from "./reports.ts";

/*
 * One stream and many viewers by Low-Latency HLS: what the server's process takes for them, beside what the stream takes
 * without any, and how often it renders a playlist. The viewers are on the same machine.
 */
const crowds = [0, 250, 500] as const;
const seconds = 20;
const kbps = 1_000;
const buildsGoal = 1.05;

interface Measured {
  readonly viewers: number;
  readonly share: number;
  readonly requests: number;
  readonly megabytes: number;
  readonly builds: number;
  readonly failures: number;
}

const [port] = await freePorts(1);
const env = { KINORA_RATE_LIMIT: "off", KINORA_LOG_LEVEL: "error", KINORA_LIVE_RUNGS: "0" };
await using instance = await Instance.start({ env, flags: ["--rtmp-port", String(port)] });
const client = new Client(instance.url);
await client.register("bench");
using room = await publishedRoom(client, { size: "640x360", kbps, seconds: 600 });
const path = `/api/v1/lives/${room.id}/hls/`;
// A process follows a stream once it was asked for it.
await (await fetch(`${instance.url}${path}master.m3u8`)).text();
const rows: Measured[] = [];
for (const viewers of crowds) rows.push(await measure(viewers));

const [none] = rows;
const perThousand = rows
  .slice(1)
  .map(({ viewers, share }) => ((share - (none?.share ?? 0)) * 1_000 * 100) / viewers)
  .map((percent) => `${percent.toFixed(0)} %`);
const worst = Math.max(...rows.slice(1).map(({ builds }) => builds));
await record("live-viewers", [
  `One stream of ${kbps} kbit/s with sound, in parts of about 0.25 s; ${seconds} s each; CPU of one core, of the server's process with all services and the ingest, without its database.`,
  "",
  "| viewers | CPU | requests a second | sent a second | playlists rendered per part | failures |",
  "|---|---|---|---|---|---|",
  ...rows.map(
    ({ viewers, share, requests, megabytes, builds, failures }) =>
      `| ${viewers} | ${(share * 100).toFixed(1)} % | ${Math.round(requests)} | ${megabytes.toFixed(1)} MB | ${viewers === 0 ? "–" : builds.toFixed(2)} | ${failures} |`,
  ),
  "",
  `- CPU for 1,000 viewers beyond that of the stream alone: ${perThousand.join(", ")} of a core.`,
  `- Playlists rendered per part: ${worst.toFixed(2)} at most; the goal is ${buildsGoal}.`,
]);

async function measure(viewers: number): Promise<Measured> {
  const clients = viewers === 0 ? undefined : fork(join(import.meta.dirname, "live-viewers-clients.ts"));
  try {
    if (clients !== undefined) {
      const task: ViewersTask = { port: Number(new URL(instance.url).port), path, viewers };
      const watching = reportOf(clients);
      clients.send(task);
      await watching;
    }
    await pause(3_000);
    const [before, cpu, read, at] = [
      await readCounters(),
      await ownCpuMs(instance.pid),
      await readBy(clients),
      performance.now(),
    ];
    await pause(seconds * 1_000);
    const [after, used, got] = [await readCounters(), await ownCpuMs(instance.pid), await readBy(clients)];
    const tookMs = performance.now() - at;
    return {
      viewers,
      share: (used - cpu) / tookMs,
      requests: ((got.requests - read.requests) * 1_000) / tookMs,
      megabytes: (got.bytes - read.bytes) / 1_000 / tookMs,
      builds: (after.built - before.built) / (after.parts - before.parts),
      failures: got.failures,
    };
  } finally {
    clients?.kill();
  }
}

/** The counters of the server. */
async function readCounters(): Promise<{ parts: number; built: number }> {
  const text = await (await fetch(`${instance.url}/metrics`)).text();
  // A counter that nothing was added to is not there yet.
  const valueOf = (name: string) => Number(new RegExp(`^kinora_${name} (\\S+)$`, "m").exec(text)?.[1] ?? 0);
  return { parts: valueOf("live_parts_total"), built: valueOf("live_playlists_built_total") };
}

async function readBy(clients: ChildProcess | undefined): Promise<ViewersCounts> {
  return clients === undefined ? { requests: 0, bytes: 0, failures: 0 } : countsOf(clients);
}
