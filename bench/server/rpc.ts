import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { cpuMs, median, record } from "../record.ts";

/*
 * A call of one service to another with 20 ids, answered by 20 small records, client and server in processes of their
 * own: ours beside bare HTTP/2 with JSON on node:http2 and beside a library of gRPC, in turn.
 */
const rounds = 5;
const ms = 1_500;
const concurrencies = [32, 1] as const;
const modes = ["kinora", "bare", "library"] as const;
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
  const client = program("rpc-client.ts", mode, port);
  await client.line();
  const measure = async (concurrency: number): Promise<Cost> => {
    const before = await cpuMs(server.child.pid ?? 0);
    client.child.stdin?.write(`${ms} ${concurrency}\n`);
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
for (const { measure } of pairs) await measure(32);
const costs: Record<Mode, Cost[]>[] = [];
for (const concurrency of concurrencies) {
  const costsByMode: Record<Mode, Cost[]> = { kinora: [], bare: [], library: [] };
  for (let round = 0; round < rounds; round++)
    for (const { mode, measure } of pairs) costsByMode[mode].push(await measure(concurrency));
  costs.push(costsByMode);
}
for (const { stop } of pairs) await stop();

const cpuUs = ({ clientUs, serverUs }: Cost): number => clientUs + serverUs;
const names: Readonly<Record<Mode, string>> = {
  kinora: "between our processes",
  bare: "bare HTTP/2 and JSON on node:http2",
  library: "@connectrpc/connect-node alone",
};
const rows = (costsByMode: Record<Mode, Cost[]>, concurrency: number): string[] =>
  modes.map((mode) => {
    const all = costsByMode[mode];
    const ratios = all.map((cost, round) => cpuUs(cost) / cpuUs(costsByMode.bare[round] ?? cost));
    const of = (part: (cost: Cost) => number) => median(all.map(part)).toFixed(0);
    const times = `${median(ratios).toFixed(2)}× (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
    return `| ${names[mode]} | ${concurrency} | ${of((c) => c.perSecond)} | ${of((c) => c.clientUs)} µs | ${of((c) => c.serverUs)} µs | ${of(cpuUs)} µs | ${times} |`;
  });
await record("rpc", [
  `${rounds} rounds of ${ms / 1_000} s in turn; goal: at most 2× the CPU of bare HTTP/2 with JSON. Ours has everything a call has: identity, deadline, validation of input and answer, metrics. Of calls that are made at a time, those of one turn of the event loop travel together.`,
  "",
  "| a call with 20 ids, answered by 20 records | at a time | calls/s | CPU of the client | CPU of the server | CPU of both | beside bare |",
  "|---|---|---|---|---|---|---|",
  ...costs.flatMap((costsByMode, place) => rows(costsByMode, concurrencies[place] ?? 0)),
  "",
  "Before, all of it on @connectrpc/connect-node 2.2.0 and with a signature for each call, the same call cost (2026-11-23, this machine, 32 at a time): 513 µs in the client and 508 µs in the server, 6.88× (6.41–7.51) of bare HTTP/2 with JSON in the same run.",
]);
