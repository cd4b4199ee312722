import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { Instance } from "../../instance/instance.ts";
import { findings } from "../../instance/doctor.ts";
import { falseFfmpeg } from "../media/false-ffmpeg.ts";
import { processTree, survivors } from "../../process/process-tree.ts";
import { temporary, unlimited } from "../../instance/folders.ts";
import { halfAnUpload } from "../../uploads/half-an-upload.ts";
import { Person } from "../../users/person.ts";
import { rows, settled } from "../../instance/tables.ts";
import { templateCopy } from "../../instance/template.ts";
import { until } from "../../until.ts";

const clip = join(import.meta.dirname, "../../media/one-frame.mp4");

/* A stop that passes its limit ends with 1: test/process/onstop.test.ts. Most here have all the time a busy machine needs. */
describe("D10: a stopping server", () => {
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  it("ends under a limit of ten seconds despite a stalled upload, leaves nothing of it, and takes two signals within a second as one", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    const person = new Person("");
    let code: number | null = null;
    let all: ReturnType<typeof processTree> = [];
    // A busy machine may lose seconds in one stop; it does not in each.
    for (let tries = 0; tries < 3 && code !== 0; tries += 1) {
      await instance.restart({ KINORA_STOP_MAX: "10s" });
      person.url = instance.url;
      person.hangUp();
      await person.signUp();
      sockets.push(await halfAnUpload(instance, person));
      all = processTree(instance.pid);
      assert.ok(all.length > 3, `${all.length} processes`);
      code = await instance.stop();
    }
    assert.deepEqual([code, survivors(all), await temporary(instance.data)], [0, [], []]);
    await instance.restart();
    person.hangUp();
    const { used_bytes, reserved_bytes } = await person.get("/upload/usage");
    assert.deepEqual([used_bytes, reserved_bytes], [0, 0]);
    await interrupted(instance);
    assert.equal((await instance.exited).code, 0);
  });

  it("ends during processing, leaves no child process, and finishes the work after the next start", async () => {
    await using slow = await falseFfmpeg("exec sleep 600");
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    // Less than a child may say nothing: it is ended, not waited for.
    await instance.restart({ KINORA_FFMPEG: slow.path, KINORA_STOP_MAX: "30s" });
    const person = new Person(instance.url);
    await person.signUp();
    const { data } = await person.upload(await readFile(clip));
    await until(async () => (await rows(instance.data, "transcoder", "SELECT FROM children")).length > 0);
    const all = processTree(instance.pid);
    const code = await instance.stop();
    assert.deepEqual([code, survivors(all), await temporary(instance.data)], [0, [], []]);
    await instance.restart();
    const jobs = await rows(instance.data, "transcoder", "SELECT kind, attempt FROM jobs WHERE kind = 'first'");
    // An interrupted try is given back: it does not count.
    assert.ok(
      jobs.every(({ attempt }) => Number(attempt) <= 1),
      JSON.stringify(jobs),
    );
    person.hangUp();
    await settled(instance);
    assert.equal((await person.get(`/media/${String(data["id"])}`))["status"], "ready");
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });

  it("ends with exit code 0 and without a stack trace before it has finished starting", async () => {
    await using instance = await Instance.on({ env: unlimited });
    instance.begin();
    // The databases are being created: the start is in the middle of what the stop takes away.
    await until(() => instance.log.some((line) => line.includes("creating tables")) || undefined);
    const all = processTree(instance.pid);
    const code = await instance.stop();
    assert.deepEqual([code, survivors(all)], [0, []], instance.log.join("\n"));
    // Work of the start may fail in the moment after it.
    assert.ok(
      instance.log.slice(-2).some((line) => line.includes('"stopped"')),
      instance.log.join("\n"),
    );
    assert.ok(!instance.log.some((line) => /^\s+at /.test(line)), instance.log.join("\n"));
    await instance.restart();
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });

  it("ends with exit code 1 at a later second signal, and recovers at the next start", async () => {
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    let code: number | null = 0;
    // The time between two signals decides. On a busy machine the stop can be over before the second one.
    for (let tries = 0; tries < 5 && code === 0; tries += 1) {
      await instance.restart();
      await interrupted(instance);
      await until(() => instance.log.some((line) => line.includes('"stopping"')));
      const later = new Promise((resolve) => setTimeout(resolve, 1_200, "there"));
      if ((await Promise.race([instance.exited, later])) === "there") process.kill(instance.pid, "SIGINT");
      ({ code } = await instance.exited);
      instance.log.length = 0;
    }
    assert.equal(code, 1);
    await instance.restart();
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });
});

const sockets: Socket[] = [];

/** Asks it to stop while there is something it has to wait for, twice at once; two of one kind may arrive as one. */
async function interrupted(instance: Instance): Promise<void> {
  const person = new Person(instance.url);
  await person.signUp();
  sockets.push(await halfAnUpload(instance, person));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.kill(instance.pid, signal);
}
