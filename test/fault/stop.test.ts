import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { Instance } from "../e2e/instance.ts";
import { findings } from "./doctor.ts";
import { falseFfmpeg } from "./false-ffmpeg.ts";
import { family, survivors } from "./family.ts";
import { Started, temporary, unlimited } from "./folders.ts";
import { halfAnUpload } from "./half-an-upload.ts";
import { Person } from "./person.ts";
import { rows, settled } from "./tables.ts";
import { until } from "../until.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");
const drainMsMax = 10_000;
/** For a machine that is busy with other things. */
const leewayMs = 3_000;

describe("D10: a server that is asked to stop", () => {
  before(async () => {
    started = await Started.make();
  });
  after(() => started[Symbol.asyncDispose]());
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  it("ends within ten seconds while an upload comes in, and nothing of the upload is left", async () => {
    await using instance = await Instance.start({ data: await started.copy(), env: unlimited });
    const person = new Person(instance.url);
    await person.signUp();
    sockets.push(await halfAnUpload(instance, person));
    const all = family(instance.pid);
    assert.ok(all.length > 3, `${all.length} processes`);
    const { code, ms } = await stopped(instance);
    assert.deepEqual([code, survivors(all), await temporary(instance.data)], [0, [], []]);
    assert.ok(ms < drainMsMax + leewayMs, `${ms} ms`);
    await instance.restart();
    person.hangUp();
    const { used_bytes, reserved_bytes } = await person.get("/upload/usage");
    assert.deepEqual([used_bytes, reserved_bytes], [0, 0]);
  });

  it("ends while a video is processed, leaves no child, and the next start finishes the work", async () => {
    await using slow = await falseFfmpeg("exec sleep 600");
    await using instance = await Instance.on({ data: await started.copy(), env: unlimited });
    await instance.restart({ KINORA_FFMPEG: slow.path });
    const person = new Person(instance.url);
    await person.signUp();
    const { data } = await person.upload(await readFile(clip));
    await until(async () => (await rows(instance.data, "transcoder", "SELECT FROM children")).length > 0);
    const all = family(instance.pid);
    const { code, ms } = await stopped(instance);
    assert.deepEqual([code, survivors(all), await temporary(instance.data)], [0, [], []]);
    assert.ok(ms < drainMsMax + leewayMs, `${ms} ms`);
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

  it("ends with 0 and without a complaint when it had not finished starting", async () => {
    await using instance = await Instance.on({ env: unlimited });
    instance.begin();
    // The first of many databases is there: the start is in the middle of what the stop takes away.
    await until(() => instance.log.some((line) => line.includes("database brought up to date")) || undefined);
    const all = family(instance.pid);
    const { code } = await stopped(instance);
    assert.deepEqual([code, survivors(all)], [0, []], instance.log.join("\n"));
    assert.ok(instance.log.at(-1)?.includes('"stopped"'), instance.log.at(-1));
    assert.ok(!instance.log.some((line) => /^\s+at /.test(line)), instance.log.join("\n"));
    await instance.restart();
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });

  it("takes two signals within a second for one Ctrl-C, and ends at once at a later one", async () => {
    await using instance = await Instance.on({ data: await started.copy(), env: unlimited });
    for (const isPatient of [true, false]) {
      await instance.restart();
      const person = new Person(instance.url);
      await person.signUp();
      // Something that has to be waited for, so that the stop takes its time.
      sockets.push(await halfAnUpload(instance, person));
      const began = performance.now();
      process.kill(instance.pid, "SIGINT");
      await until(() => instance.log.some((line) => line.includes('"stopping"')) || undefined);
      process.kill(instance.pid, "SIGINT");
      if (!isPatient) {
        // What is told apart is the time between two signals.
        await new Promise((resolve) => setTimeout(resolve, 1_200 - (performance.now() - began)));
        const isThere = await Promise.race([instance.gone, Promise.resolve("there")]);
        if (isThere === "there") process.kill(instance.pid, "SIGINT");
        assert.equal((await instance.gone).code, 1);
        assert.ok(performance.now() - began < drainMsMax / 2);
      } else assert.equal((await instance.gone).code, 0);
      instance.log.length = 0;
    }
    // The same as a crash, and repaired like one.
    await instance.restart();
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });
});

let started: Started;
const sockets: Socket[] = [];

async function stopped(instance: Instance): Promise<{ code: number | null; ms: number }> {
  const began = performance.now();
  process.kill(instance.pid, "SIGTERM");
  const { code } = await instance.gone;
  return { code, ms: Math.round(performance.now() - began) };
}
