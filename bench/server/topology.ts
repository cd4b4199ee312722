import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Instance } from "../../test/instance/instance.ts";
import { writeTopology } from "../../test/instance/topologies.ts";
import { processTree } from "../../test/process/process-tree.ts";
import { record } from "../record.ts";

/*
 * Idle memory of the processes of a topology on one machine: PSS of all of them, the supervisor and the database, 60 s
 * after they are ready with no client; and how long they take from a command to ready. Takes the name of a topology (all).
 */
const name = process.argv[2] ?? "all";
const folder = await mkdtemp(join(tmpdir(), "kinora-topology-"));
const topology = await writeTopology(name, folder);
// As `npm start` sets it: without it, the supervisor itself removes the types of its files.
const env = { NODE_COMPILE_CACHE: join(import.meta.dirname, "../../.kinora/compiled") };
await using instance = await Instance.on({ flags: ["--topology", topology.file], env, port: topology.port });
const [first, second] = [await start(), (await instance.stop(), await start())];
await wait(60_000);
const services = new Map(topology.processes.map((process) => [process.services.join(), process.name]));
const weights = await Promise.all(processTree(instance.pid).map(async ({ pid }) => weigh(pid)));
const total = (of: (name: string) => boolean) =>
  weights.filter((weight) => of(weight.name)).reduce((sum, { kib }) => sum + kib, 0) / 1_024;
const isDatabase = (text: string) => text === "database";
const isService = (text: string) => !isDatabase(text) && text !== "supervisor";
await record("topology", [
  "| what | measured | goal |",
  "|---|---|---|",
  `| processes of \`${name}\` | ${topology.processes.length} | |`,
  `| first start to ready | ${(first / 1_000).toFixed(1)} s | |`,
  `| second start to ready | ${(second / 1_000).toFixed(1)} s | |`,
  `| idle memory, PSS of all | ${total(() => true).toFixed(0)} MiB | ≤ 1,144 MiB (1.2 GB) for \`all\` |`,
  `| – of the processes | ${total(isService).toFixed(0)} MiB, ${(total(isService) / topology.processes.length).toFixed(0)} each | |`,
  `| – of the database, with its connections | ${total(isDatabase).toFixed(0)} MiB | |`,
  `| – of the supervisor | ${total((text) => text === "supervisor").toFixed(0)} MiB | |`,
  "",
  ...weights
    .filter((weight) => isService(weight.name))
    .toSorted((a, b) => b.kib - a.kib)
    .map((weight) => `- ${weight.name}: ${(weight.kib / 1_024).toFixed(1)} MiB`),
]);
await instance[Symbol.asyncDispose]();
await rm(folder, { recursive: true });

/** Yields the milliseconds until all are ready. */
async function start(): Promise<number> {
  const beganMs = performance.now();
  await instance.restart();
  return performance.now() - beganMs;
}

async function weigh(pid: number): Promise<{ name: string; kib: number }> {
  const words = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
  const at = words.indexOf("--services");
  const isNode = words.some((word) => word.endsWith("start.ts"));
  const kib = Number((await readFile(`/proc/${pid}/smaps_rollup`, "utf8")).match(/^Pss:\s+(\d+)/m)?.[1]);
  return { name: at >= 0 ? (services.get(words[at + 1] ?? "") ?? "") : isNode ? "supervisor" : "database", kib };
}
