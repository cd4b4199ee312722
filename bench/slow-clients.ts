import { readdir, readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Instance } from "../test/e2e/instance.ts";
import { record } from "./record.ts";

/*
 * What clients that are idle, slow or do not read cost: so many connections, from as many loopback addresses or from one,
 * with the usual limits. Loopback addresses are limited as those of strangers are. In the middle of them others ask for
 * /health; afterwards every connection must be cut and every descriptor given back.
 */
const total = Number(process.argv[2] ?? 5_000);
const requests = 300;
/** Headers and then lingering, an upload's window, two checks, and some time to spare on a busy machine. */
const cutMsMax = 50_000;

const json = "content-type: application/json\r\ncontent-length: 60000\r\n\r\n";
const kinds: readonly string[] = [
  "",
  "GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ",
  `POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\n${json}{"username":"`,
  `POST /api/v1/upload HTTP/1.1\r\nhost: x\r\n${json}{`,
  "GET /api/v1/ws HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
  "\x16\x03\x01",
];

interface Result {
  readonly opened: number;
  readonly held: number;
  readonly grownMiB: number;
  readonly quietMs: number;
  readonly busyMs: number;
  readonly cutMs: number;
  readonly left: number;
}

const rows = [await measure("one address", () => "127.0.0.2"), await measure("an address each", addressOf)];
await record("slow-clients", [
  `${total} connections of ${kinds.length} kinds: silent, slow headers, a slow sign-in, an upload, a WebSocket without a sign-in, no HTTP.`,
  "",
  "| from | refused, or ended within a second | held then | memory | p99 of /health, quiet | under load | all cut after | descriptors left |",
  "|---|---|---|---|---|---|---|---|",
  ...rows,
]);

function addressOf(n: number): string {
  return `127.1.${Math.floor(n / 250)}.${(n % 250) + 1}`;
}

async function measure(from: string, address: (n: number) => string): Promise<string> {
  await using instance = await Instance.start({
    env: { KINORA_LIMIT_LOOPBACK: "on", KINORA_RATE_LIMIT: "off", KINORA_LOG_LEVEL: "warn" },
  });
  const { opened, held, grownMiB, quietMs, busyMs, cutMs, left } = await attack(instance, address);
  const cells = [
    from,
    opened - held,
    held,
    `${grownMiB.toFixed(0)} MiB more`,
    `${quietMs.toFixed(1)} ms`,
    `${busyMs.toFixed(1)} ms`,
    `${(cutMs / 1_000).toFixed(1)} s`,
    left,
  ];
  return `| ${cells.join(" | ")} |`;
}

async function attack({ url, pid }: Instance, address: (n: number) => string): Promise<Result> {
  const quietMs = await p99(url);
  const [before, beforeKiB] = [await descriptors(pid), await residentKiB(pid)];
  const port = Number(new URL(url).port);
  const open = new Set<Socket>();
  const began = performance.now();
  for (let n = 0; n < total; n++) {
    const socket = connect({ port, host: "127.0.0.1", localAddress: address(n) });
    open.add(socket.on("error", () => undefined).on("close", () => open.delete(socket)));
    socket.on("connect", () => socket.write(kinds[n % kinds.length] ?? "")).pause();
    if (n % 100 === 99) await wait(10);
  }
  await wait(1_000);
  const held = (await descriptors(pid)) - before;
  const grownMiB = ((await residentKiB(pid)) - beforeKiB) / 1_024;
  const busyMs = await p99(url);
  for (const socket of open) socket.resume();
  const left = async () => Math.max(0, (await descriptors(pid)) - before);
  while ((await left()) > 0 && performance.now() - began < cutMsMax) await wait(100);
  const cutMs = performance.now() - began;
  const remaining = await left();
  for (const socket of open) socket.destroy();
  return { opened: total, held, grownMiB, quietMs, busyMs, cutMs, left: remaining };
}

/** Milliseconds that 99 of 100 requests take at most, one after the other. */
async function p99(url: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < requests; n++) {
    const began = performance.now();
    const response = await fetch(`${url}/health`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`/health answered ${response.status}`);
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(requests * 0.99)] ?? Number.NaN;
}

async function descriptors(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

async function residentKiB(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);
}
