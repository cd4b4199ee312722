import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { transcodeProgress } from "#events/transcoder";
import { KinoraError, type Tx } from "#kernel";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { bytesOf } from "#kernel/blob/object-bytes";
import { realChildren } from "#kernel/environment/children";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { silentLog } from "#kernel/log/port";
import { createChildren } from "#media/process/children";
import { recordOf } from "#media/process/leftover";
import { endLeftovers } from "../attempt/leftovers.ts";
import { createChildFiles } from "./child-files.ts";
import { type Home, HomeAway } from "./home.ts";
import { HomeQueue } from "./home-queue.ts";
import { HomeStore } from "./home-store.ts";

const source = Buffer.from("the bytes of an upload, in two halves");
const key = `upload/${createHash("sha256").update(source).digest("hex")}`;

describe("the files of a runner's job", () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kinora-runner-files-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("are downloaded once, and go on where a connection broke off", async () => {
    const offsets: number[] = [];
    const store = storeOf({
      read: async (_, asked, offset) => {
        assert.equal(asked, key);
        offsets.push(offset);
        const end = offsets.length === 1 ? 10 : source.byteLength;
        const bytes = Readable.from([source.subarray(offset, end)]);
        return offsets.length === 1 ? breaking(bytes) : bytes;
      },
    });
    const [one, other] = await Promise.all([store.local(key), store.local(key)]);
    assert.equal(one.path, other.path);
    assert.deepEqual(await readFile(one.path), source);
    assert.deepEqual(await bytesOf(store, key, 9), source.subarray(0, 9));
    assert.deepEqual(offsets, [0, 10]);
    await one[Symbol.asyncDispose]();
    assert.deepEqual(await readFile(other.path), source);
    await other[Symbol.asyncDispose]();
    assert.deepEqual(await readdir(join(folder, "tmp")), []);
  });

  it("are refused where their bytes are not those of their key", async () => {
    const store = storeOf({ read: async () => Readable.from([Buffer.from("other bytes")]) });
    await assert.rejects(store.local(key), { name: "HomeAway" });
    assert.deepEqual(await readdir(join(folder, "tmp")), []);
  });

  it("are sent under their hash, again where the home was away", async () => {
    const sent: string[] = [];
    let failures = 1;
    const store = storeOf({
      send: async (_, { sha256, sizeBytes, bytes }) => {
        const text = (await buffer(bytes())).toString();
        if (failures-- > 0) throw new HomeAway("it answers with 503");
        sent.push(`${text} ${sizeBytes} ${sha256 === createHash("sha256").update(text).digest("hex")}`);
      },
    });
    const path = join(folder, "made.mp4");
    await writeFile(path, "a track");
    const { key: trackKey } = await store.adopt("media", path);
    assert.match(trackKey, /^media\/[0-9a-f]{64}$/);
    const writer = await store.create("media");
    await writer.write(Buffer.from("an "));
    await writer.write(Buffer.from("index"));
    await writer.commit();
    assert.deepEqual(sent, ["a track 7 true", "an index 8 true"]);
    await assert.rejects(readFile(path), { code: "ENOENT" });
  });
});

describe("the media processes of a runner", () => {
  it("are ended by the next one where it was killed, and stay while it runs (D5)", async () => {
    const place = await mkdtemp(join(tmpdir(), "kinora-runner-children-"));
    const leftover = spawn("sleep", ["600"], { detached: true });
    try {
      const [child, own] = await Promise.all([recordOf(leftover.pid ?? 0), recordOf(process.pid)]);
      assert.ok(child && own);
      const records = createChildFiles(place);
      const ofHost = { host: hostname(), pid: child.pid, start_time: child.startTime };
      const given = { records, children: createChildren(realChildren), log: silentLog };
      await records.insert({ ...ofHost, owner_pid: own.pid, owner_start_time: own.startTime });
      assert.equal(await endLeftovers(given), 0);
      const ended = new Promise((resolve) => leftover.once("exit", resolve));
      await records.insert({ ...ofHost, owner_pid: own.pid, owner_start_time: own.startTime + 1 });
      await writeFile(join(place, "1-2.json"), '{"host":');
      assert.equal(await endLeftovers(given), 1);
      await ended;
      assert.deepEqual(await records.ofHost(hostname()), []);
    } finally {
      leftover.kill("SIGKILL");
      await rm(place, { recursive: true });
    }
  });
});

