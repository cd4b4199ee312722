import assert from "node:assert/strict";
import { glob, mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describe, it } from "node:test";
import type { Failpoint } from "#kernel/environment/failpoint";
import { isNightly } from "#test/depth";
import { Instance } from "../../instance/instance.ts";
import { templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { unlimited } from "../../instance/folders.ts";
import { Random } from "../../random.ts";
import { rows, settled, startJob } from "../../instance/tables.ts";
import { type Grouping, WatchedVideos } from "./watched-videos.ts";

/** The moment of a server's death: at a failpoint, or at random during a training. */
type Kill = Failpoint | "random";
const kills: readonly Kill[] = isNightly
  ? [
      "job.claimed",
      "random",
      "blob.before_rename",
      "blob.after_rename",
      "random",
      "blob.after_sync",
      "job.before_finish",
      "random",
      "job.after_finish",
    ]
  : ["blob.after_sync"];
const trainingMsMax = 1_500;
const unusable = "a model cannot be used";
const oldMs = 2 * 24 * 3_600_000;

/* R1, R2, D2: a model is an object that a row names, and what it is trained of are rows. */
describe("a server killed while it trains a model", () => {
  it("serves the old model or the new one, loses no signal, and leaves no object behind", {
    timeout: 600_000,
  }, async (t) => {
    const seed = Number(process.env["KINORA_TEST_SEED"] ?? Date.now() % 2 ** 31);
    t.diagnostic(`KINORA_TEST_SEED=${seed}`);
    const random = new Random(seed);
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    await instance.restart();
    const videos = new WatchedVideos(instance.url, random);
    await videos.publish();
    let grouping: Grouping = "parity";
    await videos.watchedBy(instance, grouping);
    // A training of fewer videos makes no model.
    await settled(instance);
    await startJob(instance, "recommend", "train");
    await settled(instance);
    assert.equal(await videos.model(), grouping);

    for (const kill of kills) {
      await restarted(instance, videos, kill);
      grouping = grouping === "parity" ? "half" : "parity";
      await videos.watchedBy(instance, grouping);
      const orphans = [await orphan(instance, oldMs), await orphan(instance, 0)];
      await killedInTraining(instance, videos, kill === "random" ? random.whole(0, trainingMsMax) : undefined);
      await restarted(instance, videos);
      await trained(instance);
      const [old = "", young = ""] = orphans;
      await until(async () => !(await objects(instance)).includes(old));
      assert.ok((await objects(instance)).includes(young), "what a training under way has stored stays");
      await instance.kill();
      await restarted(instance, videos);
      assert.equal(await videos.model(), grouping, "the training was repeated");
    }

    assert.ok(!instance.log.some((line) => line.includes(unusable)), "no half model was read");
    const [latest, ...earlier] = await models(instance);
    await damage(instance, latest);
    await instance.kill();
    await restarted(instance, videos);
    assert.notEqual(await videos.model(), grouping, "the model before a damaged one serves");
    assert.ok(instance.log.some((line) => line.includes(unusable)));
    for (const key of earlier) await damage(instance, key);
    await instance.kill();
    await restarted(instance, videos);
    assert.deepEqual(await videos.groupings(), []);
    t.diagnostic(`${videos.acknowledged} likes acknowledged, ${videos.answered} pages answered`);
  });
});

const armed = (kill?: Kill): Record<string, string> =>
  kill === undefined || kill === "random" ? {} : { KINORA_FAILPOINT: `${kill}:crash` };

/** A training is due, and the server dies in it. Pages are answered and likes are acknowledged until then. */
async function killedInTraining(instance: Instance, videos: WatchedVideos, delayMs: number | undefined): Promise<void> {
  const before = videos.acknowledged;
  const loads = [videos.likes(), videos.reads()];
  await until(() => videos.acknowledged > before);
  await startJob(instance, "recommend", "train");
  if (delayMs !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await instance.kill();
  }
  const late = new Promise<"late">((resolve) => setTimeout(resolve, 60_000, "late").unref());
  assert.deepEqual(await Promise.race([instance.exited, late]), { code: null, signal: "SIGKILL" });
  for (const load of loads) await load.end();
}

/** After a start pages are answered by a whole model, and every acknowledged signal is there once its event has arrived. */
async function restarted(instance: Instance, videos: WatchedVideos, next?: Kill): Promise<void> {
  if (next) await instance.kill();
  await instance.restart(armed(next));
  videos.hangUp();
  const reads = videos.reads();
  try {
    await videos.repeat();
    await settled(instance);
    await videos.areFound();
    await videos.feed();
  } finally {
    await reads.end();
  }
}

/** The keys of the models, the latest first. */
const models = async ({ data }: Instance): Promise<string[]> =>
  (await rows(data, "recommend", "SELECT key FROM models ORDER BY id DESC")).map(({ key }) => String(key));

/** Each row has its object, and one of them is served. */
async function trained(instance: Instance): Promise<void> {
  const served = await rows(instance.data, "recommend", "SELECT id FROM models WHERE share = 100");
  assert.equal(served.length, 1);
  const names = await objects(instance);
  for (const key of await models(instance)) assert.ok(names.includes(basename(key)), `${key} has no object`);
}

const paths = async ({ data }: Instance): Promise<string[]> =>
  (await Array.fromAsync(glob("blobs/models/*/*/*", { cwd: data }))).map((path) => join(data, path));
const objects = async (instance: Instance): Promise<string[]> => (await paths(instance)).map((path) => basename(path));

/** An object that no row names, as a training leaves it that was killed so long ago; yields its name. */
async function orphan({ data }: Instance, agoMs: number): Promise<string> {
  const name = [...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  const path = join(data, "blobs/models", name.slice(0, 2), name.slice(2, 4), name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "half a model");
  const changedAt = new Date(Date.now() - agoMs);
  await utimes(path, changedAt, changedAt);
  return name;
}

async function damage(instance: Instance, key: string | undefined): Promise<void> {
  assert.ok(key !== undefined);
  const path = (await paths(instance)).find((one) => basename(one) === basename(key));
  assert.ok(path !== undefined);
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}
