import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { createIdGenerator } from "#kernel/ids/id";
import { startPostgres } from "#kernel/postgres/postgres";
import { record } from "../record.ts";
import { fillSocial } from "../social/social-fill.ts";
import { wholeServer } from "../server/whole-server.ts";

/*
 * Checks the arithmetic of docs/scaling.md by a simulation. It has the queue of a process at rising use, bytes
 * of rows, and the spread of ids and popular videos over hash partitions.
 */
const users = 100_000_000;
/** Acts of an active user a day, and of all in the busiest second. */
const activeShare = 0.2;
const peak = 3;
const secondsOfDay = 86_400;
const perDay = { feed: 4, video: 40, comments: 10, like: 4, comment: 0.2, follow: 0.3, upload: 0.01 };
/** Milliseconds of CPU in one process and its PostgreSQL, by `social`; those of an upload are its renditions, by `pipeline`. */
const cpuMs = { feed: 2.2, video: 0.22, comments: 0.86, like: 1.4, comment: 1.4, follow: 1.4, upload: 48_300 };
/** A request of a fleet needs so many times as much, by `cuts`; encoding does not. */
const fleetFactor = 3;
const busyAtMost = 0.6;
const partitions = 32;
type Act = keyof typeof perDay;
const acts = Object.keys(perDay) as Act[]; // The keys of the literal above.

const perSecond = (act: Act): number => (users * activeShare * perDay[act] * peak) / secondsOfDay;
const factorOf = (act: Act): number => (act === "upload" ? 1 : fleetFactor);
const cores = (act: Act): number => (perSecond(act) * cpuMs[act] * factorOf(act)) / 1_000 / busyAtMost;

const bytes = await bytesOfRows();
const spread = await spreadOfPartitions();
const waits = [0.5, 0.6, 0.7, 0.8, 0.9].map((busy) => ({ busy, ...waitOf(busy) }));
const rowsOfYear = (act: Act): number => users * activeShare * perDay[act] * 365;
await record("growth", [
  `${users / 1e6} million accounts, ${activeShare * 100} % active on a day, the busiest second ${peak} times the average. CPU of one process and its database by \`social\`, times ${fleetFactor} for a fleet (\`cuts\`), at ${busyAtMost * 100} % use. An upload is a film of 20 s in 1080p, whose CPU is that of its renditions (\`pipeline\`); they can wait, so the average would do: a third.`,
  "",
  "| act | a day and active account | a second at the peak | cores |",
  "|---|---|---|---|",
  ...acts.map((act) => `| ${act} | ${perDay[act]} | ${perSecond(act).toFixed(0)} | ${cores(act).toFixed(0)} |`),
  `| all | | ${acts.reduce((sum, act) => sum + perSecond(act), 0).toFixed(0)} | ${acts.reduce((sum, act) => sum + cores(act), 0).toFixed(0)} |`,
  "",
  "One process of one core, simulated: 200,000 requests of this mix without uploads, which arrive at random.",
  "",
  "| use | wait p50 | wait p99 |",
  "|---|---|---|",
  ...waits.map(({ busy, p50, p99 }) => `| ${busy * 100} % | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms |`),
  "",
  "| rows, with their indexes | bytes each | a year |",
  "|---|---|---|",
  ...(["like", "comment", "follow"] as const).map(
    (act) => `| ${act} | ${bytes[act].toFixed(0)} | ${((rowsOfYear(act) * bytes[act]) / 1e12).toFixed(1)} TB |`,
  ),
  "",
  `Over ${partitions} hash partitions, the fullest has so many times the average:`,
  "",
  "| what | times the average |",
  "|---|---|",
  `| 1,000,000 ids of the generator | ${spread.ids.toFixed(3)} |`,
  `| requests for 1,000,000 videos, popular ones more often (Zipf, exponent 0.8) | ${spread.requests.toFixed(2)} |`,
  `| the same, exponent 1 | ${spread.skewed.toFixed(2)} |`,
  "",
  `The most popular of 100 million videos gets ${(zipfShare(1e8, 0.8) * 100).toFixed(2)} % of all requests by the first, ${(zipfShare(1e8, 1) * 100).toFixed(1)} % by the second: ${(zipfShare(1e8, 1) * perSecond("like")).toFixed(0)} likes a second on one row. One process commits 17,000 in groups (\`social\`).`,
]);

