import assert from "node:assert/strict";
import { glob, mkdtemp, readFile, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { type Failpoint, failpoints } from "#kernel/environment/failpoint";
import { isNightly } from "#test/depth";
import { Instance } from "../../instance/instance.ts";
import { findings } from "../../instance/doctor.ts";
import { temporary, unlimited, untilTidy } from "../../instance/folders.ts";
import { type Kill, killedAtNight, passes, type Row, rowsOfKills } from "./kills.ts";
import { MainJob } from "../../users/main-job.ts";
import { copiesIn, makeOlder } from "../../instance/older-data.ts";
import { Person } from "../../users/person.ts";
import { rows, settled } from "../../instance/tables.ts";
import { templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";

/*
 * F2, D1, D2, D4–D6, R1–R3: a whole server is killed at every border between two durable steps of the main job, and
 * started again. The nightly run does so at several of the times it passes them. Acknowledged data is there, the rest
 * is whole or absent, and everything arrives once.
 */
const clip = join(import.meta.dirname, "../../media/odd-size-427x241.webm");

describe("F2, R1–R3: the main job", {
  concurrency: 2,
}, () => {
  before(async () => {
    bytes = await readFile(clip);
  });

  for (const row of rowsOfKills)
    it(`loses nothing and repeats nothing after ${killsOf(row).length} kills: ${killsOf(row).map(textOf).join("; ")}`, () =>
      dyingServer(row));

  for (const kill of isNightly ? singleKills() : [])
    it(`loses nothing and repeats nothing after a kill at ${textOf(kill)}: ${failpoints[kill[0]]}`, () =>
      dyingServer(rowOf(kill)));

  it("is killed at each of its failpoints, except those of uploads in parts and of the nightly run", () => {
    const killed = rowsOfKills.flatMap(killsOf).map(([name]) => name);
    // Uploads in parts pass these too: upload-failpoints.test.ts.
    const inParts = Object.keys(passes).filter((name) => /^(?:piece|assemble|upload)\./.test(name));
    assert.deepEqual([...killed, ...killedAtNight, ...inParts].toSorted(), Object.keys(passes).toSorted());
  });
});

let bytes: Buffer;

function singleKills(): Kill[] {
  const all = Object.entries(passes) as [Failpoint, readonly number[]][]; // The rows of the table of passes.
  return all.flatMap(([name, numbers]) => numbers.map((nth): Kill => [name, nth]));
}

function rowOf(kill: Kill): Row {
  const [name] = kill;
  if (name.startsWith("purge.")) return { folder: "used", kills: [], purge: kill };
  const folder = name.startsWith("upgrade.") ? "older" : name.startsWith("migrate.") ? "empty" : "used";
  return { folder, kills: [kill] };
}

function killsOf({ kills, purge }: Row): readonly Kill[] {
  return purge ? [...kills, purge] : kills;
}

function textOf([name, nth]: Kill): string {
  return `${name}, time ${nth}`;
}

/** The server dies somewhere in its start or in the main job, and again in what is left of it. */
async function dyingServer({ folder, kills, purge }: Row): Promise<void> {
  const data = folder === "empty" ? await mkdtemp(join(tmpdir(), "kinora-fault-")) : await templateCopy();
  await using instance = await Instance.on({ data, env: unlimited });
  if (folder === "older") await makeOlder(data);
  const person = new Person("");
  const job = new MainJob(person, bytes);
  for (const [n, kill] of kills.entries()) {
    await dyingJob(instance, person, job, kill, n > 0);
    // The copies made before an upgrade are kept (D11).
    if (kill[0].startsWith("upgrade.")) assert.deepEqual(await copiesIn(data), ["kinora_midway"]);
  }
  await repaired(instance, person, job);
  if (purge) await dyingPurge(instance, person, job, purge);
  assert.equal(await instance.stop(), 0);
  assert.deepEqual(await findings(data), []);
  if (folder === "older") assert.deepEqual(await copiesIn(data), ["kinora_before"]);
}

async function dyingJob(
  instance: Instance,
  person: Person,
  job: MainJob,
  [name, nth]: Kill,
  hasDied: boolean,
): Promise<void> {
  const before = await temporary(instance.data);
  instance.begin(armed(name, nth));
  const wholeJob = async () => {
    await instance.ready();
    person.url = instance.url;
    if (hasDied) await isRecovered(instance, person, job, before);
    await job.goOn();
    await settled(instance);
  };
  // It ends early when the server does.
  const isOver = wholeJob().catch((error: unknown) => error);
  await Promise.race([isOver, instance.exited]);
  await died(instance, name);
  const error = await isOver;
  // A dead server makes other errors than one that lost data.
  if (error instanceof assert.AssertionError) throw error;
}

/** The server dies while it removes the bytes of what was deleted, a day after that. */
async function dyingPurge(instance: Instance, person: Person, job: MainJob, [name, nth]: Kill): Promise<void> {
  assert.equal((await person.ask("DELETE", `/videos/${job.acked.video}`)).status, 200);
  await settled(instance);
  assert.equal((await person.get("/upload/usage"))["used_bytes"], 0);
  await aDayLater(instance);
  await instance.kill();
  instance.begin(armed(name, nth));
  await died(instance, name);
  await instance.restart();
  await untilPurged(instance);
  assert.deepEqual(await stored(instance), []);
  person.hangUp();
  assert.equal((await person.ask("GET", `/videos/${job.acked.video}`)).status, 404);
}

const armed = (name: Failpoint, nth: number) => ({ KINORA_FAILPOINT: `${name}:crash@${nth}` });

/** Fails where the point was never reached: then the process is still there. */
async function died(instance: Instance, name: Failpoint): Promise<void> {
  const late = new Promise<"late">((resolve) => setTimeout(resolve, 100_000, "late").unref());
  const exit = await Promise.race([instance.exited, late]);
  assert.deepEqual(
    exit,
    { code: null, signal: "SIGKILL" },
    `${name} was not reached\n${instance.log.slice(-5).join("\n")}`,
  );
}

async function repaired(instance: Instance, person: Person, job: MainJob): Promise<void> {
  const before = await temporary(instance.data);
  await instance.restart();
  await isRecovered(instance, person, job, before);
  await job.goOn();
  await settled(instance);
  await job.isDoneOnce(instance);
  await untilTidy(instance);
}

/** A dead server's temporary files are removed, and what it acknowledged is there. */
async function isRecovered(instance: Instance, person: Person, job: MainJob, left: readonly string[]): Promise<void> {
  person.url = instance.url;
  person.hangUp();
  // A job that is retried immediately has new ones.
  assert.deepEqual(
    (await temporary(instance.data)).filter((name) => left.includes(name)),
    [],
  );
  await job.isIntact();
}

/** Makes everything look a day older, as the grace time of deletions sees it. */
async function aDayLater(instance: Instance): Promise<void> {
  const before = new Date(Date.now() - 25 * 3_600_000);
  for (const path of await stored(instance)) await utimes(path, before, before);
  for (const service of ["media", "upload"])
    await rows(instance.data, service, "UPDATE jobs SET due_ms = 0 WHERE kind = 'purge' AND state = 'queued'");
}

async function untilPurged(instance: Instance): Promise<void> {
  const open = async (service: string) =>
    (await rows(instance.data, service, "SELECT FROM jobs WHERE kind = 'purge' AND state IN ('queued', 'running')"))
      .length;
  await until(async () => (await open("media")) + (await open("upload")) === 0);
}

const stored = async ({ data }: Instance): Promise<string[]> =>
  (await Array.fromAsync(glob("blobs/{media,upload}/*/*/*", { cwd: data }))).map((path) => join(data, path));
