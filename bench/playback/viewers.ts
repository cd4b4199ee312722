import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent, get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Instance } from "../../test/instance/instance.ts";
import { percentile } from "../../test/fault/crash/crash-loop.ts";
import { databasePid } from "../../test/instance/database-server.ts";
import { unlimited } from "../../test/instance/folders.ts";
import { Person } from "../../test/users/person.ts";
import { processTree } from "../../test/process/process-tree.ts";
import { settled } from "../../test/instance/tables.ts";
import { Writers } from "../../test/users/writers.ts";
import { until } from "../../test/until.ts";
import { makeClip } from "./clip.ts";
import { record } from "../record.ts";

/*
 * Many viewers of one video, each with a connection of its own and a segment every four seconds. Requests of the API
 * run beside them at a steady rate. Then the same while the database server is killed three times. The client is on the
 * same machine, so a server alone can do more.
 */
const viewers = Number(process.argv[2] ?? 1_000);
const seconds = Number(process.argv[3] ?? 180);
const requestsPerSecond = 200;
const segmentEveryMs = 4_000;
/** A viewer begins anew after so many segments, and asks for the playlists again. */
const segmentsOfVisit = 10;
/** A player that was refused asks again. */
const againMs = 1_000;
const patienceMs = 30_000;
const kills = 3;

interface Tally {
  /** Requests by their status; 0 has no answer, or only a part of one. */
  readonly statuses: Map<number, number>;
  readonly ms: number[];
  timeouts: number;
}
const newTally = (): Tally => ({ statuses: new Map(), ms: [], timeouts: 0 });

const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
await using instance = await Instance.start({ env: { ...unlimited, KINORA_LOG_LEVEL: "error" } });
const author = new Person(instance.url);
await author.signUp();
const { data: file } = await author.upload(await readFile(makeClip(folder, 4)));
const { data: video } = await author.ask("POST", "/videos", { body: { title: "Watched", media_id: file["id"] } });
const path = `/videos/${Number(video["id"])}`;
await until(async () => (await author.get(path))["status"] === 1);
await settled(instance, 540_000);
const master = new URL(String((await author.get(path))["hls_url"]), instance.url).href;
const paths = ["/recommend/feed?limit=20", path, `${path}/comments`, "/search/videos?q=watched", "/users/me"];

const beforeMiB = await residentMiB();
const quiet = await phase(seconds * 1_000);
const writers = await Writers.start(instance);
const disturbed = await phase((seconds * 1_000) / 2, async (isOver) => {
  for (let n = 0; n < kills && !isOver(); n++) {
    const killed = await until(() => databasePid(instance.data));
    process.kill(killed, "SIGKILL");
    await until(async () => ![undefined, killed].includes(await databasePid(instance.data)));
    await wait((seconds * 1_000) / 2 / (kills + 1));
  }
});
await writers.finish([503]);
const after = newTally();
for (const path of paths) await ask(`${instance.url}/api/v1${path}`, after, new Agent(), author.token);
await record("viewers", [
  `${viewers} viewers of one video, ${requestsPerSecond} requests a second of the API; then as long as half of it with ${kills} kills of the database server, beside three writers whose acknowledged writes were compared afterwards: all were there.`,
  "",
  "| phase | of | requests | answers | without an answer in 30 s | p50 | p99 | memory of all processes |",
  "|---|---|---|---|---|---|---|---|",
  ...rowsOf(`${seconds} s`, quiet),
  ...rowsOf(`${seconds / 2} s, ${kills} kills`, disturbed),
  "",
  `Before: ${beforeMiB} MiB. Requests after it: ${answersOf(after)}.`,
]);
await rm(folder, { recursive: true });

interface Phase {
  readonly playback: Tally;
  readonly api: Tally;
  readonly mostMiB: number;
}

async function phase(ms: number, beside?: (isOver: () => boolean) => Promise<void>): Promise<Phase> {
  const [playback, api] = [newTally(), newTally()];
  const endsAt = performance.now() + ms;
  const isOver = () => performance.now() > endsAt;
  let mostMiB = 0;
  const measuring = (async () => {
    for (; !isOver(); await wait(2_000)) mostMiB = Math.max(mostMiB, await residentMiB());
  })();
  const watching = Array.from({ length: viewers }, (_, n) => watch((n * segmentEveryMs) / viewers, isOver, playback));
  await Promise.all([...watching, request(isOver, api), measuring, beside?.(isOver)]);
  return { playback, api, mostMiB };
}

