import { fillSocial } from "./social-fill.ts";
import { record } from "../record.ts";
import { callers } from "./social-requests.ts";
import { type Asked, type Cost, costsOf, type Place, wholeServer } from "../server/whole-server.ts";

/*
 * The cost over HTTP of a view report with watched ranges, which players send every few seconds: CPU of all processes
 * together, with all services in one process and in two, beside plain Fastify that reads twenty rows in the same rounds.
 * `npm run bench -- analytics`.
 */
const [rounds, seconds, connections, videos, users, interactions] = [3, 4, 32, 2_000, 2_000, 20_000];
const goal = 2;

const lines: string[] = [];
await measure();
await record("analytics", [
  `${rounds} rounds of ${seconds} s each over ${connections} connections, each place in turn within each round; CPU of the server's processes and of every process of PostgreSQL together, median (least–most), the work of events after the answers included. 32 users report views of ${videos.toLocaleString("en")} videos, each with two ranges and a source.`,
  "",
  "| place | CPU each | req/s | of plain | goal |",
  "|---|---|---|---|---|",
  ...lines,
]);

async function measure(): Promise<void> {
  await using server = await wholeServer();
  const tokens = await callers(server);
  const filled = await fillSocial(server.open, { videos, users, interactions, callers: tokens.ids });
  const reports = filled.videos.map(
    (id, n): Asked => ({
      method: "POST",
      path: `/api/v1/videos/${id}/play`,
      token: tokens.all[(n * 7) % tokens.all.length],
      body: {
        position: 9,
        ranges: [
          [0, 5],
          [6, 9],
        ],
        source: "feed",
      },
    }),
  );
  await using apart = await server.apart();
  await using plain = await server.plain();
  const places: Place[] = [
    { server: plain, askedIn: () => [{ path: "/api/v1/bench/stored?page_size=20" }] },
    { server, askedIn: () => reports },
    { server: apart, askedIn: () => reports },
  ];
  const [least, ...costs] = await costsOf(places, { rounds, seconds, connections });
  if (least === undefined) throw new Error("nothing was measured");
  lines.push(line("plain Fastify, 20 rows", least, least, ""));
  for (const [n, name] of ["one process", "two processes"].entries()) {
    const cost = costs[n];
    if (cost) lines.push(line(name, cost, least, `≤ ${goal}×`));
  }
}

function line(name: string, { cpu, least, most, speed }: Cost, plain: Cost, goalText: string): string {
  return `| ${name} | ${cpu.toFixed(2)} ms (${least.toFixed(2)}–${most.toFixed(2)}) | ${speed.toFixed(0)} | ${(cpu / plain.cpu).toFixed(2)}× | ${goalText} |`;
}
