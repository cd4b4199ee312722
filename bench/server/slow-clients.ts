import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { Instance } from "../../test/instance/instance.ts";
import { freePorts } from "../../test/ports.ts";
import { type At, type Held, kinds } from "./stalled-clients.ts";
import { record } from "../record.ts";

/*
 * The cost of clients that are idle, slow or do not read: 5,000 connections of ten kinds, held at the same time, with
 * the usual limits. They come from one address or from as many loopback addresses. One address that holds so many is a
 * reverse proxy's; all others are limited as strangers are. Other clients ask for /health at the same time. In the end
 * the server must have ended every connection within the time of its kind, and given every descriptor back.
 */
const run = promisify(execFile);
const total = Number(process.argv[2] ?? 5_000);
const requests = 400;
const socketsPerUser = 20;
const cutMsMax = 240_000;
/** A hundred are opened in this time, so that the last is open before the first has to be ended. */
const openingMs = 100;

interface Result {
  readonly held: number;
  readonly grownMiB: number;
  readonly quietMs: number;
  readonly busyMs: number;
  readonly left: number;
  /** Milliseconds by which the last of each kind was ended; undefined where one was not. */
  readonly endedMs: readonly (number | undefined)[];
}

const results = [
  await measure("one address", "off", () => "127.0.0.1"),
  await measure("an address each", "on", (n) => `127.1.${Math.floor(n / 250)}.${(n % 250) + 1}`),
];
const cells = (values: readonly unknown[]) => `| ${values.join(" | ")} |`;
await record("slow-clients", [
  `${total} connections of ${kinds.length} kinds, ${total / kinds.length} of each. Some end before the last is open: the server refuses what it cannot read at once.`,
  "",
  "| from | held at once | memory | p99 of /health, quiet | under load | descriptors left |",
  "|---|---|---|---|---|---|",
  ...results.map(([from, { held, grownMiB, quietMs, busyMs, left: leftOpen }]) =>
    cells([
      from,
      held,
      `${grownMiB.toFixed(0)} MiB more`,
      `${quietMs.toFixed(1)} ms`,
      `${busyMs.toFixed(1)} ms`,
      leftOpen,
    ]),
  ),
  "",
  cells(["the last was ended after", ...results.map(([from]) => from), "at most"]),
  cells(Array.from({ length: results.length + 2 }, () => "---")),
  ...kinds.map(({ name, withinMs }, at) =>
    cells([name, ...results.map(([, { endedMs }]) => seconds(endedMs[at])), seconds(withinMs)]),
  ),
  "",
  "Aims: a p99 under load of at most three times the quiet one, at most 100 MB more, and no descriptor left.",
]);

function seconds(ms: number | undefined): string {
  return ms === undefined ? "never" : `${(ms / 1_000).toFixed(1)} s`;
}

async function measure(from: string, limitsLoopback: string, address: (n: number) => string) {
  const [rpcPort = 0] = await freePorts(1);
  await using instance = await Instance.start({
    flags: ["--rpc-port", String(rpcPort)],
    env: { KINORA_LIMIT_LOOPBACK: limitsLoopback, KINORA_RATE_LIMIT: "off", KINORA_LOG_LEVEL: "error" },
  });
  return [from, await attack(instance, rpcPort, address)] as const;
}

async function attack({ url, pid }: Instance, rpcPort: number, address: (n: number) => string): Promise<Result> {
  const port = Number(new URL(url).port);
  const tokens = await accounts(url, Math.ceil(total / kinds.length / socketsPerUser));
  const quietMs = await p99(url);
  const [before, beforeKiB] = [await descriptors(pid), await residentKiB(pid)];
  let [most, grownKiB] = [0, 0];
  const sample = async () => {
    most = Math.max(most, (await descriptors(pid)) - before);
    grownKiB = Math.max(grownKiB, (await residentKiB(pid)) - beforeKiB);
  };
  const held: Held[][] = kinds.map(() => []);
  const openedMs = kinds.map(() => 0);
  for (let n = 0; n < total; n++) {
    const kind = n % kinds.length;
    const token = tokens[Math.floor(n / kinds.length / socketsPerUser)] ?? "";
    const at: At = { host: "127.0.0.1", port, rpcPort, localAddress: address(n), token };
    const opened = kinds[kind]?.open(at);
    if (opened) held[kind]?.push(opened);
    openedMs[kind] = performance.now();
    if (n % 100 === 99) await Promise.all([wait(openingMs), sample()]);
  }
  await sample();
  const busyMs = await p99(url);
  const endedMs: (number | undefined)[] = kinds.map(() => undefined);
  const until = performance.now() + cutMsMax;
  while (performance.now() < until && endedMs.includes(undefined)) {
    await sample();
    const open = await clientEnds([port, rpcPort]);
    for (const [kind, all] of held.entries())
      if (endedMs[kind] === undefined && !all.some(({ socket }) => open.has(endOf(socket))))
        endedMs[kind] = performance.now() - (openedMs[kind] ?? 0);
    await wait(500);
  }
  const leftOpen = Math.max(0, (await descriptors(pid)) - before);
  for (const connection of held.flat()) connection.end();
  return { held: most, grownMiB: grownKiB / 1_024, quietMs, busyMs, left: leftOpen, endedMs };
}

async function accounts(url: string, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let n = 0; n < count; n++) {
    const response = await fetch(`${url}/api/v1/users/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: `viewer${n}x`, password: "correct horse" }),
    });
    const { data } = (await response.json()) as { data: { token: string } }; // The shape of the contract.
    tokens.push(data.token);
  }
  return tokens;
}

/** Milliseconds that 99 of 100 requests take at most, as another process sees them. */
async function p99(url: string): Promise<number> {
  const script = join(import.meta.dirname, "latency.ts");
  const { stdout } = await run(process.execPath, [script, `${url}/health`, String(requests)]);
  return Number(stdout);
}

async function descriptors(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

function endOf({ localAddress, localPort }: Socket): string {
  return `${localAddress}:${localPort}`;
}

/** The clients' ends of the connections that a process still has on these ports. */
async function clientEnds(ports: readonly number[]): Promise<Set<string>> {
  const lines = (await readFile("/proc/net/tcp", "utf8")).trim().split("\n").slice(1);
  // An address is written in hexadecimal, its last byte first.
  const partsOf = (end = "") => end.split(":").map((part) => Buffer.from(part, "hex"));
  const portOf = (end = "") => partsOf(end)[1]?.readUInt16BE() ?? 0;
  return new Set(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter(({ 1: local, 9: inode }) => ports.includes(portOf(local)) && inode !== "0")
      .map(({ 2: remote }) => `${[...(partsOf(remote)[0] ?? [])].toReversed().join(".")}:${portOf(remote)}`),
  );
}

async function residentKiB(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);
}