/** The milliseconds that requests wait in a process that is busy so much of its time: a queue with one server. */
function waitOf(busy: number): { readonly p50: number; readonly p99: number } {
  const mix = acts.filter((act) => act !== "upload");
  const total = mix.reduce((sum, act) => sum + perDay[act], 0);
  const meanMs = mix.reduce((sum, act) => sum + (perDay[act] / total) * cpuMs[act] * fleetFactor, 0);
  const random = randomNumbers(7);
  const waitsMs: number[] = [];
  let [arrivedMs, freeMs] = [0, 0];
  for (let n = 0; n < 200_000; n++) {
    arrivedMs += -Math.log(1 - random()) * (meanMs / busy);
    let choice = random() * total;
    const act = mix.find((candidate) => (choice -= perDay[candidate]) < 0) ?? "video";
    const beginsMs = Math.max(arrivedMs, freeMs);
    waitsMs.push(beginsMs - arrivedMs);
    freeMs = beginsMs + cpuMs[act] * fleetFactor;
  }
  const sorted = waitsMs.toSorted((a, b) => a - b);
  return { p50: sorted[sorted.length >> 1] ?? 0, p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0 };
}

async function spreadOfPartitions() {
  const folder = await mkdtemp(join(tmpdir(), "kinora-growth-"));
  await using postgres = await startPostgres(folder);
  const client = new pg.Client({ host: postgres.socket, user: postgres.user, database: "postgres" });
  await client.connect();
  const columns = Array.from(
    { length: partitions },
    (_, n) => `PARTITION p${n} FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${n})`,
  );
  await client.query(`CREATE TABLE ids (id BIGINT, place BIGINT) PARTITION BY HASH (id)`);
  for (const column of columns)
    await client.query(column.replace(/^PARTITION (\w+)/, "CREATE TABLE $1 PARTITION OF ids"));
  const count = 1_000_000;
  // A video each 300 ms, as 200,000 uploads a day are two and a half each second at 64 nodes.
  let nowMs = Date.UTC(2026, 10, 30);
  const generators = Array.from({ length: 64 }, (_, node) => createIdGenerator(() => nowMs, { node }));
  for (let from = 0; from < count; from += 10_000) {
    const ids = Array.from({ length: 10_000 }, (_, n) => {
      nowMs += 300;
      return generators[(from + n * 7) % 64]?.next();
    });
    await client.query("INSERT INTO ids SELECT id, $2 + n FROM unnest($1::bigint[]) WITH ORDINALITY AS t (id, n)", [
      ids,
      from,
    ]);
  }
  const fullest = async (weight: string): Promise<number> => {
    const { rows } = await client.query<{ times: number }>(
      `SELECT max(sum) * ${partitions} / sum(sum) AS times FROM (SELECT sum(${weight})::float8 FROM ids GROUP BY tableoid) AS s`,
    );
    return Number(rows[0]?.times);
  };
  const spread = {
    ids: await fullest("1"),
    requests: await fullest("power(place, -0.8)"),
    skewed: await fullest("1.0 / place"),
  };
  await client.end();
  await postgres[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  return spread;
}

/** Bytes of a row with its part of the indexes, in tables of the size of a million interactions. */
async function bytesOfRows(): Promise<Record<"like" | "comment" | "follow", number>> {
  await using server = await wholeServer();
  await fillSocial(server.open, { videos: 10_000, users: 10_000, interactions: 1_000_000, callers: [] });
  const each = async (service: string, table: string): Promise<number> => {
    const client = await server.open(service);
    const { rows } = await client.query<{ bytes: number }>(
      `SELECT pg_total_relation_size('${table}')::float8 / count(*) AS bytes FROM ${table}`,
    );
    await client.end();
    return Number(rows[0]?.bytes);
  };
  return {
    like: await each("interaction", "likes"),
    comment: await each("interaction", "comments"),
    follow: await each("relation", "follows"),
  };
}

/** The part of all requests that goes to the first of so many, by Zipf's law. */
function zipfShare(count: number, exponent: number): number {
  let sum = 0;
  for (let place = 1; place <= count; place++) sum += place ** -exponent;
  return 1 / sum;
}

/** Numbers from 0 to 1, the same each time (Park and Miller). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
