import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { mediaFailed, mediaReady } from "#events/media";
import { videoDeleted } from "#events/video";
import { transcodeProgress, transcodingCompleted } from "#events/transcoder";
import { contract, type Host, on, plugin } from "#kernel";
import { type Children, realChildren } from "#kernel/environment/children";
import { searchPath } from "#kernel/environment/search-path";
import { silentLog } from "#kernel/log/port";
import { callOf } from "#kernel/host/testing";
import { createChildren } from "#media/process/children";
import { recordOf } from "#media/process/leftover";
import { without } from "#media/testing";
import { media } from "#services/media/contract";
import { sql } from "kysely";
import { inTurn } from "#test/depth";
import { commandsWith } from "#test/process/processes";
import { until } from "#test/until";
import { transcoder } from "./contract.ts";
import { endLeftovers, createTableRecords } from "./attempt/leftovers.ts";
import type * as store from "./store.ts";
import { clipPath, MediaFixture } from "./testing.ts";

const execute = promisify(execFile);
const ffmpeg = await execute("ffmpeg", ["-version"]).catch(() => undefined);
const skip = without(ffmpeg, "FFmpeg");

describe("transcoding", { skip }, () => {
  before(async () => {
    await fixture.open();
    await fixture.host.add(listener);
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("repackages a compatible source with a wrong length in its header, and uses the length of its packets", async () => {
    const bytes = await readFile(clipPath("silent-audio.mp4"));
    // ISO/IEC 14496-12:2022 §8.2.2: version 0 has its duration after two times and the timescale.
    const durationAt = bytes.indexOf("mvhd") + 20;
    bytes.writeUInt32BE(bytes.readUInt32BE(durationAt) * 20, durationAt);
    const { id } = await fixture.sendBytes(bytes, "lying.mp4", mira);
    const ready = await fixture.when(id, mira, ({ status }) => status !== "processing");
    assert.equal(ready.status, "ready");
    // A late look sees the other renditions too.
    assert.ok(ready.renditions.some(({ profile }) => profile === "180p"));
    assert.ok(Math.abs(ready.durationMs - 4_000) <= 200, `${ready.durationMs}`);
    await done(id);
  });

  it("encodes a source with compatible headers and incompatible packets", async () => {
    const path = join(fixture.folder, "far-key-frames.mp4");
    const source = "-f lavfi -i testsrc2=s=320x240:r=30:d=12 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    await execute("ffmpeg", ["-loglevel", "error", ...source.split(" "), ..."-g 400 -keyint_min 400".split(" "), path]);
    const { id } = await fixture.sendBytes(await readFile(path), "far-key-frames.mp4", mira);
    const ready = await fixture.when(id, mira, ({ status }) => status === "ready");
    assert.equal(ready.renditions.length, 1);
    const { renditions } = await tracks.playable({ id }, callOf());
    // A key frame every two seconds, which the source does not have.
    const times = await keyFrames(renditions[0]?.video?.key);
    assert.ok(times.length >= 6, times.join(" "));
    await done(id);
    await nothingLeft();
  });

  it("makes a compatible source playable unchanged, then adds its cover and the other renditions", async () => {
    const item = await fixture.send("basic-720p.mp4", mira);
    const first = await fixture.when(item.id, mira, ({ status }) => status === "ready");
    assert.deepEqual([first.kind, first.width, first.height], ["video", 1280, 720]);
    assert.ok(Math.abs(first.durationMs - 6_000) <= 200, `${first.durationMs}`);
    const whole = await done(item.id);
    assert.deepEqual(
      whole.renditions.map(({ profile, width, height }) => [profile, width, height]),
      [
        ["240p", 426, 240],
        ["480p", 852, 480],
        ["720p", 1280, 720],
      ],
    );
    assert.equal(whole.hasCover, true);
    const { renditions, audio, cover } = await tracks.playable({ id: item.id }, callOf());
    for (const track of [audio, ...renditions.map(({ video }) => video)])
      assert.ok(track && (await fixture.isStored(track.indexKey)));
    const about = await facts(renditions.find(({ profile }) => profile === "720p")?.video?.key);
    assert.deepEqual(about, { codec: "h264", width: 1280, height: 720 });
    assert.deepEqual(await facts(audio?.key), { codec: "aac", width: 0, height: 0 });
    assert.deepEqual((await facts(cover?.key)).codec, "mjpeg");
    await nothingLeft();
  });

  it("encodes a small rendition first when the source cannot be played unchanged", async () => {
    const { id } = await fixture.send("rotated-90.mp4", mira);
    const item = await done(id);
    assert.deepEqual([item.width, item.height, item.status], [360, 640, "ready"]);
    assert.deepEqual(
      item.renditions.map(({ profile, width, height }) => [profile, width, height]),
      [
        ["240p", 240, 426],
        ["360p", 360, 640],
      ],
    );
    // The small one was encoded in a hurry: the ladder made one of its size again.
    const { renditions, formerRenditions } = await tracks.playable({ id }, callOf());
    assert.deepEqual(
      formerRenditions.map(({ profile, width }) => [profile, width]),
      [["first", 360]],
    );
    const [low, high] = renditions.map(({ bitrateBps }) => bitrateBps);
    assert.ok(low && high && low < high && high < (formerRenditions[0]?.bitrateBps ?? 0), `${low} ${high}`);
  });

  it("replaces a compatible source that has far more bits than a rendition of its size", async () => {
    const noise = "-f lavfi -i testsrc2=s=320x240:r=25:d=3,noise=alls=40:allf=t -c:v libx264 -preset ultrafast -qp 4";
    const path = join(fixture.folder, "excessive.mp4");
    await execute("ffmpeg", ["-v", "error", ...noise.split(" "), ..."-g 50 -pix_fmt yuv420p".split(" "), path]);
    const { id } = await fixture.sendBytes(await readFile(path), "excessive.mp4", mira);
    await done(id);
    const { renditions, formerRenditions } = await tracks.playable({ id }, callOf());
    assert.deepEqual(
      [renditions, formerRenditions].map((list) => list.map(({ profile }) => profile)),
      [["240p"], ["first"]],
    );
    assert.ok((renditions[0]?.bitrateBps ?? Infinity) <= 1.5 * 450_000, `${renditions[0]?.bitrateBps}`);
    assert.ok((formerRenditions[0]?.bitrateBps ?? 0) > 1.5 * 450_000);
  });

  it("makes sound without a picture playable, with the attached picture as its cover", async () => {
    const { id } = await fixture.send("audio-only-cover.mp3", mira);
    const item = await done(id);
    assert.deepEqual([item.kind, item.renditions, item.hasCover, item.width], ["audio", [], true, 0]);
    const { audio } = await tracks.playable({ id }, callOf());
    assert.equal((await facts(audio?.key)).codec, "aac");
  });

  it("publishes progress that only grows", async () => {
    const { id } = await fixture.send("black-lead-in.mp4", mira);
    const seen: number[] = [];
    await until(async () => {
      const { progress, status } = await tracks.task({ id }, callOf(mira));
      seen.push(progress);
      return status === "completed";
    });
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.equal(seen.at(-1), 100);
    for (const percents of progressOf.values())
      assert.deepEqual(
        percents,
        [...new Set(percents)].toSorted((a, b) => a - b),
      );
  });

  it("makes requested renditions, none larger than the source and none twice", async () => {
    const { id } = await fixture.send("video-only.mp4", mira);
    const before = await done(id);
    const names = (found: typeof before) => found.renditions.map(({ profile }) => profile).toSorted();
    const profiles = ["240p", "2160p", "1080p"];
    const ask = () => tracks.transcode({ id, profiles }, callOf(mira));
    const [task, same] = await Promise.all([ask(), ask()]);
    assert.ok(["queued", "running"].includes(task.status));
    assert.equal(same.taskId, task.taskId);
    const after = await done(id);
    assert.deepEqual(names(after), [...new Set([...names(before), "240p"])].toSorted());
    assert.ok(after.renditions.every(({ height }) => height <= before.height));
    await assert.rejects(tracks.transcode({ id, profiles: ["480p", "4k"] }, callOf(mira)), {
      code: "media.unknown_profile",
      http: 400,
      details: { profile: "4k" },
    });
    await assert.rejects(tracks.transcode({ id }, callOf(noor)), { code: "media.not_found", http: 404 });
  });

  for (const [name, code] of Object.entries(rejected()))
    it(`ends ${name} as failed with ${code}, with the reason`, async () => {
      const { id } = await fixture.send(name, mira);
      const item = await fixture.when(id, mira, ({ status }) => status !== "processing");
      assert.deepEqual([item.status, item.statusReason?.error, item.renditions], ["failed", code, []]);
      assert.match(item.statusReason?.message ?? "", /^[a-z].{10,}[^.]$/);
      assert.equal((await tracks.task({ id }, callOf(mira))).status, "failed");
      await until(async () => news.includes(`failed:${id}`));
      await nothingLeft();
    });

  it("makes nothing of a file without media", async () => {
    for (const name of [
      "html-as-video.mp4",
      "ssrf-hls.mp4",
      "localfile-hls.mov",
      "localfile-concat.mp4",
      "script.svg",
      "polyglot-gif-js.gif",
    ])
      await assert.rejects(fixture.send(name, mira), { code: "media.unsupported", http: 415 }, name);
  });

  it("reports its tools", async () => {
    const capabilities = await fixture.host.client(transcoder).capabilities({}, callOf());
    assert.match(capabilities.version ?? "", /\d/);
    assert.ok(["bwrap", "namespaces", "limits", "none"].includes(capabilities.sandbox));
  });
});

describe("a failing decoder", { skip }, () => {
  it("is retried, then fails the video with the reason and leaves nothing (F12, D5)", async () => {
    // A picture that cannot be copied twice is encoded, with three tries of its own.
    const modes = [
      ["half", "media.result_short", 5],
      ["crash", "media.decoder_failed", 5],
      ["hang", "media.too_slow", 3],
      ["silent", "media.result_short", 3],
    ] as const;
    for (const [mode, code, runs] of inTurn(modes, 0)) {
      await using fake = await fakeDecoder(mode);
      await using broken = new MediaFixture({
        environment: fake.environment,
        transcoder: mode === "hang" ? { stallMs: 1_500 } : {},
      });
      await broken.open();
      const { id } = await broken.send(small, mira);
      await broken.host.drain();
      await hurry(broken);
      const item = await broken.when(id, mira, ({ status }) => status === "failed");
      assert.deepEqual([mode, item.statusReason?.error], [mode, code]);
      assert.deepEqual([mode, fake.runs()], [mode, runs]);
      await fake.isOver();
      await isTidy(broken);
      assert.deepEqual(await broken.keys("media"), []);
    }
  });

  it("adds no rendition that is shorter than the first, which stays (F12)", async () => {
    await using fake = await fakeDecoder("halfLadder");
    await using fixture = new MediaFixture({ environment: fake.environment });
    await fixture.open();
    const { id } = await fixture.send(small, mira);
    await hurry(fixture);
    const item = await fixture.when(id, mira, ({ hasCover }) => hasCover);
    await until(async () => (await tracksOf(fixture).task({ id }, callOf(mira))).status === "failed");
    assert.deepEqual([item.status, item.renditions.map(({ profile }) => profile)], ["ready", ["360p"]]);
    assert.equal(fake.runs(), 4);
    await isTidy(fixture);
  });

  it("costs one attempt when the next one succeeds", async () => {
    await using fake = await fakeDecoder("once");
    await using fixture = new MediaFixture({ environment: fake.environment });
    await fixture.open();
    const { id } = await fixture.send(small, mira);
    await hurry(fixture);
    const item = await fixture.when(id, mira, ({ status }) => status === "ready");
    assert.equal(item.statusReason, null);
    assert.ok(fake.runs() >= 2);
  });
});

describe("a transcoding that its owner cancels", { skip }, () => {
  it("ends its processes and leaves nothing, and can be requested again", async () => {
    await using fake = await fakeDecoder("hang");
    await using fixture = new MediaFixture({ environment: fake.environment });
    await fixture.open();
    const of = tracksOf(fixture);
    const { id } = await fixture.send(small, mira);
    await until(async () => fake.runs() === 1);
    const { taskId } = await of.task({ id }, callOf(mira));
    for (const ask of [of.cancel, of.status])
      await assert.rejects(ask({ id: taskId }, callOf(noor)), { code: "media.task_not_found", http: 404 });
    assert.equal((await of.cancel({ id: taskId }, callOf(mira))).status, "cancelled");
    await fake.isOver();
    await fixture.host.drain();
    const item = await of.get({ id }, callOf(mira));
    assert.deepEqual([item.status, item.statusReason?.error], ["failed", "media.cancelled"]);
    await isTidy(fixture);
    assert.deepEqual(await fixture.keys("media"), []);
    const { rows } = await sql`SELECT state, attempt FROM jobs`.execute(fixture.host.database("transcoder"));
    assert.deepEqual(rows, [{ state: "cancelled", attempt: 1 }]);
    // Saying so again changes nothing; a new one is another task.
    assert.equal((await of.cancel({ id: taskId }, callOf(mira))).status, "cancelled");
    const again = await of.submit({ mediaId: id }, callOf(mira));
    await until(async () => fake.runs() === 2);
    assert.notEqual(again.taskId, taskId);
    assert.equal((await of.status({ id: taskId }, callOf(mira))).status, "cancelled");
    assert.equal((await of.get({ id }, callOf(mira))).status, "processing");
  });

  it("keeps the renditions that are playable", async () => {
    await using fake = await fakeDecoder("hangLadder");
    await using fixture = new MediaFixture({ environment: fake.environment });
    await fixture.open();
    const of = tracksOf(fixture);
    const { id } = await fixture.send(small, mira);
    const { taskId } = await of.task({ id }, callOf(mira));
    await until(() => fake.alive().some((line) => line.includes("sleeper")));
    await of.cancel({ id: taskId }, callOf(mira));
    await fake.isOver();
    await fixture.host.drain();
    const item = await of.get({ id }, callOf(mira));
    assert.deepEqual([item.status, item.renditions.map(({ profile }) => profile)], ["ready", ["360p"]]);
    assert.equal((await of.status({ id: taskId }, callOf(mira))).status, "cancelled");
    await isTidy(fixture);
  });
});

describe("long transcoding", { skip }, () => {
  it("of one user delays neither the first rendition nor the turn of another user", async () => {
    await using fake = await fakeDecoder("hangLadder");
    await using fixture = new MediaFixture({ environment: fake.environment, transcoder: { workers: 1 } });
    await fixture.open();
    const sent = [];
    for (const clip of ["ts-offset-7200s.ts", "video-only.mp4", "moov-at-end.mp4"])
      sent.push(await fixture.send(clip, mira));
    await until(() => fake.alive().some((line) => line.includes("sleeper")));
    const quick = await fixture.send("rotated-90.mp4", noor);
    for (const [{ id }, whose] of [...sent.map((one) => [one, mira] as const), [quick, noor] as const])
      await fixture.when(id, whose, ({ status }) => status === "ready");
    const ladders = async (state: string) => {
      const { rows } = await sql<{ key: string }>`
        SELECT unique_key AS key FROM jobs WHERE kind = 'ladder' AND state = ${state}`.execute(
        fixture.host.database("transcoder"),
      );
      return rows.map(({ key }) => Number(key));
    };
    // It plays before the job that made it play has ended and left the next one.
    await until(async () => (await ladders("queued")).includes(quick.id));
    const running = await ladders("running");
    assert.equal(running.length, 1);
    const { taskId } = await tracksOf(fixture).task({ id: running[0] ?? 0 }, callOf(mira));
    await tracksOf(fixture).cancel({ id: taskId }, callOf(mira));
    // The free slot is for the user who had none.
    const step = async () => (await tracksOf(fixture).task({ id: quick.id }, callOf(noor))).step;
    await until(async () => (await step()) === "ladder");
  });

  it("that is queued fails with the reason when its format is switched off, and keeps playable renditions", async () => {
    await using fake = await fakeDecoder("hangLadder");
    await using fixture = new MediaFixture({ environment: fake.environment, transcoder: { workers: 1 } });
    await fixture.open();
    const catalogue = tracksOf(fixture);
    const running = await fixture.send(small, mira);
    await until(() => fake.alive().some((line) => line.includes("sleeper")));
    const waiting = [await fixture.send("multi-audio-subs.mkv", mira), await fixture.send("hdr10-hevc.mp4", mira)];
    const states = async () => {
      const { rows } = await sql<{ key: string; state: string }>`
        SELECT unique_key AS key, state FROM jobs WHERE kind = 'ladder'`.execute(fixture.host.database("transcoder"));
      return new Map(rows.map(({ key, state }) => [Number(key), state]));
    };
    for (const { id } of waiting) await until(async () => (await states()).get(id) === "queued");
    const admin = { ...callOf(9), role: "admin" as const };
    await catalogue.switchFormat({ kind: "container", name: "matroska", isOn: false }, admin);
    await catalogue.switchFormat({ kind: "codec", name: "hevc", isOn: false }, admin);
    const before = fake.runs();
    const { taskId } = await catalogue.task({ id: running.id }, callOf(mira));
    await catalogue.cancel({ id: taskId }, callOf(mira));
    for (const { id } of waiting) {
      const ended = await until(async () => {
        const task = await catalogue.task({ id }, callOf(mira));
        return ["completed", "failed"].includes(task.status) ? task : undefined;
      });
      assert.deepEqual([ended.status, ended.error], ["failed", "media.format_off"]);
      assert.equal((await catalogue.get({ id }, callOf(mira))).status, "ready");
    }
    assert.equal(fake.runs(), before, "nothing of them was read any more");
  });
});

describe("a lost worker", { skip }, () => {
  it("commits nothing after another worker has taken over its job, which completes (D4, F17)", async () => {
    await using fake = await fakeDecoder("slow");
    await using fixture = new MediaFixture({ environment: fake.environment });
    await fixture.open();
    await fixture.host.add(listener);
    const { id } = await fixture.send(small, mira);
    await until(async () => fake.runs() === 1);
    // As if the worker had paused for longer than its lease.
    const database = fixture.host.database<store.Tables>("transcoder");
    await sql`UPDATE jobs SET state = 'queued', fence = fence + 1, due_ms = 0 WHERE state = 'running'`.execute(
      database,
    );
    await fake.letGo();
    await fixture.when(id, mira, ({ renditions }) => renditions.length === 2);
    await until(async () => (await tracksOf(fixture).task({ id }, callOf(mira))).status === "completed");
    await fixture.host.drain();
    await fake.isOver();
    await isTidy(fixture);
  });

  it("ends its child processes when its process stops", async () => {
    await using fake = await fakeDecoder("hang");
    const fixture = new MediaFixture({ environment: fake.environment });
    await fixture.open();
    await fixture.send(small, mira);
    await until(async () => fake.runs() === 1);
    const began = performance.now();
    await fixture[Symbol.asyncDispose]();
    assert.ok(performance.now() - began < 30_000);
    await fake.isOver();
  });

  it("stops the work on a media object that is deleted meanwhile", async () => {
    await using fake = await fakeDecoder("hang");
    await using fixture = new MediaFixture({ environment: fake.environment });
    await fixture.open();
    other = await fixture.host.addNeighbour();
    const { id } = await fixture.send(small, mira);
    await until(async () => fake.runs() === 1);
    await other.db.tx((tx) =>
      other.emit(tx, videoDeleted, 5, { videoId: 5, userId: mira, mediaId: id, isLastOfMedia: true }),
    );
    await fake.isOver();
    await fixture.host.drain();
    const { rows } = await sql`SELECT state, attempt FROM jobs`.execute(fixture.host.database("transcoder"));
    assert.deepEqual(rows, [{ state: "cancelled", attempt: 1 }]);
    await isTidy(fixture);
  });

  it("leaves child processes, which the next start ends without ending others (D5)", async () => {
    const owner = realChildren.spawn("sleep", ["600"], { detached: true });
    const theirs = realChildren.spawn("sleep", ["600"], { detached: true });
    const leftover = realChildren.spawn("sleep", ["600"], { detached: true });
    try {
      await using fixture = new MediaFixture();
      await fixture.open();
      const db = fixture.host.database<store.Tables>("transcoder");
      const recordChild = async (child: number | undefined, ownerPid: number | undefined, isOwnerDead: boolean) => {
        const [found, by] = await Promise.all([recordOf(child ?? 0), recordOf(ownerPid ?? 0)]);
        assert.ok(found && by);
        await db
          .insertInto("transcoder.children")
          .values({
            host: hostname(),
            pid: found.pid,
            start_time: found.startTime,
            owner_pid: by.pid,
            owner_start_time: by.startTime + (isOwnerDead ? 1 : 0),
          })
          .execute();
      };
      await recordChild(leftover.pid, owner.pid, true);
      await recordChild(theirs.pid, owner.pid, false);
      const ended = new Promise((resolve) => leftover.once("exit", resolve));
      assert.equal(
        await endLeftovers({ records: createTableRecords(db), children: createChildren(realChildren), log: silentLog }),
        1,
      );
      await ended;
      assert.equal(theirs.exitCode ?? theirs.signalCode, null);
      assert.equal(
        await endLeftovers({ records: createTableRecords(db), children: createChildren(realChildren), log: silentLog }),
        0,
      );
    } finally {
      for (const child of [owner, theirs, leftover]) child.kill("SIGKILL");
    }
  });
});

describe("a transcoder without FFmpeg", () => {
  it("keeps videos waiting instead of failing them, with a warning", async () => {
    await using fixture = new MediaFixture({ environment: { searchPath: "/nonexistent" } });
    await fixture.open();
    const { id } = await fixture.send("basic-720p.mp4", mira);
    await fixture.host.drain();
    const capabilities = await fixture.host.client(transcoder).capabilities({}, callOf());
    assert.deepEqual([capabilities.ffmpeg, capabilities.queued, capabilities.running], [null, 1, 0]);
    const { body } = await fixture.metrics.text();
    assert.deepEqual(body.match(/^transcode_jobs\{.*$/gm), [
      'transcode_jobs{state="queued"} 1',
      'transcode_jobs{state="running"} 0',
    ]);
    const [, uploaded] = body.match(/^upload_bytes_total (\d+)$/m) ?? [];
    assert.equal(Number(uploaded), (await readFile(clipPath("basic-720p.mp4"))).byteLength);
    assert.equal((await tracksOf(fixture).get({ id }, callOf(mira))).status, "processing");
    const { rows } = await sql<{ attempt: number }>`SELECT attempt FROM jobs`.execute(
      fixture.host.database("transcoder"),
    );
    assert.deepEqual(rows, [{ attempt: 0 }]);
  });
});

/** The clips of `test/media` whose first bytes are those of media, and that can never be played all the same. */
function rejected(): Record<string, string> {
  return {
    "truncated-no-moov.mp4": "media.unreadable",
    "corrupt-stts.mp4": "media.unreadable",
    "bomb-8192x8192.mp4": "media.too_many_pixels",
  };
}

const mira = 11;
const noor = 12;
/** Playable as it is, and large enough for another rendition: all that a decoder that goes wrong needs of a film. */
const small = "video-only.mp4";
const fixture = new MediaFixture();
const tracksOf = (of: MediaFixture) => of.host.client(media);
const tracks = tracksOf(fixture);
const news: string[] = [];
const progressOf = new Map<number, number[]>();

const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: (_: Host) => ({
    handlers: {},
    subscriptions: [
      on(mediaReady, async (__, { mediaId }) => void news.push(`ready:${mediaId}`)),
      on(mediaFailed, async (__, { mediaId }) => void news.push(`failed:${mediaId}`)),
      on(transcodingCompleted, async (__, { mediaId }) => void news.push(`completed:${mediaId}`)),
      on(
        transcodeProgress,
        async (__, { taskId, progress }) => void progressOf.set(taskId, [...(progressOf.get(taskId) ?? []), progress]),
      ),
    ],
  }),
});

let other: Host;
/** The media object when its task is over. */
async function done(id: number) {
  await until(async () => (await tracks.task({ id }, callOf(mira))).status === "completed");
  return tracks.get({ id }, callOf(mira));
}

/** Settles when no process is written down as running and no folder of an attempt is left. */
async function nothingLeft(): Promise<void> {
  await fixture.host.drain();
  const db = fixture.host.database<store.Tables>("transcoder");
  await until(async () => (await db.selectFrom("transcoder.children").select("pid").execute()).length === 0);
  await isTidy(fixture);
}

/** Settles when no folder of an attempt is left: the last one goes a moment after its job has ended. */
const isTidy = ({ folder }: MediaFixture) => until(async () => (await readdir(join(folder, "tmp"))).length === 0);

/** Lets jobs that wait for their next try have it at once, until none is left. */
async function hurry(of: MediaFixture): Promise<void> {
  const database = of.host.database<store.Tables>("transcoder");
  await until(async () => {
    await of.host.drain();
    const { rows } = await sql`UPDATE jobs SET due_ms = 0 WHERE state = 'queued' RETURNING id`.execute(database);
    return rows.length === 0;
  });
}

async function facts(key: string | undefined): Promise<{ codec?: string; width: number; height: number }> {
  assert.ok(key);
  const file = await fixture.blob.local(key);
  assert.ok(file);
  const { stdout } = await execute("ffprobe", ["-v", "error", "-show_streams", "-of", "json", file.path]);
  const { streams } = JSON.parse(stdout) as Described;
  const [stream] = streams;
  return { codec: stream?.codec_name ?? "", width: stream?.width ?? 0, height: stream?.height ?? 0 };
}

async function keyFrames(key: string | undefined): Promise<string[]> {
  assert.ok(key);
  const file = await fixture.blob.local(key);
  assert.ok(file);
  const options = "-v error -skip_frame nokey -select_streams v -show_entries frame=pts_time -of csv=p=0";
  const { stdout } = await execute("ffprobe", [...options.split(" "), file.path]);
  return stdout.trim().split("\n");
}
/** The output of ffprobe. */
interface Described {
  readonly streams: readonly { readonly codec_name: string; readonly width?: number; readonly height?: number }[];
}

/**
 * An FFmpeg in front of the real one that goes wrong when it is to write fragmented MP4, and the environment to find it
 * in. `once` goes wrong the first time only; `slow` waits until it is let go on, the first time only; `half` reads the first
 * two seconds and ends as if that were all, `halfLadder` only where it encodes,
 * and `hangLadder` hangs where it makes the ladder.
 */
async function fakeDecoder(mode: "crash" | "hang" | "silent" | "half" | "halfLadder" | "hangLadder" | "once" | "slow") {
  const folder = await mkdtemp(join(tmpdir(), "kinora-fake-"));
  const { stdout } = await execute("sh", ["-c", "command -v ffmpeg"]);
  const real = stdout.trim();
  const again = join(folder, "again");
  const behaviour = {
    crash: "echo 'Conversion failed!' >&2; exit 69",
    hang: `${folder}/sleeper & echo frame=1; wait`,
    silent: "exit 0",
    half: `exec ${real} -t 2 "$@"`,
    halfLadder: `case "$*" in *libx264*) exec ${real} -t 2 "$@";; *) exec ${real} "$@";; esac`,
    hangLadder: `case "$*" in *veryfast*) ${folder}/sleeper & echo frame=1; echo out_time_us=2000000; wait;; *) exec ${real} "$@";; esac`,
    once: `[ -e ${again} ] || exit 69; exec ${real} "$@"`,
    slow: `[ -e ${again} ] || while [ ! -e ${folder}/go ]; do sleep 0.05; done; exec ${real} "$@"`,
  }[mode];
  await program("ffmpeg", `case "$*" in *movflags*) ${behaviour};; *) exec ${real} "$@";; esac`);
  await program("sleeper", "sleep 600; true");
  let runs = 0;
  async function program(name: string, text: string): Promise<void> {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  const children: Children = {
    spawn(command, args, options) {
      if (args.some((arg) => arg.includes("movflags")) && ++runs === 2) writeFileSync(again, "");
      return realChildren.spawn(command, args, options);
    },
  };
  return {
    environment: { children, searchPath: [folder, searchPath()].join(delimiter) },
    runs: () => runs,
    letGo: () => writeFile(join(folder, "go"), ""),
    /** Processes that still run with the fake's folder in their command line. */
    alive: () => commandsWith(folder),
    /** Settles when none does: their namespace goes with the process that was ended, a moment after it. */
    async isOver() {
      await until(() => this.alive().length === 0);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
