import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../../test/instance/instance.ts";
import { settled } from "../../test/instance/tables.ts";
import { Client } from "../client.ts";
import { makeClip } from "./clip.ts";
import { startNginx } from "../nginx.ts";
import { median, ownCpuMs, record, wrk } from "../record.ts";

/*
 * A segment's part against nginx with sendfile and against the least Node can do. Measured is the CPU of the serving
 * process alone per request, in turn, in one run. Hot is the same part again and again; cold is another part with each
 * request, so that no memory of Kinora's has it. The system has the file in memory for both.
 */
const rounds = 5;
const seconds = 3;
const connections = 16;
const sizes = [
  ["hot, 200 kB", 200_000, "≤ 1.5×", "hot"],
  ["hot, 2 MB", 2_000_000, "≤ 1.5×", "hot"],
  ["cold, 200 kB", 200_000, "", "cold"],
  ["cold, 2 MB", 2_000_000, "", "cold"],
] as const;
const fileBytes = 24_000_000;
const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
await using instance = await Instance.start({ env: { KINORA_RATE_LIMIT: "off", KINORA_LOG_LEVEL: "warn" } });
const client = new Client(instance.url);
await client.register("bench");
const { id } = await client.upload(makeClip(folder, 30, 20));
const video = await client.ask<{ id: number }>("/videos", { title: "hot", media_id: id });
const file = await rendition(video.id);
// The ladder is done, so that no FFmpeg runs beside the requests.
await settled(instance, 540_000);
await writeFile(join(folder, "segment.mp4"), randomBytes(fileBytes));
const nginx = await startNginx(folder);
const bare = await startBare();
const rows: string[] = [];
for (const [name, bytes, goal, how] of sizes) {
  const cost = { kinora: [] as number[], nginx: [] as number[], bare: [] as number[] };
  const ratios = { nginx: [] as number[], bare: [] as number[] };
  const sides = [
    { side: "kinora", url: file, pid: instance.pid },
    { side: "nginx", url: `${nginx.url}segment.mp4`, pid: nginx.worker },
    { side: "bare", url: bare.url, pid: bare.child.pid ?? 0 },
  ] as const;
  const headers = { range: `bytes=0-${bytes - 1}` };
  const script = how === "cold" ? await elsewhereEachTime(bytes) : undefined;
  for (const { url } of sides) wrk(url, { seconds: 1, connections, headers, script });
  for (let i = 0; i < rounds; i++) {
    for (const { side, url, pid } of sides) {
      const before = await ownCpuMs(pid);
      const { requests } = wrk(url, { seconds, connections, headers, script });
      cost[side].push((((await ownCpuMs(pid)) - before) * 1_000) / requests);
    }
    for (const side of ["nginx", "bare"] as const)
      ratios[side].push((cost.kinora.at(-1) ?? 0) / (cost[side].at(-1) ?? 1));
  }
  const costs = [cost.kinora, cost.nginx, cost.bare].map((each) => `${median(each).toFixed(0)} µs`);
  rows.push(`| ${[name, ...costs, spanOf(ratios.nginx), spanOf(ratios.bare), goal].join(" | ")} |`);
}
nginx.child.kill("SIGTERM");
bare.child.kill();
await rm(folder, { recursive: true });
await record("segments", [
  `Ranges of one file, ${connections} connections, ${rounds} rounds of ${seconds} s in turn; CPU of the server process per request. The bare server has every part in memory; a cold part is read and compared with its checksums.`,
  "",
  "| range | Kinora | nginx, sendfile | bare node:http, cached buffer | Kinora / nginx | Kinora / bare | goal of the latter |",
  "|---|---|---|---|---|---|---|",
  ...rows,
]);

function spanOf(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}

/** A script for `wrk` that asks for another range with each request; hardly one comes twice, in no run. */
async function elsewhereEachTime(bytes: number): Promise<string> {
  const path = join(folder, `cold-${bytes}.lua`);
  const text = `
    local n = os.time() % 10000 * 100000
    request = function()
      n = n + 1
      local from = (n * 7919 * 997) % (${fileBytes} - ${bytes})
      return wrk.format("GET", nil, { ["Range"] = "bytes=" .. from .. "-" .. (from + ${bytes} - 1) })
    end`;
  await writeFile(path, text);
  return path;
}

async function rendition(videoId: number): Promise<string> {
  for (;;) {
    const master = await fetch(`${instance.url}/api/v1/streaming/${videoId}/master.m3u8`);
    const variant = master.ok
      ? (await master.text()).split("\n").find((line) => line !== "" && !line.startsWith("#"))
      : undefined;
    if (variant !== undefined) {
      const address = new URL(variant, master.url);
      const line =
        (await (await fetch(address)).text()).split("\n").find((text) => text !== "" && !text.startsWith("#")) ?? "";
      return new URL(line, address).href;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function startBare(): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "bare-server.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("the bare server ended")));
    child.stdout?.once("data", (line: Buffer) =>
      resolve({ url: `http://127.0.0.1:${String(line).match(/port (\d+)/)?.[1]}/`, child }),
    );
  });
}
