import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../../test/instance/instance.ts";
import { Person } from "../../test/users/person.ts";
import { startNginx } from "../nginx.ts";
import { cpuMs, median, record } from "../record.ts";

/*
 * 256 MiB on its way in, CPU of the receiving process: one request with SHA-256 and fsync against nginx's DAV, which does
 * neither; tus in requests of 8 MiB with SHA-256 and fsync against bare Node that writes and hashes nothing, and against
 * @tus/server. In turn, in one run, each on a disk with nothing left to be written. A warm-up of each comes first and does not count.
 */
const rounds = 5;
const sizeBytes = 256 * 2 ** 20;
const patchBytes = 8 * 2 ** 20;
const block = randomBytes(2 ** 20);
const folder = await mkdtemp(join(tmpdir(), "kinora-bench-"));
const places = await Promise.all(
  ["raw", "tus"].map(async (name) => (await mkdir(join(folder, name)), join(folder, name))),
);
await using instance = await Instance.start({
  env: { KINORA_RATE_LIMIT: "off", KINORA_LOG_LEVEL: "warn", KINORA_QUOTA: "200 GiB" },
});
const person = new Person(instance.url);
await person.signUp();
const nginx = await startNginx(folder);
const raw = await startServer("raw", places[0] ?? "");
const theirs = await startServer("tus", places[1] ?? "");
const agent = new Agent({ keepAlive: true });
const authorization = { authorization: `Bearer ${person.token}` };

const sides = {
  "Kinora, whole": {
    pid: instance.pid,
    run: () => whole(`${instance.url}/api/v1/upload?purpose=drive`, "POST", authorization),
  },
  "nginx DAV": { pid: nginx.worker, run: () => whole(`${nginx.url}whole.bin`, "PUT", {}) },
  "Kinora, tus": { pid: instance.pid, run: () => patches(`${instance.url}/api/v1/tus`, authorization) },
  "@tus/server": { pid: theirs.child.pid ?? 0, run: () => patches(`${theirs.url}files`, {}) },
  "bare Node, PATCH": { pid: raw.child.pid ?? 0, run: () => bare(raw.url) },
} as const;
type Side = keyof typeof sides;
const names = Object.keys(sides) as Side[]; // The names of the record above.
const cost = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>; // One for each.
for (let round = 0; round <= rounds; round++)
  for (const name of names) {
    // Each round is other content: the same would be one object.
    block.writeUInt32LE(round * 16 + names.indexOf(name));
    const { pid, run } = sides[name];
    // Unwritten pages of the previous server would be written on this one's account.
    execFileSync("sync");
    const before = await cpuMs(pid);
    await run();
    if (round > 0) cost[name].push((await cpuMs(pid)) - before);
  }
const ratio = (side: Side, otherSide: Side): string => {
  const ratios = cost[side].map((value, round) => value / (cost[otherSide][round] ?? Number.NaN));
  return `${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
};
nginx.child.kill("SIGTERM");
raw.child.kill();
theirs.child.kill();
agent.destroy();
await rm(folder, { recursive: true });
await record("upload", [
  `256 MiB in, ${rounds} rounds in turn, CPU of the receiving process; Kinora hashes and syncs, the others do neither.`,
  "",
  "| | CPU |",
  "|---|---|",
  ...names.map((name) => `| ${name} | ${median(cost[name])} ms |`),
  "",
  "| | ratio | goal |",
  "|---|---|---|",
  `| one request: Kinora / nginx DAV | ${ratio("Kinora, whole", "nginx DAV")} | ≤ 1.3× |`,
  `| tus of 8 MiB: Kinora / bare Node | ${ratio("Kinora, tus", "bare Node, PATCH")} | ≤ 1.7× |`,
  `| tus of 8 MiB: Kinora / @tus/server | ${ratio("Kinora, tus", "@tus/server")} | ≤ 0.6× |`,
]);

async function whole(url: string, method: string, headers: Record<string, string>): Promise<void> {
  const type = { "content-type": "application/octet-stream" };
  await send(url, method, { ...headers, ...type }, sizeBytes);
}

async function patches(url: string, headers: Record<string, string>): Promise<void> {
  const tus = { ...headers, "tus-resumable": "1.0.0" };
  const response = await send(
    url,
    "POST",
    { ...tus, "upload-length": String(sizeBytes), "upload-metadata": `purpose ${btoa("drive")}` },
    0,
  );
  const at = new URL(String(response["location"]), url).href;
  for (let offset = 0; offset < sizeBytes; offset += patchBytes)
    await send(
      at,
      "PATCH",
      { ...tus, "content-type": "application/offset+octet-stream", "upload-offset": String(offset) },
      patchBytes,
    );
}

async function bare(url: string): Promise<void> {
  for (let offset = 0; offset < sizeBytes; offset += patchBytes)
    await send(url, "PATCH", { "upload-offset": String(offset) }, patchBytes);
}

/** Sends that many bytes and yields the headers of the answer. */
function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  bytes: number,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, agent, headers: { ...headers, "content-length": bytes } }, (answer) => {
      answer.resume().once("end", () => {
        if ((answer.statusCode ?? 500) < 300) resolve(answer.headers);
        else reject(new Error(`${method} ${url}: ${answer.statusCode}`));
      });
    });
    asking.once("error", reject);
    let sent = 0;
    const more = (): void => {
      while (sent < bytes) {
        sent += block.byteLength;
        if (!asking.write(block)) {
          asking.once("drain", more);
          return;
        }
      }
      asking.end();
    };
    more();
  });
}

function startServer(kind: string, place: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "upload-server.ts"), kind, place], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`the ${kind} server ended`)));
    child.stdout?.once("data", (line: Buffer) =>
      resolve({ url: `http://127.0.0.1:${String(line).match(/port (\d+)/)?.[1]}/`, child }),
    );
  });
}
