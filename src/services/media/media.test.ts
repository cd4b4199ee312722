import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, describe, it } from "node:test";
import { contract, type EventType, type Host, on, plugin } from "#kernel";
import { bytesOf } from "#kernel/blob/whole";
import { callOf } from "#kernel/host/testing";
import { testTools, without } from "#media/testing";
import { userDeleted } from "#policy/deleted-users";
import {
  transcodeProgress,
  transcodingCompleted,
  transcodingFailed,
  transcodingStarted,
} from "#services/transcoder/contract";
import { clipPath, MediaHouse } from "#services/transcoder/testing";
import { until } from "#test/until";
import { fileDeleted } from "#services/upload/contract";
import { videoDeleted } from "#services/video/contract";
import { sql } from "kysely";
import sharp from "sharp";
import type { z } from "zod";
import { media, mediaDeleted, mediaReady, transcodeCancelled, transcodeRequested } from "./contract.ts";
import { sweepObjects } from "./orphans.ts";
import { destinyOf, isPublicPurpose } from "./purposes.ts";
import type * as store from "./store.ts";

const skip = without(await testTools(), "FFmpeg");

describe("media", () => {
  before(async () => {
    // Without FFmpeg in reach tasks wait, and the test tells what a transcoder would.
    await house.open();
    await house.host.add(neighbour);
  });
  beforeEach(async () => {
    await house.host.clear();
    told.length = 0;
  });
  after(() => house[Symbol.asyncDispose]());

  it("makes one media object and one task of a file, whether asked for or told of, first, last or at once", async () => {
    const file = await house.store(await clip("one-frame.mp4"), "a.mp4", mira);
    const asked = () => client.upload({ fileId: file.id }, callOf(mira));
    const answers = await Promise.all([asked(), asked(), house.host.drain().then(asked)]);
    for (const { id, status } of answers) assert.deepEqual([id, status], [answers[0]?.id, "processing"]);
    await house.host.drain();
    await until(async () => (await idle("media")) === 0);
    assert.deepEqual(told, [`requested:${answers[0]?.id}`]);
  });

  it("takes a stored file that nobody asked to become media", async () => {
    const file = await house.store(await clip("one-frame.mp4"), "a.mp4", mira);
    await until(async () => told.length > 0);
    const found = await client.upload({ fileId: file.id }, callOf(mira));
    assert.deepEqual(told, [`requested:${found.id}`]);
  });

  it("is made of one's own file alone", async () => {
    const file = await house.store(await clip("one-frame.mp4"), "a.mp4", mira);
    const missing = { code: "media.not_found", http: 404 };
    await assert.rejects(client.upload({ fileId: file.id }, callOf(noor)), missing);
    const { id } = await client.upload({ fileId: file.id }, callOf(mira));
    await assert.rejects(client.upload({ fileId: file.id }, callOf(noor)), missing);
    await assert.rejects(client.upload({ fileId: 7 }, callOf(mira)), missing);
    for (const ask of [client.get, client.task, client.transcode]) {
      await assert.rejects(ask({ id }, callOf(noor)), missing);
      await assert.rejects(ask({ id: 7 }, callOf(noor)), missing);
    }
  });

  it("draws a picture anew in the size of its purpose, and shows it to whom that is for", async () => {
    const bytes = await picture(800, 600);
    const sent = async (purpose?: "avatar" | "cover") => {
      const { id: fileId } = await house.store(bytes, "face.png", mira);
      return client.upload({ fileId, ...(purpose && { purpose }) }, callOf(mira));
    };
    const avatar = await sent("avatar");
    assert.deepEqual(
      [avatar.kind, avatar.status, avatar.width, avatar.height, avatar.mime],
      ["image", "ready", 512, 512, "image/webp"],
    );
    const shown = await client.picture({ id: avatar.id }, callOf());
    assert.deepEqual([shown.isPublic, shown.mime], [true, "image/webp"]);
    const drawn = await bytesOf(house.blob, shown.key);
    assert.equal((await sharp(drawn).metadata()).format, "webp");
    const own = await sent();
    assert.deepEqual([own.purpose, own.width, own.height], ["picture", 800, 600]);
    // A cover belongs to a video, which may be private: it is shown under that video's addresses.
    for (const { id } of [own, await sent("cover")]) {
      const { isPublic, ...object } = await client.picture({ id }, callOf(mira));
      assert.equal(isPublic, false);
      assert.deepEqual((await client.playable({ id }, callOf(mira, { caller: "test" }))).picture, object);
      for (const call of [callOf(), callOf(noor)])
        await assert.rejects(client.picture({ id }, call), { code: "media.not_found" });
    }
    await assert.rejects(client.transcode({ id: own.id }, callOf(mira)), { code: "media.not_transcodable", http: 400 });
  });

  it("draws a picture of no purpose again for the first one it gets, and only for that", async () => {
    const { id: fileId } = await house.store(await picture(700, 900), "face.png", mira);
    const as = (purpose?: "avatar" | "cover") => client.upload({ fileId, ...(purpose && { purpose }) }, callOf(mira));
    const [plain, avatar, after] = [await as(), await as("avatar"), await as("cover")];
    assert.deepEqual([plain.purpose, avatar.purpose, after.purpose], ["picture", "avatar", "avatar"]);
    assert.deepEqual([avatar.id, avatar.width, avatar.height, after.width], [plain.id, 512, 512, 512]);
    assert.equal((await client.picture({ id: plain.id }, callOf())).isPublic, true);
  });

  it("refuses a picture that cannot be read, each time, and keeps neither it nor its file", async () => {
    const before = await house.keys("media");
    const whole = await picture(300, 200);
    const file = await house.store(whole.subarray(0, 200), "cut.png", mira);
    const again = () => client.upload({ fileId: file.id, purpose: "cover" }, callOf(mira));
    await assert.rejects(again(), { code: "media.unreadable_picture", http: 415 });
    await assert.rejects(again(), { code: "media.unreadable_picture", http: 415 });
    await until(async () => told.includes(`file-deleted:${file.id}`));
    const video = await house.store(await clip("one-frame.mp4"), "a.mp4", mira);
    await assert.rejects(client.upload({ fileId: video.id, purpose: "avatar" }, callOf(mira)), {
      code: "media.unreadable_picture",
    });
    const film = await house.store(await clip("video-only.mp4"), "b.mp4", mira);
    assert.equal((await client.upload({ fileId: film.id, purpose: "video" }, callOf(mira))).kind, "video");
    await assert.rejects(client.upload({ fileId: film.id, purpose: "avatar" }, callOf(mira)), {
      code: "media.unreadable_picture",
    });
    assert.deepEqual(await house.keys("media"), before);
  });

  it("is ready at its first rendition and told again only when what it looks like changed", async () => {
    const { id, taskId } = await requested();
    const task = () => client.task({ id }, callOf(mira));
    await tell(transcodingStarted, { taskId, mediaId: id });
    assert.deepEqual([(await task()).status, (await task()).step], ["running", "probe"]);
    await tell(transcodeProgress, { taskId, mediaId: id, progress: 40, step: "quick" });
    await tell(transcodeProgress, { taskId, mediaId: id, progress: 20, step: "quick" });
    assert.equal((await task()).progress, 40);
    await complete(id, taskId, { renditions: [rendition("480p", "a")] });
    assert.equal((await client.get({ id }, callOf(mira))).status, "ready");
    await complete(id, taskId, { cover: { key: key("c"), sizeBytes: 3, thumb: "x" } });
    await complete(id, taskId, { renditions: [rendition("240p", "b")], isLast: true });
    await tell(transcodeProgress, { taskId, mediaId: id, progress: 50, step: "ladder" });
    const found = await client.get({ id }, callOf(mira));
    assert.deepEqual([found.hasCover, found.renditions.map(({ profile }) => profile)], [true, ["240p", "480p"]]);
    const over = await task();
    assert.deepEqual([over.status, over.progress, over.step], ["completed", 100, ""]);
    assert.deepEqual(told, [`requested:${id}`, `ready:${id}:false`, `ready:${id}:true`]);
  });

  it("stays ready when only a further rendition fails, and can fail and be tried again before that", async () => {
    const one = await requested();
    await complete(one.id, one.taskId, { renditions: [rendition("480p", "a")] });
    await tell(transcodingFailed, {
      taskId: one.taskId,
      mediaId: one.id,
      error: "media.too_slow",
      message: "too slow",
    });
    assert.equal((await client.get({ id: one.id }, callOf(mira))).status, "ready");
    assert.equal((await client.task({ id: one.id }, callOf(mira))).error, "media.too_slow");

    const other = await requested();
    await tell(transcodingFailed, {
      taskId: other.taskId,
      mediaId: other.id,
      error: "media.failed",
      message: "processing failed",
    });
    const failed = await client.get({ id: other.id }, callOf(mira));
    assert.deepEqual(
      [failed.status, failed.statusReason],
      ["failed", { error: "media.failed", message: "processing failed" }],
    );
    const again = await client.transcode({ id: other.id }, callOf(mira));
    assert.notEqual(again.taskId, other.taskId);
    assert.equal((await client.get({ id: other.id }, callOf(mira))).status, "processing");
  });

  it("says how long a task takes as it was told last, and nothing when that is over", async () => {
    const { id, taskId } = await requested();
    const left = async () => (await client.task({ id }, callOf(mira))).secondsLeft;
    assert.equal(await left(), null);
    await tell(transcodeProgress, { taskId, mediaId: id, progress: 10, step: "ladder", secondsLeft: 100 });
    const told = (await left()) ?? 0;
    assert.ok(told > 40 && told <= 100, `${told}`);
    await tell(transcodeProgress, { taskId, mediaId: id, progress: 20, step: "ladder", secondsLeft: 0 });
    assert.equal(await left(), null);
    await tell(transcodeProgress, { taskId, mediaId: id, progress: 20, step: "ladder", secondsLeft: 50 });
    await complete(id, taskId, { renditions: [rendition("480p", "a")], isLast: true });
    assert.equal(await left(), null);
  });

  it("ends a cancelled task for good, whatever is told of it later, and one that is over not at all", async () => {
    const { id, taskId } = await requested();
    await client.cancel({ id: taskId }, callOf(mira));
    await until(async () => told.includes(`cancelled:${id}`));
    await tell(transcodeProgress, { taskId, mediaId: id, progress: 50, step: "quick" });
    const next = await client.transcode({ id }, callOf(mira));
    await tell(transcodingFailed, { taskId, mediaId: id, error: "media.failed", message: "of the cancelled one" });
    assert.equal((await client.get({ id }, callOf(mira))).status, "processing");
    const before = await client.status({ id: taskId }, callOf(mira));
    assert.deepEqual([before.status, before.progress], ["cancelled", 0]);
    await complete(id, next.taskId, { renditions: [rendition("480p", "a")], isLast: true });
    await assert.rejects(client.cancel({ id: next.taskId }, callOf(mira)), { code: "media.task_over", http: 409 });
  });

  it("lists one's own tasks, latest first, page by page, without those of what was deleted", async () => {
    const sent = [];
    for (let n = 0; n < 5; n++) sent.push(await requested());
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await client.tasks({ limit: 2, ...(cursor !== undefined && { cursor }) }, callOf(mira));
      seen.push(...page.items.map(({ taskId }) => taskId));
      if (page.next === null) break;
      cursor = page.next;
      // What comes and goes meanwhile moves nothing.
      await requested();
      const [newest] = sent;
      if (seen.length === 2)
        await tell(videoDeleted, { videoId: 9, userId: mira, mediaId: newest?.id ?? 0, isLastOfMedia: true });
    }
    assert.deepEqual(
      seen,
      sent
        .map(({ taskId }) => taskId)
        .slice(1)
        .toReversed(),
    );
    assert.deepEqual((await client.tasks({}, callOf(noor))).items, []);
  });

  it("names the qualities there are", async () => {
    const { items } = await client.profiles({}, callOf(mira));
    assert.deepEqual(
      items.filter(({ isUsual }) => !isUsual).map(({ profile, shortSide }) => [profile, shortSide]),
      [["360p", 360]],
    );
    assert.equal(items.length, 7);
  });

  it("lets a file go that can never be played, after the grace time, and keeps one that may work another time", async () => {
    const [cut, slow] = [await requested(), await requested()];
    await tell(transcodingFailed, { ...of(cut), error: "media.unreadable", message: "damaged" });
    await tell(transcodingFailed, { ...of(slow), error: "media.too_slow", message: "too slow" });
    await until(async () => told.includes(`deleted:${cut.id}`) && told.some((line) => line.startsWith("file-deleted")));
    await assert.rejects(client.get({ id: cut.id }, callOf(mira)), { code: "media.not_found" });
    assert.equal((await client.get({ id: slow.id }, callOf(mira))).status, "failed");
  });

  it("is hidden at once with its last video, and its bytes go after the grace time unless others have them", async () => {
    const [one, two] = [await requested(), await requested()];
    const shared = await kept("shared");
    const own = await kept("own");
    await complete(one.id, one.taskId, { renditions: [{ ...rendition("480p", "x"), video: track(shared, own) }] });
    await complete(two.id, two.taskId, { renditions: [{ ...rendition("480p", "x"), video: track(shared, shared) }] });
    await tell(videoDeleted, { videoId: 5, userId: mira, mediaId: one.id, isLastOfMedia: false });
    assert.equal((await client.get({ id: one.id }, callOf(mira))).status, "ready");
    await tell(videoDeleted, { videoId: 6, userId: mira, mediaId: one.id, isLastOfMedia: true });
    for (const ask of [client.playable, client.source, client.get])
      await assert.rejects(ask({ id: one.id }, callOf(mira)), { code: "media.not_found" });
    assert.deepEqual(
      (await client.briefs({ ids: [one.id, two.id] }, callOf())).items.map(({ id }) => id),
      [two.id],
    );
    await until(async () => !(await house.isStored(own)));
    assert.equal(await house.isStored(shared), true);
    assert.ok(told.includes(`deleted:${one.id}`));
    await complete(one.id, one.taskId, { renditions: [rendition("240p", "y")] });
    await assert.rejects(client.get({ id: one.id }, callOf(mira)), { code: "media.not_found" });
    await tell(userDeleted, { userId: mira });
    await until(async () => !(await house.isStored(shared)));
    assert.ok(told.includes(`deleted:${two.id}`));
  });

  it("removes objects no media object refers to, and only those", async () => {
    const one = await requested();
    const [used, orphan] = [await kept("used"), await kept("orphan")];
    await complete(one.id, one.taskId, { renditions: [{ ...rendition("480p", "x"), video: track(used, used) }] });
    const db = house.host.database<store.Tables>("media");
    const parts = { db, blob: house.blob, signal: new AbortController().signal };
    assert.equal(await sweepObjects({ ...parts, writtenBeforeMs: Date.now() - 3_600_000 }), 0);
    await sweepObjects({ ...parts, writtenBeforeMs: Date.now() + 60_000 });
    assert.deepEqual([await house.isStored(used), await house.isStored(orphan)], [true, false]);
  });
});

