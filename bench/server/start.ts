import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { Instance } from "../../test/instance/instance.ts";
import { processTree } from "../../test/process/process-tree.ts";
import { median, record } from "../record.ts";

/*
 * How long a warm start takes to ready, and what an idle instance weighs: PSS summed over the server and all its
 * children, 60 s after ready with no client.
 */
const rounds = 5;
await using instance = await Instance.start();
const starts: number[] = [];
for (let i = 0; i < rounds; i++) {
  await instance.stop();
  const began = performance.now();
  await instance.restart();
  starts.push(performance.now() - began);
}
await wait(60_000);
const pids = processTree(instance.pid).map(({ pid }) => pid);
const pss = await Promise.all(pids.map(async (pid) => ({ pid, name: await nameOf(pid), kib: await pssOf(pid) })));
const total = pss.reduce((sum, { kib }) => sum + kib, 0) / 1_024;
await record("start", [
  "| what | measured | goal |",
  "|---|---|---|",
  `| warm start to ready, median of ${rounds} | ${(median(starts) / 1_000).toFixed(2)} s (${(Math.min(...starts) / 1_000).toFixed(2)}–${(Math.max(...starts) / 1_000).toFixed(2)}) | ≤ 3 s |`,
  `| idle memory, PSS of ${pids.length} processes | ${total.toFixed(0)} MiB | ≤ 200 MB |`,
  "",
  ...pss.toSorted((a, b) => b.kib - a.kib).map(({ name, kib }) => `- ${name}: ${(kib / 1_024).toFixed(1)} MiB`),
]);

async function pssOf(pid: number): Promise<number> {
  return Number((await readFile(`/proc/${pid}/smaps_rollup`, "utf8")).match(/^Pss:\s+(\d+)/m)?.[1]);
}
async function nameOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8"))
    .replaceAll("\0", " ")
    .trim()
    .replaceAll(/\S*\//g, "")
    .slice(0, 50);
}
