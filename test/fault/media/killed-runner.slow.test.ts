import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { without } from "#media/testing";
import { findings } from "../../instance/doctor.ts";
import { temporary, unlimited } from "../../instance/folders.ts";
import type { Instance } from "../../instance/instance.ts";
import { RunnerProcess } from "../../instance/runner-process.ts";
import { rows, settled } from "../../instance/tables.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { Person } from "../../users/person.ts";

const execute = promisify(execFile);
const ffmpeg = await execute("ffmpeg", ["-version"]).catch(() => undefined);
const skip = without(ffmpeg, "FFmpeg");

describe("a server that leaves all transcoding to runners", { skip, timeout: 600_000 }, () => {
  before(async () => {
    const env = { ...unlimited, KINORA_MEDIA_WORKERS: "0", KINORA_ADMIN_USERNAME: "keeper" };
    instance = await startOnTemplate({ env: { ...env, KINORA_ADMIN_PASSWORD: "blue bicycle" } });
    administrator = new Person(instance.url, "keeper");
    await administrator.signIn();
  });
  after(async () => {
    administrator.hangUp();
    await instance[Symbol.asyncDispose]();
  });

  it("has each job done exactly once when a runner is killed in the middle of one (D4)", async () => {
    await using first = await RunnerProcess.start(await registration());
    const id = await upload("killed");
    await until(() => isAtWork(id), { waitMs: 60_000, said: () => first.log.join("\n") });
    assert.equal((await stat(join(first.data, "runner/runner.json"))).mode & 0o777, 0o600);
    first.signal("SIGKILL", "group");
    await first.exited;
    await using second = await RunnerProcess.start(await registration());
    await assertDoneOnce(id, second);
    const [lost] = await rows(
      instance.data,
      "transcoder",
      `SELECT max(lost)::int AS lost FROM jobs WHERE unique_key = '${id}'`,
    );
    assert.equal(lost?.["lost"], 1);
    assert.equal((await second.stop()).code, 0);
  });

  it("refuses a runner that returns after its job went to another one, and publishes nothing of it", async () => {
    await using late = await RunnerProcess.start(await registration());
    const id = await upload("late");
    await until(() => isAtWork(id), { waitMs: 60_000, said: () => late.log.join("\n") });
    late.signal("SIGSTOP");
    await using other = await RunnerProcess.start(await registration());
    await assertDoneOnce(id, other);
    const before = await facts(id);
    late.signal("SIGCONT");
    await until(() => late.log.some((line) => line.includes("another worker holds this job by now")), {
      waitMs: 60_000,
      said: () => late.log.slice(-20).join("\n"),
    });
    assert.deepEqual(await facts(id), before);
    assert.equal((await late.stop()).code, 0);
    assert.equal((await other.stop()).code, 0);
  });

  it("gets the job of a runner back that is stopped, and that try does not count", async () => {
    const env = await registration();
    await using stopped = await RunnerProcess.start(env);
    const id = await upload("stopped");
    await until(() => isAtWork(id), { waitMs: 60_000, said: () => stopped.log.join("\n") });
    assert.equal((await stopped.stop()).code, 0);
    const [job] = await rows(
      instance.data,
      "transcoder",
      `SELECT attempt, lost, state FROM jobs WHERE unique_key = '${id}' AND state IN ('queued', 'running')`,
    );
    assert.deepEqual(job, { attempt: 0, lost: 0, state: "queued" });
    // The kept registration is used again: the token for it may be revoked by now.
    const { KINORA_RUNNER_TOKEN: _, ...without } = env;
    await using again = await RunnerProcess.start(without, stopped.data);
    await assertDoneOnce(id, again);
    assert.equal((await again.stop()).code, 0);
  });

  it("is whole in the end", async () => {
    assert.deepEqual(await temporary(instance.data), []);
    assert.equal(await instance.stop(), 0);
    assert.deepEqual(await findings(instance.data), []);
  });
});

let instance: Instance;
let administrator: Person;

/** The environment of a new runner. */
async function registration(): Promise<{ KINORA_RUNNER_URL: string; KINORA_RUNNER_TOKEN: string }> {
  const { status, data } = await administrator.ask("POST", "/admin/runner-registrations", { body: { label: "test" } });
  assert.equal(status, 200);
  return { KINORA_RUNNER_URL: instance.url, KINORA_RUNNER_TOKEN: String(data["token"]) };
}

/** A clip that takes some seconds to transcode. */
async function upload(name: string): Promise<number> {
  const path = join(instance.data, `${name}.mp4`);
  const source = `-f lavfi -i testsrc2=s=1280x720:r=25:d=12 -f lavfi -i sine=f=${name.length}00:d=12`;
  const encoding = "-c:v libx264 -preset ultrafast -g 60 -pix_fmt yuv420p -c:a aac";
  await execute("ffmpeg", ["-v", "error", ...source.split(" "), ...encoding.split(" "), path]);
  const { status, data } = await administrator.upload(await readFile(path));
  assert.ok(status < 300, String(status));
  return Number(data["id"]);
}

/** True while a runner makes the renditions of a media object. */
async function isAtWork(id: number): Promise<boolean> {
  const { data } = await administrator.ask("GET", "/admin/runners");
  const items = data["list"] as { jobs: { media_id: number; kind: string }[] }[]; // By contract.
  return items.some(({ jobs }) => jobs.some((job) => job.media_id === id && job.kind === "ladder"));
}

async function facts(id: number) {
  const { renditions, status, duration } = await administrator.get(`/media/${id}`);
  return { renditions, status, duration };
}

/** Fails unless every job of a media object has one result, and all that it was to have is there. */
async function assertDoneOnce(id: number, runner: RunnerProcess): Promise<void> {
  await until(async () => (await administrator.get(`/media/${id}/transcode`))["status"] === "completed", {
    waitMs: 180_000,
    said: () => runner.log.slice(-30).join("\n"),
  });
  await settled(instance, 120_000);
  const { renditions, status } = await administrator.get(`/media/${id}`);
  const names = (renditions as { profile: string }[]).map(({ profile }) => profile); // By contract.
  assert.deepEqual([status, names], ["ready", ["240p", "480p", "720p"]]);
  const jobs = await rows(
    instance.data,
    "transcoder",
    `SELECT kind, state FROM jobs WHERE unique_key = '${id}' ORDER BY id`,
  );
  assert.deepEqual(
    jobs.map(({ kind, state }) => `${String(kind)} ${String(state)}`),
    ["first done", "ladder done", "extras done"],
  );
}
