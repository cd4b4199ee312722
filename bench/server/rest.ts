import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "#kernel/postgres/postgres";
import { cpuMs, median, record, wrk } from "../record.ts";
import { restServer, seedTags } from "./rest-child.ts";

/*
 * A REST read through contract, validation, chain and envelope against the same JSON from plain Fastify, each in a
 * process of its own, in turn.
 */
const rounds = 5;
const seconds = 4;
const connections = 32;
const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
const postgres = await startPostgres(folder);
await seedTags(postgres.socket);
const servers = await Promise.all(
  (["contract", "plain"] as const).map(async (mode) => ({
    mode,
    ...(await restServer(mode, folder, postgres.socket)),
  })),
);
const rows: string[] = [];
for (const [what, path] of [
  ["20 rows of PostgreSQL", "/api/v1/bench/stored?page_size=20"],
  ["one object of memory", "/api/v1/bench/7"],
  ["20 objects of memory", "/api/v1/bench?page_size=20"],
] as const) {
  const ratios: number[] = [];
  const cpu = { contract: [] as number[], plain: [] as number[] };
  const speed = { contract: [] as number[], plain: [] as number[] };
  for (const { url } of servers) wrk(url + path, { seconds: 2, connections });
  for (let i = 0; i < rounds; i++) {
    for (const { mode, url, child } of servers) {
      const before = await cpuMs(child.pid ?? 0);
      const { requests, requestsPerSecond } = wrk(url + path, { seconds, connections });
      cpu[mode].push((((await cpuMs(child.pid ?? 0)) - before) / requests) * 1_000);
      speed[mode].push(requestsPerSecond);
    }
    ratios.push((speed.contract.at(-1) ?? 0) / (speed.plain.at(-1) ?? 1));
  }
  rows.push(
    `| ${what} | ${median(speed.contract).toFixed(0)} | ${median(speed.plain).toFixed(0)} | ${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}) | ${median(cpu.contract).toFixed(0)} / ${median(cpu.plain).toFixed(0)} µs |`,
  );
}
for (const { child } of servers) child.kill();
await postgres[Symbol.asyncDispose]();
await rm(folder, { recursive: true });
await record("rest", [
  `${rounds} rounds of ${seconds} s in turn, wrk with ${connections} connections; goal: ≥ 0.8× plain Fastify for a read. What comes from memory shows the bare cost of validation, headers, metrics and deadline.`,
  "",
  "| answer | contract, req/s | plain Fastify, req/s | ratio | CPU per request |",
  "|---|---|---|---|---|",
  ...rows,
]);