describe("the queue of a runner", () => {
  it("reports results in order, one at a time, and again with the same number where the answer was lost", async () => {
    const reports: unknown[] = [];
    let lost = 1;
    const queue = queueOf(async (path, input) => {
      if (!path.endsWith("/results")) return { job, wait: 0 };
      reports.push([input["number"], input["is_last"], input["events"]]);
      if (lost-- > 0) throw new HomeAway("the connection broke off");
      return {};
    });
    const claimed = await claimOf(queue);
    const { recorder } = queue.jobOf(claimed.id);
    const about = (progress: number) => ({ taskId: 1, mediaId: 2, progress, step: "ladder" });
    const step = (progress: number) =>
      queue.step(claimed, (tx: Tx<unknown>) => recorder.emit(tx, transcodeProgress, 2, about(progress)));
    await Promise.all([step(1), step(2)]);
    await queue.finish(claimed, async () => undefined);
    const event = (progress: number) => [
      { type: "transcode.progress.v1", payload: JSON.stringify({ ...about(progress), secondsLeft: null }) },
    ];
    assert.deepEqual(reports, [
      [1, false, event(1)],
      [1, false, event(1)],
      [2, false, event(2)],
      [3, true, []],
    ]);
  });

  it("gives up a job that the home refuses, and ends where the home refuses the runner", async () => {
    let code = "kernel.stale_lease";
    const refusals: string[] = [];
    const queue = queueOf(
      async (path) => {
        if (path === "/jobs" && code === "kernel.stale_lease") return { job, wait: 0 };
        throw new KinoraError({
          kind: code === "kernel.stale_lease" ? "conflict" : "unauthenticated",
          code,
          message: "",
        });
      },
      (error) => refusals.push(error.code),
    );
    const claimed = await claimOf(queue);
    assert.equal(await queue.renew(claimed, 0, 5), false);
    await assert.rejects(
      queue.finish(claimed, async () => undefined),
      { code: "kernel.stale_lease" },
    );
    code = "runner.refused";
    assert.deepEqual(await queue.claim([{ kind: "ladder", leaseMs: 1 }]), { waitMs: undefined });
    assert.deepEqual(refusals, ["runner.refused"]);
  });

  it("asks again later while the home is away or nothing can be transcoded here", async () => {
    let isReady = false;
    const queue = queueOf(
      async () => {
        throw new HomeAway("it answers with 503");
      },
      () => assert.fail("it is away for a while only"),
      async () => isReady,
    );
    assert.deepEqual(await queue.claim([]), { waitMs: 60_000 });
    isReady = true;
    const waits: number[] = [];
    for (let n = 0; n < 12; n++) {
      const claimed = await queue.claim([]);
      waits.push("waitMs" in claimed ? (claimed.waitMs ?? 0) : 0);
    }
    assert.ok((waits[0] ?? 0) >= 250 && (waits[0] ?? 0) <= 500, String(waits[0]));
    assert.ok((waits[11] ?? 0) >= 15_000 && (waits[11] ?? 0) <= 30_000, String(waits[11]));
  });
});

let folder = "";
const holding = { jobId: 5, fence: 1, runnerToken: "krun_1_x" };
const job = {
  id: 5,
  kind: "ladder",
  attempt: 1,
  attempts_max: 3,
  fence: 1,
  trace_id: "0".repeat(32),
  created_at: new Date(0).toISOString(),
  task: "{}",
  facts: "{}",
};

const absent = async (): Promise<never> => assert.fail("it is not asked");

const storeOf = (parts: Partial<Home>) =>
  new HomeStore({
    home: { post: absent, read: absent, send: absent, ...parts },
    holding,
    nearby: new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now }),
    disk: realDisk,
    signal: new AbortController().signal,
  });

/** The same bytes, after which the connection breaks off. */
function breaking(bytes: Readable): Readable {
  return Readable.from(
    (async function* () {
      yield* bytes;
      throw new Error("socket hang up");
    })(),
  );
}

const queueOf = (
  post: (path: string, input: Readonly<Record<string, unknown>>) => Promise<object>,
  refused: (error: KinoraError) => void = () => assert.fail("it is not refused"),
  canWork = async () => true,
) =>
  new HomeQueue({
    home: {
      post: async (path, input, output) => output.parse(await post(path, { ...input })),
      read: absent,
      send: absent,
    },
    runnerToken: "krun_1_x",
    version: "test",
    canWork,
    refused,
    stopping: new AbortController().signal,
    log: silentLog,
  });

async function claimOf(queue: HomeQueue) {
  const claimed = await queue.claim([{ kind: "ladder", leaseMs: 30_000 }]);
  assert.ok("job" in claimed);
  return claimed.job;
}