describe("what a file becomes", () => {
  it("follows its content first and its purpose second", () => {
    const png = { kind: "image", mime: "image/png" } as const;
    const gif = { kind: "video", mime: "image/gif" } as const;
    const mp4 = { kind: "video", mime: "video/mp4" } as const;
    assert.deepEqual(destinyOf(png, undefined), { kind: "image", purpose: "picture" });
    assert.deepEqual(destinyOf(png, "video"), { kind: "image", purpose: "picture" });
    assert.deepEqual(destinyOf(png, "avatar"), { kind: "image", purpose: "avatar" });
    assert.deepEqual(destinyOf(gif, undefined), { kind: "video", purpose: "video" });
    assert.deepEqual(destinyOf(gif, "avatar"), { kind: "image", purpose: "avatar" });
    assert.deepEqual(destinyOf(mp4, "video"), { kind: "video", purpose: "video" });
    assert.equal(destinyOf(mp4, "cover"), "not_a_picture");
    assert.equal(destinyOf({ kind: "other", mime: "text/html" }, undefined), "unsupported");
    assert.deepEqual((["avatar", "cover", "background", "picture", "video"] as const).map(isPublicPurpose), [
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});

describe("media with its transcoder", { skip }, () => {
  it("takes its renditions, its cover and its file with it", async () => {
    await using whole = new MediaHouse({ graceMs: 100 });
    await whole.open();
    await whole.host.add(neighbour);
    const { id } = await whole.send("basic-720p.mp4", mira);
    await until(async () => (await whole.host.client(media).task({ id }, callOf(mira))).status === "completed");
    // What is made beside renditions comes last; of a job that is cancelled in the midst the sweeper takes what is left.
    await whole.host.drain();
    assert.ok((await whole.keys("media")).length >= 10);
    await other.db.tx((tx) =>
      other.emit(tx, videoDeleted, 5, { videoId: 5, userId: mira, mediaId: id, isLastOfMedia: true }),
    );
    await until(async () => (await whole.keys("media")).length + (await whole.keys("upload")).length === 0);
  });
});

const mira = 11;
const noor = 12;
const told: string[] = [];
let other: Host;

/** Stands where video, auth and the transcoder are: tells their events, hears those of media. */
const neighbour = plugin({
  contract: contract("neighbour", 1, {}),
  needs: [],
  migrations: [],
  start(given: Host) {
    other = given;
    return {
      handlers: {},
      subscriptions: [
        on(transcodeRequested, async (_, { mediaId }) => void told.push(`requested:${mediaId}`)),
        on(transcodeCancelled, async (_, { mediaId }) => void told.push(`cancelled:${mediaId}`)),
        on(mediaReady, async (_, { mediaId, hasCover }) => void told.push(`ready:${mediaId}:${hasCover}`)),
        on(mediaDeleted, async (_, { mediaId }) => void told.push(`deleted:${mediaId}`)),
        on(fileDeleted, async (_, { fileId }) => void told.push(`file-deleted:${fileId}`)),
      ],
    };
  },
});

const house = new MediaHouse({ environment: { searchPath: "/nonexistent" }, graceMs: 30, media: { adoptAfterMs: 0 } });
const client = house.host.client(media);

const clip = (name: string) => readFile(clipPath(name));
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#4060a0" } })
    .png({ compressionLevel: 0 })
    .toBuffer();

let counter = 0;
/** A media object of its own whose task waits. */
async function requested(): Promise<{ id: number; taskId: number }> {
  const bytes = Buffer.concat([await clip("one-frame.mp4"), Buffer.from(String(counter++))]);
  const { id: fileId } = await house.store(bytes, "a.mp4", mira);
  const { id } = await client.upload({ fileId }, callOf(mira));
  await house.host.drain();
  return { id, taskId: (await client.task({ id }, callOf(mira))).taskId };
}
const of = ({ id, taskId }: { id: number; taskId: number }) => ({ mediaId: id, taskId });

async function tell<P extends z.ZodType>(type: EventType<P>, payload: z.input<P>): Promise<void> {
  await other.db.tx((tx) => other.emit(tx, type, 5, payload));
  await house.host.drain();
}

type Completed = z.input<typeof transcodingCompleted.payload>;
const complete = (mediaId: number, taskId: number, done: Partial<Completed>) =>
  tell(transcodingCompleted, {
    taskId,
    mediaId,
    isLast: false,
    kind: "video",
    width: 640,
    height: 480,
    durationMs: 1_000,
    fps: 25,
    renditions: [],
    audio: null,
    cover: null,
    ...done,
  });

const key = (letter: string) => `media/${createHash("sha256").update(letter).digest("hex")}`;
const track = (object: string, indexKey: string) => ({ kind: "video" as const, key: object, sizeBytes: 3, indexKey });
const rendition = (profile: string, letter: string) => {
  const height = Number.parseInt(profile, 10);
  return {
    profile,
    width: height,
    height,
    bitrateBps: 1_000,
    fps: 25,
    video: track(key(letter), key(`${letter} index`)),
  };
};

/** An object of the space `media`. */
async function kept(text: string): Promise<string> {
  const writer = await house.blob.create("media");
  await writer.write(Buffer.from(text));
  return (await writer.commit()).key;
}

/** Jobs that wait for their time. */
async function idle(service: string): Promise<number> {
  await house.host.drain();
  const { rows } = await sql`SELECT FROM jobs WHERE state IN ('queued', 'running')`.execute(
    house.host.database(service),
  );
  return rows.length;
}
