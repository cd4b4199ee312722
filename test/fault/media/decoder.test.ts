import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { inTurn, isNightly } from "../../depth.ts";
import type { Instance } from "../../instance/instance.ts";
import { distinctClip } from "../../uploads/distinct-clip.ts";
import { findings } from "../../instance/doctor.ts";
import { falseFfmpeg } from "./false-ffmpeg.ts";
import { unlimited, untilTidy } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";
import { rows, settled } from "../../instance/tables.ts";
import { killNamed, processesNamed } from "../../process/processes.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";

const clips = join(import.meta.dirname, "../../media");

/** One that waits to be killed from outside, and is found by its words. */
const doomed = `sleep 600.${process.pid}`;

/** One server for decoders that go wrong one after the other. */
class Ground implements AsyncDisposable {
  readonly #stall: string;
  #decoder: Awaited<ReturnType<typeof falseFfmpeg>> | undefined;
  #instance: Instance | undefined;

  constructor(stall: string) {
    this.#stall = stall;
  }

  async open(): Promise<void> {
    this.#decoder = await falseFfmpeg("exit 1");
    this.#instance = await startOnTemplate({
      env: {
        ...unlimited,
        KINORA_FFMPEG: this.#decoder.path,
        KINORA_MEDIA_STALL: this.#stall,
        // Four times as long after each further kill: 5 s after the third, 20 s after the fourth.
        KINORA_MEDIA_SHORTAGE: "300ms",
      },
    });
  }

  get instance(): Instance {
    assert.ok(this.#instance, "it is started");
    return this.#instance;
  }
  get decoder() {
    assert.ok(this.#decoder, "it is started");
    return this.#decoder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#instance?.[Symbol.asyncDispose]();
    await this.#decoder?.[Symbol.asyncDispose]();
  }
}

describe("F3, F12: a failing decoder in a whole server", { concurrency: 2 }, () => {
  for (const [says, stall, isOne] of [
    ["with a stall limit of 2 s", "2s", isSlow],
    // Those that do not hang must not seem to on a busy machine.
    ["with a stall limit of 60 s", "60s", (one: Wrong) => !isSlow(one)],
  ] as const)
    describe(says, { concurrency: 1 }, () => {
      const group = wrongs().filter((wrong) => isOne(wrong) && (isNightly || wrong.isUsual));
      const ground = new Ground(stall);
      before(() => ground.open());
      after(() => ground[Symbol.asyncDispose]());

      for (const [at, wrong] of group.entries())
        it(`is retried, fails the video with a reason, and leaves no process or temporary file: ${wrong.name}`, () =>
          isGivenUp(ground, wrong, `${stall}${at}`));

      if (stall === "60s")
        for (const [what, work, look] of inTurn(
          [
            ["while it works", `exec ${doomed}`, undefined],
            ["while it probes the file", "exit 1", `exec ${doomed}`],
          ] as const,
          0,
        ))
          it(`F3: condemns no file while it is killed from outside each time, ${what}`, () =>
            isReadyAfterKills(ground, work, look));

      it("leaves only one job record of each failed video", async () => {
        await ground.instance.stop();
        const lines = await findings(ground.instance.data);
        assert.equal(lines.length, group.length, lines.join("\n"));
        for (const finding of lines)
          assert.match(finding, /transcoder: the job (first|quick) \d+ was given up after 3 tries/);
      });
    });
});

async function isGivenUp({ instance, decoder }: Ground, wrong: Wrong, name: string): Promise<void> {
  const { error, work, look, clip = "one-frame.mp4" } = wrong;
  // A nap of its own: it is looked for among all processes, wherever it went.
  const nap = `sleep 600.${process.pid}${Number.parseInt(name, 10)}${name.at(-1)}`;
  await decoder.become(work.replaceAll("sleep 600", nap), look);
  const person = new Person(instance.url);
  await person.signUp();
  const { data } = await person.upload(await clipOf(clip, name));
  const response = await person.ask("POST", "/videos", { body: { title: "Doomed", media_id: data["id"] } });
  const video = await until(
    async () => {
      const row = await person.get(`/videos/${String(response.data["id"])}`);
      return row["status"] === 2 ? row : undefined;
    },
    { said: () => instance.log.slice(-10).join("\n"), waitMs: 300_000 },
  );
  const reason = video["status_reason"] as { error: string; message: string };
  assert.equal(reason.error, error);
  assert.match(reason.message, /^[a-z].{10,}/);
  await settled(instance);
  const [job] = await rows(
    instance.data,
    "transcoder",
    "SELECT state, attempt FROM jobs WHERE kind IN ('first', 'quick') ORDER BY id DESC LIMIT 1",
  );
  assert.deepEqual(job, { state: "dead", attempt: 3 });
  await until(async () => (await childCount(instance)) === 0 && (await processesNamed(nap)) === 0);
  await untilTidy(instance);
  assert.equal((await fetch(`${instance.url}/ready`)).status, 200);
  // Nothing of it shows to others.
  assert.deepEqual((await person.get("/recommend/feed"))["list"], []);
}

/** The job waits after each of more kills than it has tries, counts none, and makes the video when nobody kills any more. */
async function isReadyAfterKills({ instance, decoder }: Ground, work: string, look?: string): Promise<void> {
  await decoder.become(work, look);
  const person = new Person(instance.url);
  await person.signUp();
  const { data } = await person.upload(await clipOf("one-frame.mp4", `killed ${work}`));
  const waiting = await until(
    async () => {
      await killNamed(doomed);
      const text = "SELECT attempt, fence, last_error FROM jobs WHERE state = 'queued' AND fence > 3";
      return (await rows(instance.data, "transcoder", text))[0];
    },
    { waitMs: 300_000 },
  );
  assert.deepEqual([waiting["attempt"], waiting["last_error"]], [0, "memory is short"]);
  await decoder.become('exec ffmpeg "$@"');
  const isReady = async () => {
    // One that was begun just before.
    await killNamed(doomed);
    return (await person.get(`/media/${String(data["id"])}`))["status"] === "ready" || undefined;
  };
  await until(isReady, { waitMs: 300_000 });
  await settled(instance);
}

interface Wrong {
  readonly name: string;
  /** One of its kind that every run has; the others are for the night. */
  readonly isUsual?: boolean;
  /** The reason that its owner sees. */
  readonly error: string;
  readonly work: string;
  readonly look?: string;
  readonly clip?: string;
}

function isSlow({ error }: Wrong): boolean {
  return error === "media.too_slow";
}

function wrongs(): Wrong[] {
  const failed = "media.decoder_failed";
  const short = "media.result_short";
  const slow = "media.too_slow";
  return [
    { name: "crashes each time", isUsual: true, error: failed, work: "echo 'Conversion failed!' >&2; exit 69" },
    { name: "leaves helpers and writes nothing", error: short, work: "for n in 1 2 3; do sleep 600 & done; exit 0" },
    { name: "hangs with its helpers", isUsual: true, error: slow, work: "sleep 600 & echo frame=1; wait" },
    {
      name: "reports the same position without progress",
      error: slow,
      work: "while echo out_time_us=1; do sleep 0.1; done",
    },
    {
      name: "F3: exhausts its memory",
      isUsual: true,
      error: failed,
      work: "ulimit -v 50000; head -c 2G /dev/zero | tail -n 1",
    },
    { name: "floods its error output", error: failed, work: "yes 'a message' | head -c 20000000 >&2; exit 1" },
    { name: "floods its output", error: slow, work: "yes 'a line without end' | head -c 100M; sleep 600" },
    // FFmpeg reads three of six seconds and ends as if that were all.
    {
      name: "writes only half of the film",
      isUsual: true,
      error: short,
      work: 'exec ffmpeg -t 3 "$@"',
      clip: "moov-at-end.mp4",
    },
  ];
}

const clipOf = async (name: string, text: string): Promise<Buffer> =>
  distinctClip(await readFile(join(clips, name)), text);

const childCount = async (instance: Instance): Promise<number> =>
  (await rows(instance.data, "transcoder", "SELECT FROM children")).length;
