import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../../instance/instance.ts";
import { findings } from "../../instance/doctor.ts";
import { endAll, processTree, survivors } from "../../process/process-tree.ts";
import { unlimited, untilTidy } from "../../instance/folders.ts";
import { SimulatedUser } from "./simulated-user.ts";
import { Random } from "../../random.ts";
import { smallChunks } from "../../uploads/sending.ts";
import { rows, settled } from "../../instance/tables.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";

/** `everything` at one moment; the process `group`; the server `alone`; the server after it was `stopped` for a while. */
const manners = ["everything", "group", "alone", "stopped"] as const;
const peopleMax = 3;
/** This share of the kills is followed by another one while the server repairs what the first one left. */
const inRecovery = 0.15;
const clip = join(import.meta.dirname, "../../media/one-frame.mp4");

interface Report {
  /** Milliseconds from the start of the process to the first 200 of `/ready`, shortest first. */
  readonly readyMs: readonly number[];
  readonly acknowledged: number;
  readonly recoveriesKilled: number;
}

/** Kills a server under mixed writes again and again; fails at the first thing that is lost, half done or done twice. */
export async function crashLoop(
  rounds: number,
  seed: number,
  say: (line: string) => void = () => undefined,
): Promise<Report> {
  const random = new Random(seed);
  const bytes = await readFile(clip);
  const readyMs: number[] = [];
  let recoveriesKilled = 0;
  await using instance = await startOnTemplate({ env: { ...unlimited, ...smallChunks } });
  const lives = Array.from(
    { length: peopleMax },
    () => new SimulatedUser(instance.url, new Random(random.whole(0, 2 ** 31)), bytes),
  );
  const everybodys = () => lives.flatMap(({ videos }) => [...videos.keys()]);

  const acknowledged = () => lives.reduce((sum, life) => sum + life.acknowledged, 0);

  for (let round = 1; round <= rounds; round++) {
    const acknowledgedBefore = acknowledged();
    const living = Promise.all(lives.map((life) => life.goOn(everybodys)));
    // Writes that went wrong fail the round; not before the server is down, so that nothing is left running.
    living.catch(() => undefined);
    // A slow machine needs seconds to its first write, and a round without one tries nothing.
    await until(async () => acknowledged() > acknowledgedBefore);
    // Time is what is tried: the kill hits whatever happens then, here and below.
    await new Promise((resolve) => setTimeout(resolve, random.whole(50, 1_200)));
    for (const life of lives) life.mayFail = true;
    const manner = round <= manners.length ? manners[round - 1] : random.pick(manners);
    const before = await kill(instance, manner ?? "everything");
    await living;
    if (random.next() < inRecovery || round === 2) {
      recoveriesKilled += 1;
      instance.begin();
      await new Promise((resolve) => setTimeout(resolve, random.whole(50, 900)));
      before.push(...(await kill(instance, random.pick(["everything", "alone"] as const) ?? "alone")));
    }
    for (const life of lives) life.mayFail = false;
    const began = performance.now();
    await instance.restart();
    readyMs.push(performance.now() - began);
    assert.deepEqual(survivors(before), [], `round ${round}, ${manner}: processes outlived the next start`);
    for (const life of lives) {
      life.person.hangUp();
      await life.isIntact();
    }
    for (const life of lives) await life.repeat();
    say(`round ${round} of ${rounds}: ${manner}, ready after ${Math.round(readyMs.at(-1) ?? 0)} ms`);
  }

  // Each round leaves videos to be processed, one after the other; what was lost often rests for a minute first.
  const settledMsMax = 120_000 + rounds * 5_000;
  await settled(instance, settledMsMax);
  await processedAgain(instance, lives, settledMsMax);
  for (const life of lives) await life.isExact();
  await untilTidy(instance);
  assert.equal(await instance.stop(), 0);
  // A video whose processing was interrupted three times was given up and asked for again: that is logged, and is no
  // fault.
  assert.deepEqual(
    (await findings(instance.data)).filter((line) => !/was given up after \d+ tries/.test(line)),
    [],
  );
  return {
    readyMs: readyMs.toSorted((a, b) => a - b),
    acknowledged: acknowledged(),
    recoveriesKilled,
  };
}

/** Ends the server in one of these ways; yields what ran until then. */
async function kill(instance: Instance, manner: (typeof manners)[number]) {
  const all = processTree(instance.pid);
  if (manner === "stopped") {
    process.kill(instance.pid, "SIGSTOP");
    // Long enough for requests to meet a server that takes them and does not answer.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  if (manner === "everything") endAll(all);
  else await instance.kill(manner === "group" ? "group" : "leader");
  await instance.exited;
  return all;
}

/** Kills may have cost a video all its tries; asked for again, it is processed after all. */
async function processedAgain(instance: Instance, lives: readonly SimulatedUser[], waitMs: number): Promise<void> {
  const failed = await rows(
    instance.data,
    "media",
    "SELECT id, user_id, error FROM media WHERE status = 'failed' AND deleted_at_ms IS NULL",
  );
  for (const { id, error } of failed) {
    assert.equal(error, "media.server_fault");
    const answers = await Promise.all(
      lives.map(({ person }) => person.ask("POST", `/media/${Number(id)}/transcode`, { body: {} })),
    );
    assert.deepEqual(answers.filter(({ status }) => status < 300).length, 1);
  }
  await settled(instance, waitMs);
  await until(async () => {
    const left = await rows(
      instance.data,
      "media",
      "SELECT FROM media WHERE status <> 'ready' AND deleted_at_ms IS NULL",
    );
    return left.length === 0;
  });
}

/** The value below which this share of them lies. */
export const percentile = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
