import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Instance } from "../../test/instance/instance.ts";
import { percentile } from "../../test/fault/crash/crash-loop.ts";
import { unlimited } from "../../test/instance/folders.ts";
import { SimulatedUser } from "../../test/fault/crash/simulated-user.ts";
import { Random } from "../../test/random.ts";
import { fill } from "./fill.ts";
import { quiet } from "../quiet.ts";
import { record } from "../record.ts";

/*
 * How long a start takes after kill -9 of everything, with 100,000 videos and a few users writing when it happens
 * (reliability: ready in 3 s, p99). Each round also checks that nothing that was answered is lost.
 */
const rounds = 30;
const people = 3;
const amount = { videos: 100_000, users: 10_000, likesPerVideo: 10 };
const goalMs = 3_000;

await using instance = await Instance.start({ env: unlimited });
const empty = await afterStop();
const began = performance.now();
await fill(instance.data, amount);
console.log(`filled in ${Math.round(performance.now() - began)} ms`);
const full = await afterStop();

const random = new Random(1);
const clip = await readFile(join(import.meta.dirname, "../../test/media/one-frame.mp4"));
const lives = Array.from(
  { length: people },
  () => new SimulatedUser(instance.url, new Random(random.whole(0, 2 ** 31)), clip),
);
const everybodys = () => lives.flatMap(({ videos }) => [...videos.keys()]);
const readyMs: number[] = [];
let disturbed = 0;
for (let round = 1; round <= rounds; round++) {
  const living = Promise.all(lives.map((life) => life.goOn(everybodys)));
  await new Promise((resolve) => setTimeout(resolve, random.whole(1_000, 3_000)));
  await instance.kill("group");
  await instance.exited;
  await living;
  if (!(await quiet())) disturbed += 1;
  readyMs.push(await measureMs(() => instance.restart()));
  for (const life of lives) {
    life.person.hangUp();
    await life.isIntact();
  }
  console.log(`round ${round}: ${Math.round(readyMs.at(-1) ?? 0)} ms`);
}

const sorted = readyMs.toSorted((a, b) => a - b);
const p99 = percentile(sorted, 0.99);
const seconds = (ms: number | undefined) => `${((ms ?? Number.NaN) / 1_000).toFixed(2)} s`;
await record("recovery", [
  `${amount.videos.toLocaleString("en")} videos, ${amount.users.toLocaleString("en")} users, ${(amount.videos * amount.likesPerVideo).toLocaleString("en")} likes; ${people} people writing when everything is killed; ${rounds} rounds, each of which also checks that nothing that was answered is lost. Other work kept the machine busy when ${disturbed} of the starts began.`,
  "",
  "| start to ready | measured | goal |",
  "|---|---|---|",
  `| after kill -9, p50 | ${seconds(percentile(sorted, 0.5))} | |`,
  `| after kill -9, p99 | ${seconds(p99)} (${seconds(sorted[0])}–${seconds(sorted.at(-1))}) | ≤ ${goalMs / 1_000} s |`,
  `| after a stop, with these rows | ${seconds(full)} | |`,
  `| after a stop, with none | ${seconds(empty)} | |`,
]);
if (p99 > goalMs) process.exitCode = 1;

async function afterStop(): Promise<number> {
  await instance.stop();
  return measureMs(() => instance.restart());
}

async function measureMs(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}
