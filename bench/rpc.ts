import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cpuMs, median, record } from "./record.ts";

/*
 * A call of one service to another with 20 ids, answered by 20 small records, client and server in processes of their
 * own: ours beside bare HTTP/2 with JSON on node:http2, in turn.
 */
const rounds = 5;
const ms = 2_000;
const concurrency = 32;
const modes = ["kinora", "bare"] as const;
type Mode = (typeof modes)[number];

interface Program {
  readonly child: ChildProcess;
  /** The next line it prints. */
  line(): Promise<string>;
}

function program(file: string, ...words: readonly string[]): Program {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${file} ended`);
      return value;
    },
  };
}

/** One call: how many there are a second, and microseconds of CPU on each side. */
interface Cost {
  readonly perSecond: number;
  readonly clientUs: number;
  readonly serverUs: number;
}

async function pair(mode: Mode) {
  const server = program("rpc-server.ts", mode);
  const port = (await server.line()).replace("port ", "");
  const client = program("rpc-client.ts", mode, port, String(concurrency));
  await client.line();
  const measure = async (forMs: number): Promise<Cost> => {
    const before = await cpuMs(server.child.pid ?? 0);
    client.child.stdin?.write(`${forMs}\n`);
    const { calls, seconds, cpuUs } = JSON.parse(await client.line()) as Record<"calls" | "seconds" | "cpuUs", number>; // As rpc-client.ts writes it.
    const serverUs = ((await cpuMs(server.child.pid ?? 0)) - before) * 1_000;
    return { perSecond: calls / seconds, clientUs: cpuUs / calls, serverUs: serverUs / calls };
  };
  const stop = async () => {
    client.child.stdin?.end();
    await once(client.child, "exit");
    server.child.kill();
  };
  return { mode, measure, stop };
}

const pairs = await Promise.all(modes.map(pair));
for (const { measure } of pairs) await measure(ms);
const costs: Record<Mode, Cost[]> = { kinora: [], bare: [] };
for (let round = 0; round < rounds; round++) for (const { mode, measure } of pairs) costs[mode].push(await measure(ms));
for (const { stop } of pairs) await stop();

const cpuUs = ({ clientUs, serverUs }: Cost): number => clientUs + serverUs;
const row = (mode: Mode, name: string): string => {
  const all = costs[mode];
  const ratios = all.map((cost, round) => cpuUs(cost) / cpuUs(costs.bare[round] ?? cost));
  const of = (part: (cost: Cost) => number) => median(all.map(part)).toFixed(0);
  const times = `${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
  return `| ${name} | ${of((c) => c.perSecond)} | ${of((c) => c.clientUs)} µs | ${of((c) => c.serverUs)} µs | ${of(cpuUs)} µs | ${times} |`;
};
await record("rpc", [
  `${rounds} rounds of ${ms / 1_000} s in turn, ${concurrency} calls at a time; goal: at most 2× the CPU of bare HTTP/2 with JSON. Ours has everything a call has: identity, deadline, validation of input and answer, metrics.`,
  "",
  "| a call with 20 ids, answered by 20 records | calls/s | CPU of the client | CPU of the server | CPU of both | beside bare |",
  "|---|---|---|---|---|---|",
  row("kinora", "between our processes"),
  row("bare", "bare HTTP/2 and JSON on node:http2"),
]);
