import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { transcodeProgress, transcodingCompleted, transcodingStarted } from "#events/transcoder";
import { contract, type Host, on, plugin } from "#kernel";
import { sql } from "kysely";
import { media } from "#services/media/contract";
import { callOf } from "#kernel/host/testing";
import { until } from "#test/until";
import { addOutput, lentJob } from "./store.ts";
import { administrator, type Lent, RunnerFixture } from "./testing.ts";

const mira = 7;

describe("runners", () => {
  before(async () => {
    await fixture.open();
    await fixture.host.add(listener);
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("register by a token that is not revoked, and whose hash alone is stored", async () => {
    const token = await fixture.registrationToken();
    const registered = await fixture.register(token);
    assert.equal(registered.status, 200);
    assert.match(String(registered.data["runner_token"]), /^krun_\d+_[\w-]{43}$/);
    const [registration] = (await fixture.administration.runnerRegistrations({}, administrator)).items;
    assert.deepEqual([registration?.runners, registration?.label], [1, "test"]);
    const db = fixture.host.database("transcoder");
    const stored = await sql`SELECT * FROM transcoder.registrations, transcoder.runners`.execute(db);
    for (const secret of [token, String(registered.data["runner_token"])])
      assert.ok(!JSON.stringify(stored.rows).includes(secret.split("_").slice(2).join("_")));
    await fixture.administration.revokeRunnerRegistration({ id: registration?.id ?? 0 }, administrator);
    for (const refused of [token, `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, "", "kreg_1_"]) {
      const { status, error } = await fixture.register(refused);
      assert.deepEqual([status, error], [401, "runner.registration_refused"], refused);
    }
  });

  it("of another protocol are refused with the version of the server", async () => {
    const { status, error } = await fixture.register(await fixture.registrationToken(), 99);
    assert.deepEqual([status, error], [409, "runner.other_version"]);
  });

  it("are refused once they are removed, and while they are switched off", async () => {
    const token = await fixture.runner();
    const id = Number(token.split("_")[1]);
    const ask = () => fixture.post(token, "/jobs", { kinds: [], version: "test", protocol: 1 });
    assert.equal((await ask()).status, 200);
    await fixture.administration.switchRunner({ id, isEnabled: false }, administrator);
    assert.deepEqual([(await ask()).status, (await ask()).error], [403, "runner.switched_off"]);
    await fixture.administration.switchRunner({ id, isEnabled: true }, administrator);
    assert.equal((await ask()).status, 200);
    await fixture.administration.removeRunner({ id }, administrator);
    assert.deepEqual([(await ask()).status, (await ask()).error], [401, "runner.refused"]);
    // A registered number with another secret, a removed one, and a token of an account's shape.
    const other = await fixture.runner();
    const [, number = "", secret = ""] = /^krun_(\d+)_(.*)$/.exec(other) ?? [];
    for (const wrong of [`krun_${number}_${"A".repeat(43)}`, `krun_${id}_${secret}`, "eyJhbGciOiJFZERTQSJ9.e30.x"])
      assert.equal(
        (await fixture.post(wrong, "/jobs", { kinds: [], version: "test", protocol: 1 })).status,
        401,
        wrong,
      );
  });

  it("read the source of the job that they hold, by range, and no other file", async () => {
    const [runner, stranger] = [await fixture.runner(), await fixture.runner()];
    const lent = await jobOf(runner);
    const other = await fixture.store(Buffer.from("a private note"), "note.txt", mira);
    const key = lent.facts.source?.key ?? "";
    const whole = await fixture.read(runner, lent, key);
    assert.deepEqual([whole.status, whole.bytes.subarray(4, 8).toString()], [200, "ftyp"]);
    const range = await fixture.read(runner, lent, key, "bytes=4-7");
    assert.deepEqual([range.status, range.bytes.toString()], [206, "ftyp"]);
    const outcomes = [
      await fixture.read(runner, lent, other.key),
      await fixture.read(stranger, lent, key),
      await fixture.read(runner, { ...lent, fence: lent.fence + 1 }, key),
      await fixture.read("", lent, key),
    ];
    assert.deepEqual(
      outcomes.map(({ status, error }) => `${status} ${error}`),
      ["404 runner.foreign_file", "409 kernel.stale_lease", "409 kernel.stale_lease", "401 runner.refused"],
    );
    await fixture.post(runner, `/jobs/${lent.id}/put-off`, { fence: lent.fence, delay: 600, reason: "test" });
    assert.equal((await fixture.read(runner, lent, key)).status, 409);
  });

  it("send outputs under the hash of their bytes, and not more than the job can have", async () => {
    const runner = await fixture.runner();
    const lent = await jobOf(runner);
    const bytes = Buffer.from("an output");
    const wrong = await fixture.put(runner, lent, bytes, "0".repeat(64));
    assert.deepEqual([wrong.status, wrong.error], [400, "runner.output_differs"]);
    assert.deepEqual((await outputsOf(lent))?.output_keys, []);
    assert.equal((await fixture.put(runner, lent, bytes)).status, 204);
    assert.equal((await fixture.put(runner, lent, bytes)).status, 204);
    const sent = await outputsOf(lent);
    assert.deepEqual([sent?.output_keys.length, sent?.output_bytes], [1, bytes.byteLength]);
    await setOutputBytesMax(lent, bytes.byteLength + 3);
    const large = await fixture.put(runner, lent, Buffer.from("four"));
    assert.deepEqual([large.status, large.error], [413, "runner.outputs_too_large"]);
    const db = fixture.host.database("transcoder");
    const beyond = { key: `media/${"1".repeat(64)}`, sizeBytes: 4 };
    assert.equal(await db.tx((tx) => addOutput(tx as never, lent.id, lent.fence, beyond)), false);
  });

  it("report results about their own job, which name nothing but its outputs", async () => {
    const runner = await fixture.runner();
    const [lent, foreign] = [await jobOf(runner), await jobOf(runner)];
    const { key } = await fixture.store(Buffer.from("another private note"), "note.txt", mira);
    const refused: object[] = [
      { events: [eventOf(transcodingStarted, foreign.task)] },
      { events: [{ type: "video.published.v1", payload: JSON.stringify(lent.task) }] },
      { events: [eventOf(transcodingCompleted, { ...completed(lent), cover: { key, sizeBytes: 1, thumb: "" } })] },
      { tasks: [{ kind: "ladder", payload: JSON.stringify({ firstIndexKey: key }) }] },
      { tasks: [{ kind: "first", payload: "{}" }] },
      { tasks: [{ kind: "ladder", payload: JSON.stringify({ facts: { demuxer: "concat" } }) }] },
      { tasks: [{ kind: "ladder", payload: "no object" }] },
    ];
    for (const results of refused) {
      const { status, error } = await fixture.report(runner, lent, results);
      assert.deepEqual([status, error], [400, "runner.foreign_results"], JSON.stringify(results));
    }
    const bytes = Buffer.from("a cover");
    assert.equal((await fixture.put(runner, lent, bytes)).status, 204);
    const own = { key: (await outputsOf(lent))?.output_keys[0] ?? "", sizeBytes: bytes.byteLength, thumb: "" };
    const results = { events: [eventOf(transcodingCompleted, { ...completed(lent), cover: own })], is_last: true };
    assert.equal((await fixture.report(runner, lent, results)).status, 200);
    await until(() => applied.filter(({ mediaId }) => mediaId === lent.task.mediaId).length === 1);
    assert.equal((await fixture.report(runner, lent, { ...results, number: 2 })).status, 409);
  });

  it("report each result once, also where the answer was lost, and in order", async () => {
    const runner = await fixture.runner();
    const lent = await jobOf(runner);
    const { mediaId, taskId } = lent.task;
    const progress = { mediaId, taskId, progress: 5, step: "quick" };
    const first = { number: 1, events: [eventOf(transcodeProgress, progress)] };
    for (let n = 0; n < 3; n++) assert.equal((await fixture.report(runner, lent, first)).status, 200);
    assert.equal((await fixture.report(runner, lent, { ...first, number: 3 })).status, 409);
    assert.equal((await fixture.report(runner, lent, { ...first, number: 2 })).status, 200);
    await until(() => applied.filter((about) => about.mediaId === mediaId).length === 2);
  });

  it("lose a job whose lease ran out to another runner: all that they send later is refused", async () => {
    const [late, next] = [await fixture.runner(), await fixture.runner()];
    const lent = await jobOf(late);
    const source = lent.facts.source?.key ?? "";
    await endLease(lent);
    const taken = await until(() => fixture.requestJob(next));
    assert.deepEqual([taken?.id, taken?.fence], [lent.id, lent.fence + 1]);
    const before = applied.length;
    const output = Buffer.from("too late");
    const outcomes = [
      await fixture.post(late, `/jobs/${lent.id}/heartbeat`, { fence: lent.fence, progress: 50 }),
      await fixture.read(late, lent, source),
      await fixture.put(late, lent, output),
      await fixture.report(late, lent, { events: [eventOf(transcodingCompleted, completed(lent))], is_last: true }),
      await fixture.post(late, `/jobs/${lent.id}/failure`, { fence: lent.fence, code: "media.broken", message: "x" }),
      await fixture.post(late, `/jobs/${lent.id}/put-off`, { fence: lent.fence, delay: 0, reason: "x" }),
    ];
    assert.deepEqual(
      outcomes.map(({ status, error }) => `${status} ${error}`),
      Array.from(outcomes, () => "409 kernel.stale_lease"),
    );
    assert.equal(applied.length, before);
    const held = await fixture.post(next, `/jobs/${lent.id}/heartbeat`, { fence: lent.fence + 1, progress: 1 });
    assert.deepEqual([held.status, held.data], [200, { is_held: true }]);
  });

  it("stop a job that its owner cancelled", async () => {
    const runner = await fixture.runner();
    const lent = await jobOf(runner);
    await fixture.host.client(media).cancel({ id: lent.task.taskId }, callOf(mira));
    const heartbeat = () => fixture.post(runner, `/jobs/${lent.id}/heartbeat`, { fence: lent.fence, progress: 2 });
    await until(async () => (await heartbeat()).status === 409);
  });

  it("are shown to administrators with their present jobs", async () => {
    const runner = await fixture.runner();
    const id = Number(runner.split("_")[1]);
    const lent = await jobOf(runner);
    await fixture.post(runner, `/jobs/${lent.id}/heartbeat`, { fence: lent.fence, progress: 42 });
    const present = async () =>
      (await fixture.administration.runners({}, administrator)).items.find((row) => row.id === id);
    const row = await present();
    assert.deepEqual([row?.name, row?.version, row?.isPresent, row?.address], ["cellar", "test", true, "127.0.0.1"]);
    assert.deepEqual(
      row?.jobs.map(({ kind, mediaId, progress }) => [kind, mediaId, progress]),
      [["first", lent.task.mediaId, 42]],
    );
    await fixture.post(runner, `/jobs/${lent.id}/failure`, { fence: lent.fence, code: "x.y", message: "no" });
    const later = await present();
    assert.deepEqual([later?.jobs, later?.jobsFailed, later?.jobsDone], [[], 1, 0]);
  });
});

const fixture = new RunnerFixture();
const applied: { mediaId: number }[] = [];
let clips = 0;

const listener = plugin({
  contract: contract("neighbour", 1, {}),
  needs: [],
  migrations: [],
  async start(_: Host) {
    const keep = async (__: unknown, about: { mediaId: number }) => void applied.push(about);
    return { handlers: {}, subscriptions: [on(transcodingCompleted, keep), on(transcodeProgress, keep)] };
  },
});

/** A job of a new upload, lent to this runner. */
async function jobOf(runner: string): Promise<Lent> {
  clips += 1;
  const clip = Buffer.from(`\0\0\0\x18ftypisom\0\0\0\0isomiso2\0\0\0\x10free${String(clips).padStart(8)}`);
  const { id } = await fixture.sendBytes(clip, "clip.mp4", mira);
  const lent = await until(() => fixture.requestJob(runner));
  assert.equal(lent?.task.mediaId, id);
  return lent;
}

const outputsOf = ({ id, fence }: Lent) => lentJob(fixture.host.database("transcoder"), id, fence);
const completed = ({ task: { taskId, mediaId } }: Lent) => ({
  taskId,
  mediaId,
  isLast: false,
  kind: "video",
  width: 0,
  height: 0,
  durationMs: 0,
  fps: 0,
  renditions: [],
  audio: null,
  chapters: [],
  cover: null,
});
const eventOf = ({ name }: { readonly name: string }, payload: object) => ({
  type: name,
  payload: JSON.stringify(payload),
});
const setOutputBytesMax = ({ id }: Lent, bytesMax: number) =>
  sql`UPDATE transcoder.lent_jobs SET output_bytes_max = ${bytesMax} WHERE job_id = ${id}`.execute(
    fixture.host.database("transcoder"),
  );
const endLease = ({ id }: Lent) =>
  sql`UPDATE transcoder.jobs SET lease_until_ms = 0 WHERE id = ${id}`.execute(fixture.host.database("transcoder"));