/** One viewer: playlists, then a segment at a time, as long as the phase. */
async function watch(startMs: number, isOver: () => boolean, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await wait(startMs);
  while (!isOver()) {
    const segments = await segmentsFor(tally, agent);
    for (let n = 0; n < segmentsOfVisit && !isOver(); n++) {
      const began = performance.now();
      const segment = segments[n % Math.max(1, segments.length)];
      if (!segment) break;
      await ask(segment.url, tally, agent, undefined, segment.range);
      await wait(Math.max(0, segmentEveryMs - (performance.now() - began)));
    }
    if (segments.length === 0) await wait(againMs);
  }
  agent.destroy();
}

async function segmentsFor(tally: Tally, agent: Agent): Promise<{ url: string; range: string }[]> {
  const playlists = (await ask(master, tally, agent)).split("\n").filter((line) => /^[^#].*m3u8/.test(line));
  const playlist = playlists.at(-1);
  if (playlist === undefined) return [];
  const at = new URL(playlist, master);
  const lines = (await ask(at.href, tally, agent)).split("\n");
  return lines.flatMap((line, n) => {
    const [, length, offset] = /^#EXT-X-BYTERANGE:(\d+)@(\d+)/.exec(line) ?? [];
    const uri = lines[n + 1];
    if (length === undefined || offset === undefined || uri === undefined) return [];
    return [{ url: new URL(uri, at).href, range: `bytes=${offset}-${Number(offset) + Number(length) - 1}` }];
  });
}

/** Requests at a steady rate, whether earlier ones were answered or not. */
async function request(isOver: () => boolean, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const requests: Promise<unknown>[] = [];
  const began = performance.now();
  for (let n = 0; !isOver(); n++) {
    const dueMs = began + (n * 1_000) / requestsPerSecond - performance.now();
    if (dueMs > 1) await wait(dueMs);
    requests.push(ask(`${instance.url}/api/v1${paths[n % paths.length]}`, tally, agent, author.token));
  }
  await Promise.all(requests);
  agent.destroy();
}

/** Yields the body of an answer of 200 or 206; every answer is tallied. */
function ask(url: string, tally: Tally, agent: Agent, token?: string, range?: string): Promise<string> {
  const began = performance.now();
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(range && { range }) };
  return new Promise((resolve) => {
    let isAnswered = false;
    const end = (status: number, body = "") => {
      if (isAnswered) return;
      isAnswered = true;
      tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
      tally.ms.push(performance.now() - began);
      resolve(body);
    };
    const asking = get(url, { agent, headers, signal: AbortSignal.timeout(patienceMs) }, (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      const isText = range === undefined;
      answer.on("data", (chunk: Buffer) => isText && chunks.push(chunk));
      answer.on("error", () => undefined);
      answer.on("close", () => {
        const status = answer.complete ? (answer.statusCode ?? 0) : 0;
        end(status, status === 200 ? Buffer.concat(chunks).toString() : "");
      });
    });
    asking.on("error", (error) => {
      if (error.name === "TimeoutError" || error.name === "AbortError") tally.timeouts += 1;
      end(0);
    });
  });
}

async function residentMiB(): Promise<number> {
  const sizes = processTree(instance.pid).map(async ({ pid }) => {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  });
  return Math.round((await Promise.all(sizes)).reduce((sum, kiB) => sum + kiB, 0) / 1_024);
}

function rowsOf(name: string, { playback, api, mostMiB }: Phase): string[] {
  return [["playback", playback] as const, ["API", api] as const].map(([of, tally]) => {
    const ms = tally.ms.toSorted((a, b) => a - b);
    const [p50, p99] = [0.5, 0.99].map((part) => `${Math.round(percentile(ms, part))} ms`);
    return `| ${[name, of, ms.length, answersOf(tally), tally.timeouts, p50, p99, `≤ ${mostMiB} MiB`].join(" | ")} |`;
  });
}

function answersOf({ statuses }: Tally): string {
  const counts = [...statuses].toSorted(([a], [b]) => a - b);
  return counts.map(([status, count]) => `${count} × ${status || "cut"}`).join(", ");
}
