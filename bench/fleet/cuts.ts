import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { Instance } from "../../test/instance/instance.ts";
import { administrator, templateCopy } from "../../test/instance/template.ts";
import { writeTopology } from "../../test/instance/topologies.ts";
import { processTree } from "../../test/process/process-tree.ts";
import { Person } from "../../test/users/person.ts";
import { ownCpuMs, median, record } from "../record.ts";

/*
 * Processor time of all Node processes per request, in one process and in cuts of several, on the same content: the demo
 * videos, with 200 comments on one of them. Rounds of the cuts alternate. Takes names of topologies (three nine all).
 */
const names = ["one", ...(process.argv.length > 2 ? process.argv.slice(2) : ["three", "nine", "all"])];
const rounds = 5;
const requestsOfRound = 400;
const atOnce = 16;
const comments = 200;
const goals: Readonly<Record<string, string>> = { list: "2×", video: "2×", comments: "1.6×", feed: "2.5×" };

interface Cut {
  readonly name: string;
  readonly instance: Instance;
  readonly person: Person;
  readonly paths: Readonly<Record<string, string>>;
  /** Milliseconds per request of each round, by subject. */
  readonly costs: Map<string, number[]>;
}

const folder = await mkdtemp(join(tmpdir(), "kinora-cuts-"));
const cuts: Cut[] = [];
for (const name of names) cuts.push(await open(name));
const subjects = Object.keys(goals);
for (const subject of subjects) for (const cut of cuts) await ask(cut, subject, requestsOfRound);
for (let round = 0; round < rounds; round++)
  for (const subject of subjects)
    for (const cut of cuts) cut.costs.set(subject, [...(cut.costs.get(subject) ?? []), await cost(cut, subject)]);

const costOf = (cut: Cut | undefined, subject: string): number => median(cut?.costs.get(subject) ?? []);
await record("cuts", [
  `${rounds} rounds of ${requestsOfRound} requests each, ${atOnce} at a time, in turn; all processes on this machine, with a PostgreSQL for each cut. Goals are of nine processes beside one.`,
  "",
  `| CPU per request | ${names.join(" | ")} | ${names
    .slice(1)
    .map((name) => `${name} ÷ one`)
    .join(" | ")} | goal of nine |`,
  `|---|${names.map(() => "---|").join("")}${names
    .slice(1)
    .map(() => "---|")
    .join("")}---|`,
  ...subjects.map((subject) => {
    const costs = cuts.map((cut) => costOf(cut, subject));
    const ratios = costs.slice(1).map((ms) => `${(ms / (costs[0] ?? 1)).toFixed(2)}×`);
    return `| ${subject} | ${costs.map((ms) => `${ms.toFixed(2)} ms`).join(" | ")} | ${ratios.join(" | ")} | ≤ ${goals[subject]} |`;
  }),
]);
for (const { instance } of cuts) await instance[Symbol.asyncDispose]();
await rm(folder, { recursive: true });

async function open(name: string): Promise<Cut> {
  const { file, port } = await writeTopology(name, await mkdtemp(join(folder, `${name}-`)));
  const instance = await Instance.start({
    flags: ["--topology", file],
    port,
    data: await templateCopy("demo"),
    env: {
      KINORA_ADMIN_USERNAME: administrator.username,
      KINORA_ADMIN_PASSWORD: administrator.password,
      KINORA_RATE_LIMIT: "off",
    },
  });
  const person = new Person(instance.url);
  await person.signUp();
  const { list } = await person.get("/videos");
  const [{ id: videoId } = { id: 0 }] = list as { id: number }[]; // Rows of videos.
  for (let n = 0; n < comments; n++)
    await person.ask("POST", `/videos/${videoId}/comments`, { body: { content: `Comment ${n}` } });
  const paths = {
    list: "/videos",
    video: `/videos/${videoId}`,
    comments: `/videos/${videoId}/comments`,
    feed: "/recommend/feed",
  };
  await later(5_000);
  return { name, instance, person, paths, costs: new Map() };
}

async function ask({ person, paths }: Cut, subject: string, count: number): Promise<void> {
  let remaining = count;
  const client = async () => {
    while (remaining-- > 0) await person.get(paths[subject] ?? "");
  };
  await Promise.all(Array.from({ length: atOnce }, client));
}

async function cost(cut: Cut, subject: string): Promise<number> {
  const before = await nodeCpuMs(cut.instance.pid);
  await ask(cut, subject, requestsOfRound);
  return ((await nodeCpuMs(cut.instance.pid)) - before) / requestsOfRound;
}

/** Processor time of the Node processes below one, without those of PostgreSQL and FFmpeg. */
async function nodeCpuMs(root: number): Promise<number> {
  let sum = 0;
  for (const { pid } of processTree(root)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes("start.ts")) sum += await ownCpuMs(pid);
  }
  return sum;
}
