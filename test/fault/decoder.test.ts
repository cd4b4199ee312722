import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Instance } from "../e2e/instance.ts";
import { findings } from "./doctor.ts";
import { falseFfmpeg } from "./false-ffmpeg.ts";
import { family, survivors } from "./family.ts";
import { unlimited, untilTidy } from "./folders.ts";
import { Person } from "./person.ts";
import { rows, settled } from "./tables.ts";
import { processesNamed } from "../processes.ts";
import { templateCopy } from "../template.ts";
import { until } from "../until.ts";

const clips = join(import.meta.dirname, "../media");

describe("F3, F12: a decoder that goes wrong in a whole server", { concurrency: 2 }, () => {
  for (const [at, { name, error, work, look, clip = "one-frame.mp4" }] of wrongs().entries())
    it(`${name}: is tried again, then the video has failed with a reason, and nothing is left`, async () => {
      // A nap of its own: it is looked for among all processes, wherever it went.
      const nap = `sleep 600.${process.pid}${at}`;
      await using decoder = await falseFfmpeg(work.replaceAll("sleep 600", nap), look);
      await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
      // Those that do not hang must not seem to on a busy machine.
      const stall = error === "media.too_slow" ? "3s" : "15s";
      await instance.restart({ KINORA_FFMPEG: decoder.path, KINORA_MEDIA_STALL: stall });
      const person = new Person(instance.url);
      await person.signUp();
      const { data } = await person.upload(await readFile(join(clips, clip)));
      const made = await person.ask("POST", "/videos", { body: { title: "Doomed", media_id: data["id"] } });
      const video = await until(
        async () => {
          const found = await person.get(`/videos/${String(made.data["id"])}`);
          return found["status"] === 2 ? found : undefined;
        },
        { said: () => instance.log.slice(-10).join("\n"), waitMs: 100_000 },
      );
      const reason = video["status_reason"] as { error: string; message: string };
      assert.equal(reason.error, error);
      assert.match(reason.message, /^[a-z].{10,}/);
      await settled(instance);
      const [job] = await rows(instance.data, "transcoder", "SELECT state, attempt FROM jobs WHERE kind = 'first'");
      assert.deepEqual(job, { state: "dead", attempt: 3 });
      await until(async () => (await noted(instance)) === 0 && (await processesNamed(nap)) === 0);
      await untilTidy(instance);
      assert.equal((await fetch(`${instance.url}/ready`)).status, 200);
      // Nothing of it shows to others.
      assert.deepEqual((await person.get("/recommend/feed"))["list"], []);
      await instance.stop();
      const [given, ...others] = await findings(instance.data);
      assert.match(given ?? "", /transcoder: the job first \d+ was given up after 3 tries/);
      assert.deepEqual(others, []);
    });

  it("whose process is killed from outside costs a try, and the video is ready", async () => {
    await using decoder = await falseFfmpeg('sleep 3; exec ffmpeg "$@"');
    await using instance = await Instance.on({ data: await templateCopy(), env: unlimited });
    await instance.restart({ KINORA_FFMPEG: decoder.path });
    const person = new Person(instance.url);
    await person.signUp();
    const { data } = await person.upload(await readFile(join(clips, "one-frame.mp4")));
    const all = await until(async () => {
      for (const { pid } of await rows(instance.data, "transcoder", "SELECT pid FROM children")) {
        const found = family(Number(pid));
        if (await kills(Number(pid), decoder.path)) return found;
      }
      return undefined;
    });
    await until(async () => (await person.get(`/media/${String(data["id"])}`))["status"] === "ready" || undefined);
    await until(() => survivors(all).length === 0);
    await settled(instance);
    await instance.stop();
    assert.deepEqual(await findings(instance.data), []);
  });
});

interface Wrong {
  readonly name: string;
  /** The reason its owner is told. */
  readonly error: string;
  readonly work: string;
  readonly look?: string;
  readonly clip?: string;
}

function wrongs(): Wrong[] {
  // One second of CPU is the most it gets.
  const doomed = "ulimit -t 1";
  const failed = "media.failed";
  const slow = "media.too_slow";
  const costly = "media.too_costly";
  return [
    { name: "crashes each time", error: failed, work: "echo 'Conversion failed!' >&2; exit 69" },
    { name: "leaves helpers and writes nothing", error: failed, work: "for n in 1 2 3; do sleep 600 & done; exit 0" },
    { name: "hangs with its helpers", error: slow, work: "sleep 600 & echo frame=1; wait" },
    { name: "repeats itself and comes no further", error: slow, work: "while echo out_time_us=1; do sleep 0.1; done" },
    {
      name: "F3: takes memory until there is none",
      error: failed,
      work: "ulimit -v 300000; head -c 2G /dev/zero | tail -n 1",
    },
    // By the kernel, as where memory ends for all: the first process of a namespace cannot kill itself.
    {
      name: "F3: is killed each time",
      error: costly,
      work: `${doomed}; while :; do n=$((n + 1)); echo out_time_us=$n; done`,
    },
    {
      name: "is killed while it looks at the file",
      error: costly,
      work: "exit 1",
      look: `${doomed}; while :; do :; done`,
    },
    { name: "floods its messages", error: failed, work: "yes 'a message' | head -c 20000000 >&2; exit 1" },
    { name: "floods its output", error: slow, work: "exec yes 'a line without end'" },
    // FFmpeg reads three of six seconds and ends as if that were all.
    { name: "makes half of it", error: failed, work: 'exec ffmpeg -t 3 "$@"', clip: "basic-720p.mp4" },
  ];
}

/** Kills a group where it does this work; yields whether it did, for another may have ended or look at a file only. */
async function kills(pid: number, program: string): Promise<boolean> {
  const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (!words.split("\0").includes(program)) return false;
  try {
    return process.kill(-pid, "SIGKILL");
  } catch {
    return false;
  }
}

const noted = async (instance: Instance): Promise<number> =>
  (await rows(instance.data, "transcoder", "SELECT FROM children")).length;
