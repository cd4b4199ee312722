import assert from "node:assert/strict";
import { likesPerSecond } from "./social-likes.ts";
import { fill, type Filled, type Kind, kinds, users, verify } from "./social-requests.ts";
import { record } from "../record.ts";
import { type Asked, type Cost, costsOf, type Place, type WholeServer, wholeServer } from "../server/whole-server.ts";

/*
 * The cost over HTTP of a page of videos, of comments, of the feed, and of a like. The users follow some, block others
 * and liked things. Measured is the CPU of all processes together per request, with all services in one process and in
 * two. Plain Fastify runs in the same rounds. `npm run bench -- social 10000,100000`; with `short` at the end it takes
 * two minutes, is less exact and is not recorded.
 */
const words = process.argv.slice(2);
const isShort = words.includes("short");
const sizes = (words.find((word) => word !== "short") ?? "10000").split(",").map(Number);
assert.ok(sizes.every(Number.isSafeInteger), "npm run bench -- social [10000,100000] [short]");
const [rounds, seconds, connections, interactions] = isShort ? [3, 2, 32, 100_000] : [3, 4, 32, 1_000_000];
/** Goals: one process as a multiple of plain Fastify, two processes as a multiple of one. */
const goals: Readonly<Record<Kind, readonly [ofPlain: number, ofOne: number]>> = {
  "videos of an author": [9, 2],
  "videos of a hashtag": [9, 2],
  "a video": [2, 3],
  "comments of a video": [7, 2],
  "the feed, 20 videos": [9, 2],
  "a like": [5, 2],
};
const plainly: Asked[] = [{ path: "/api/v1/bench/stored?page_size=20" }];

const lines = [
  `| videos | request | different ones | plain Fastify | one process | req/s | of plain | goal | two processes | req/s | of one | goal | of the fewest |`,
  `|${"---|".repeat(13)}`,
];
const filledWith: string[] = [];
await measure();
const text = [
  `${rounds} rounds of ${seconds} s each over ${connections} connections, plain Fastify and every shape of every number of videos in turn within each round; CPU of the server's processes and of every process of PostgreSQL together, median (least–most). ${filledWith.join("; ")}; ${users.toLocaleString("en")} people. 32 people ask in turn, each with some 150 they follow, 40 they block, 10 who block them, 500 likes, 100 favourites and 300 half-watched videos; requests go through all the ids of their kind. Lists are first pages of 20, with their total.`,
  "",
  ...lines,
];
if (isShort) process.stdout.write(`${text.join("\n")}\n`);
else await record("social", [...text, "", await likesPerSecond()]);

interface Size {
  readonly server: WholeServer;
  readonly apart: Place["server"];
  readonly filled: Filled;
}

async function measure(): Promise<void> {
  await using all = new AsyncDisposableStack();
  const measurements: Size[] = [];
  for (const videos of sizes) {
    const server = all.use(await wholeServer());
    const filled = await fill(server, videos, interactions);
    filledWith.push(`${videos.toLocaleString("en")} videos: ${filled.rows.toLocaleString("en")} interactions`);
    measurements.push({ server, filled, apart: all.use(await server.apart()) });
  }
  const [first] = measurements;
  if (first === undefined) throw new Error("no number of videos was given");
  const plain: Place = { server: all.use(await first.server.plain()), askedIn: () => plainly };
  for (const kind of kinds) {
    const places = measurements.flatMap(({ server, apart, filled }): Place[] => [
      { server, askedIn: filled.askedIn(kind, 0) },
      { server: apart, askedIn: filled.askedIn(kind, 1) },
    ]);
    const [least, ...costs] = await costsOf([plain, ...places], { rounds, seconds, connections });
    for (const [n, { filled }] of measurements.entries())
      lines.push(row(kind, filled, { least, together: costs[2 * n], two: costs[2 * n + 1], fewest: costs[0] }));
  }
  for (const { server } of measurements) await verify(server);
}

type Costs = Readonly<Record<"least" | "together" | "two" | "fewest", Cost | undefined>>;

function row(kind: Kind, { videos, different }: Filled, { least, together, two, fewest }: Costs): string {
  const times = (cost?: Cost, of?: Cost) => (cost && of ? `${(cost.cpu / of.cpu).toFixed(2)}×` : "–");
  const [ofPlain, ofOne] = goals[kind];
  const cells = [
    videos.toLocaleString("en"),
    kind,
    different(kind),
    `${least?.cpu.toFixed(2)} ms`,
    ...cellsOf(together),
    times(together, least),
    `≤ ${ofPlain}×`,
    ...cellsOf(two),
    times(two, together),
    `≤ ${ofOne}×`,
    times(together, fewest),
  ];
  return `| ${cells.join(" | ")} |`;
}

function cellsOf(cost?: Cost): [cpu: string, speed: string] {
  if (cost === undefined) return ["–", "–"];
  const { cpu, least, most, speed } = cost;
  return [`${cpu.toFixed(2)} ms (${least.toFixed(2)}–${most.toFixed(2)})`, speed.toFixed(0)];
}
