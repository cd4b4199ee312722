import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { running } from "../../src/kernel/postgres/running.ts";
import { Instance } from "../e2e/instance.ts";
import { findings } from "./doctor.ts";
import { falseFfmpeg } from "./false-ffmpeg.ts";
import { family, survivors } from "./family.ts";
import { Started, temporary, unlimited } from "./folders.ts";
import { Person } from "./person.ts";
import { rows, settled } from "./tables.ts";
import { until } from "./until.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");

describe("F12: a decoder that goes wrong in a whole server", { concurrency: 2 }, () => {
  before(async () => {
    started = await Started.make();
  });
  after(() => started[Symbol.asyncDispose]());

  for (const [name, work, look] of [
    ["crashes each time", "echo 'Conversion failed!' >&2; exit 69"],
    ["leaves helpers behind and writes nothing", "for n in 1 2 3; do sleep 600 & done; exit 0"],
    ["is killed each time", "kill -KILL $$"],
    ["is killed while it looks at the file", "exit 1", "kill -KILL $$"],
    ["floods its messages", "yes 'a message without end' | head -c 20000000 >&2; exit 1"],
  ] satisfies [name: string, work: string, look?: string][])
    it(`${name}: is tried again, then the video has failed with a reason, and nothing is left`, async () => {
      await using decoder = await falseFfmpeg(work, look);
      await using instance = await Instance.on({ data: await started.copy(), env: unlimited });
      await instance.restart({ KINORA_FFMPEG: decoder.path });
      const person = new Person(instance.url);
      await person.signUp();
      const { data } = await person.upload(await readFile(clip));
      const made = await person.ask("POST", "/videos", { body: { title: "Doomed", media_id: data["id"] } });
      const video = await until(
        async () => {
          const found = await person.get(`/videos/${String(made.data["id"])}`);
          return found["status"] === 2 ? found : undefined;
        },
        { said: () => instance.log.slice(-10).join("\n") },
      );
      const reason = video["status_reason"] as { error: string; message: string };
      assert.match(reason.error, /^media\.(?:failed|too_costly)$/);
      assert.match(reason.message, /^[a-z].{10,}/);
      await settled(instance);
      const [job] = await rows(instance.data, "transcoder", "SELECT state, attempt FROM jobs WHERE kind = 'first'");
      assert.deepEqual(job, { state: "dead", attempt: 3 });
      assert.deepEqual([await noted(instance), await temporary(instance.data)], [0, []]);
      assert.deepEqual(await sleepers(instance), []);
      assert.equal((await fetch(`${instance.url}/ready`)).status, 200);
      // Nothing of it shows to others.
      assert.deepEqual((await person.get("/recommend/feed"))["list"], []);
      await instance.stop();
      const [given, ...others] = await findings(instance.data);
      assert.match(given ?? "", /transcoder: the job first \d+ was given up after 3 tries/);
      assert.deepEqual(others, []);
    });

  it("whose process is killed from outside costs a try, and the video is ready", async () => {
    await using decoder = await falseFfmpeg('sleep 1; exec ffmpeg "$@"');
    await using instance = await Instance.on({ data: await started.copy(), env: unlimited });
    await instance.restart({ KINORA_FFMPEG: decoder.path });
    const person = new Person(instance.url);
    await person.signUp();
    const { data } = await person.upload(await readFile(clip));
    const [child] = await until(async () => {
      const found = await rows(instance.data, "transcoder", "SELECT pid FROM children");
      return found.length > 0 ? found : undefined;
    });
    const all = family(Number(child?.["pid"]));
    process.kill(-Number(child?.["pid"]), "SIGKILL");
    await until(async () => (await person.get(`/media/${String(data["id"])}`))["status"] === "ready" || undefined);
    assert.deepEqual(survivors(all), []);
    await settled(instance);
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });
});

let started: Started;

const noted = async (instance: Instance): Promise<number> =>
  (await rows(instance.data, "transcoder", "SELECT FROM children")).length;

/** Helpers of the false decoder that are still there, below the server or left by it. */
async function sleepers({ pid }: Instance): Promise<string[]> {
  const all = family(pid).filter((one) => one.pid !== pid);
  const named = await Promise.all(
    all.map(async (one) => (await readFile(`/proc/${one.pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ")),
  );
  return named.filter((text, place) => /sleep 600/.test(text) && running(all[place]?.pid ?? 0) !== undefined);
}
