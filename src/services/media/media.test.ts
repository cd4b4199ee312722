import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, describe, it } from "node:test";
import { userDeleted } from "#events/auth";
import { transcodeProgress, transcodingCompleted, transcodingFailed, transcodingStarted } from "#events/transcoder";
import { fileDeleted } from "#events/upload";
import { videoDeleted } from "#events/video";
import { mediaDeleted, mediaReady, transcodeCancelled, transcodeRequested } from "#events/media";
import { contract, type EventType, type Host, on, plugin } from "#kernel";
import { bytesOf } from "#kernel/blob/object-bytes";
import { callOf } from "#kernel/host/testing";
import { rejections } from "#media/rejection";
import { testTools, without } from "#media/testing";
import { clipPath, MediaFixture } from "#services/transcoder/testing";
import { until } from "#test/until";
import { sql } from "kysely";
import sharp from "sharp";
import type { z } from "zod";
import { media } from "./contract.ts";
import { sweepObjects } from "./objects/orphans.ts";
import { destinyOf, isPublicPurpose } from "./objects/purposes.ts";
import type * as store from "./store.ts";

const skip = without(await testTools(), "FFmpeg");

describe("media", () => {
  before(async () => {
    // Without FFmpeg tasks wait, and the test publishes the events of a transcoder.
    await fixture.open();
    await fixture.host.add(otherServices);
  });
  beforeEach(async () => {
    await fixture.host.clear();
    published.length = 0;
  });
  after(() => fixture[Symbol.asyncDispose]());

  it("creates one media object and one task per file, for command and event in any order", async () => {
    const file = await fixture.store(await clip("one-frame.mp4"), "a.mp4", mira);
    const request = () => client.upload({ fileId: file.id }, callOf(mira));
    const answers = await Promise.all([request(), request(), fixture.host.drain().then(request)]);
    for (const { id, status } of answers) assert.deepEqual([id, status], [answers[0]?.id, "processing"]);
    await fixture.host.drain();
    await until(async () => (await openJobs("media")) === 0);
    assert.deepEqual(published, [`requested:${answers[0]?.id}`]);
  });

  it("creates a media object of a stored file without a command", async () => {
    const file = await fixture.store(await clip("one-frame.mp4"), "a.mp4", mira);
    await until(async () => published.length > 0);
    const { id } = await client.upload({ fileId: file.id }, callOf(mira));
    assert.deepEqual(published, [`requested:${id}`]);
  });

  it("refuses a media object of another user's file", async () => {
    const file = await fixture.store(await clip("one-frame.mp4"), "a.mp4", mira);
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

  it("re-encodes a picture in the size of its purpose, and restricts access to it", async () => {
    const bytes = await picture(800, 600);
    const sent = async (purpose?: "avatar" | "cover") => {
      const { id: fileId } = await fixture.store(bytes, "face.png", mira);
      return client.upload({ fileId, ...(purpose && { purpose }) }, callOf(mira));
    };
    const avatar = await sent("avatar");
    assert.deepEqual(
      [avatar.kind, avatar.status, avatar.width, avatar.height, avatar.mime],
      ["image", "ready", 512, 512, "image/webp"],
    );
    const object = await client.picture({ id: avatar.id }, callOf());
    assert.deepEqual([object.isPublic, object.mime], [true, "image/webp"]);
    const drawn = await bytesOf(fixture.blob, object.key);
    assert.equal((await sharp(drawn).metadata()).format, "webp");
    const own = await sent();
    assert.deepEqual([own.purpose, own.width, own.height], ["picture", 800, 600]);
    // A cover belongs to a video, which may be private: it is served under that video's addresses.
    for (const { id } of [own, await sent("cover")]) {
      const { isPublic, ...object } = await client.picture({ id }, callOf(mira));
      assert.equal(isPublic, false);
      assert.deepEqual((await client.playable({ id }, callOf(mira, { caller: "test" }))).picture, object);
      for (const call of [callOf(), callOf(noor)])
        await assert.rejects(client.picture({ id }, call), { code: "media.not_found" });
    }
    await assert.rejects(client.transcode({ id: own.id }, callOf(mira)), { code: "media.not_transcodable", http: 400 });
  });

  it("re-encodes a picture without a purpose for the first one it gets, and no other", async () => {
    const { id: fileId } = await fixture.store(await picture(700, 900), "face.png", mira);
    const as = (purpose?: "avatar" | "cover") => client.upload({ fileId, ...(purpose && { purpose }) }, callOf(mira));
    const [plain, avatar, after] = [await as(), await as("avatar"), await as("cover")];
    assert.deepEqual([plain.purpose, avatar.purpose, after.purpose], ["picture", "avatar", "avatar"]);
    assert.deepEqual([avatar.id, avatar.width, avatar.height, after.width], [plain.id, 512, 512, 512]);
    assert.equal((await client.picture({ id: plain.id }, callOf())).isPublic, true);
  });

  it("refuses an unreadable picture each time, and stores neither it nor its file", async () => {
    const before = await fixture.keys("media");
    const whole = await picture(300, 200);
    const file = await fixture.store(whole.subarray(0, 200), "cut.png", mira);
    const again = () => client.upload({ fileId: file.id, purpose: "cover" }, callOf(mira));
    await assert.rejects(again(), { code: "media.unreadable_picture", http: 415 });
    await assert.rejects(again(), { code: "media.unreadable_picture", http: 415 });
    await until(async () => published.includes(`file-deleted:${file.id}`));
    const video = await fixture.store(await clip("one-frame.mp4"), "a.mp4", mira);
    await assert.rejects(client.upload({ fileId: video.id, purpose: "avatar" }, callOf(mira)), {
      code: "media.unreadable_picture",
    });
    const film = await fixture.store(await clip("video-only.mp4"), "b.mp4", mira);
    assert.equal((await client.upload({ fileId: film.id, purpose: "video" }, callOf(mira))).kind, "video");
    await assert.rejects(client.upload({ fileId: film.id, purpose: "avatar" }, callOf(mira)), {
      code: "media.unreadable_picture",
    });
    assert.deepEqual(await fixture.keys("media"), before);
  });

  it("is ready at its first rendition, and published again only when its pictures change", async () => {
    const { id, taskId } = await requested();
    const task = () => client.task({ id }, callOf(mira));
    await publish(transcodingStarted, { taskId, mediaId: id });
    assert.deepEqual([(await task()).status, (await task()).step], ["running", "probe"]);
    await publish(transcodeProgress, { taskId, mediaId: id, progress: 40, step: "quick" });
    await publish(transcodeProgress, { taskId, mediaId: id, progress: 20, step: "quick" });
    assert.equal((await task()).progress, 40);
    await complete(id, taskId, { renditions: [rendition("480p", "a")] });
    assert.equal((await client.get({ id }, callOf(mira))).status, "ready");
    await complete(id, taskId, { cover: { key: key("c"), sizeBytes: 3, thumb: "x" } });
    await complete(id, taskId, { renditions: [rendition("240p", "b")], isLast: true });
    await publish(transcodeProgress, { taskId, mediaId: id, progress: 50, step: "ladder" });
    const ready = await client.get({ id }, callOf(mira));
    assert.deepEqual([ready.hasCover, ready.renditions.map(({ profile }) => profile)], [true, ["240p", "480p"]]);
    const over = await task();
    assert.deepEqual([over.status, over.progress, over.step], ["completed", 100, ""]);
    assert.deepEqual(published, [`requested:${id}`, `ready:${id}:false`, `ready:${id}:true`]);
  });

  it("has the chapters of its file, and is published again when they change", async () => {
    const { id, taskId } = await requested();
    const chapters = [
      { startMs: 0, title: "Opening" },
      { startMs: 600, title: "End" },
    ];
    const current = async () => (await client.briefs({ ids: [id] }, callOf())).items[0]?.chapters;
    await complete(id, taskId, { renditions: [rendition("480p", "a")] });
    assert.deepEqual(await current(), []);
    await complete(id, taskId, { chapters });
    await complete(id, taskId, { chapters, isLast: true });
    assert.deepEqual(await current(), chapters);
    assert.deepEqual(published, [`requested:${id}`, `ready:${id}:false`, `ready:${id}:false`]);
    await publish(userDeleted, { userId: mira });
    const db = fixture.host.database<store.Tables>("media");
    const { chapters: left } = await db
      .selectFrom("media.media")
      .select("chapters")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    assert.equal(left, null);
  });

  it("names for its owner what of the file is missing in what plays", async () => {
    const { id, taskId } = await requested();
    const current = async () => (await client.get({ id }, callOf(mira))).notices;
    await complete(id, taskId, {
      renditions: [rendition("480p", "a")],
      notices: ["media.end_missing", "media.no_sound"],
    });
    assert.deepEqual(
      (await current()).map(({ code, message }) => `${code}: ${message}`),
      [
        "media.no_sound: no sound of the file can be decoded, so it plays without sound",
        "media.end_missing: the end of the file is damaged or missing, so it ends early",
      ],
    );
    await complete(id, taskId, { isLast: true });
    assert.deepEqual(await current(), []);
  });

  it("stays ready when a further rendition fails, and can be retried when the first one fails", async () => {
    const one = await requested();
    await complete(one.id, one.taskId, { renditions: [rendition("480p", "a")] });
    await publish(transcodingFailed, {
      taskId: one.taskId,
      mediaId: one.id,
      error: "media.too_slow",
      message: "too slow",
    });
    assert.equal((await client.get({ id: one.id }, callOf(mira))).status, "ready");
    assert.equal((await client.task({ id: one.id }, callOf(mira))).error, "media.too_slow");

    const other = await requested();
    await publish(transcodingFailed, {
      taskId: other.taskId,
      mediaId: other.id,
      error: "media.decoder_failed",
      message: rejections["media.decoder_failed"],
    });
    const failed = await client.get({ id: other.id }, callOf(mira));
    assert.deepEqual(
      [failed.status, failed.statusReason],
      ["failed", { error: "media.decoder_failed", message: rejections["media.decoder_failed"] }],
    );
    const again = await client.transcode({ id: other.id }, callOf(mira));
    assert.notEqual(again.taskId, other.taskId);
    assert.equal((await client.get({ id: other.id }, callOf(mira))).status, "processing");
  });

  it("returns the last estimate of the seconds left, and null once it has passed", async () => {
    const { id, taskId } = await requested();
    const left = async () => (await client.task({ id }, callOf(mira))).secondsLeft;
    assert.equal(await left(), null);
    await publish(transcodeProgress, { taskId, mediaId: id, progress: 10, step: "ladder", secondsLeft: 100 });
    const estimate = (await left()) ?? 0;
    assert.ok(estimate > 40 && estimate <= 100, `${estimate}`);
    await publish(transcodeProgress, { taskId, mediaId: id, progress: 20, step: "ladder", secondsLeft: 0 });
    assert.equal(await left(), null);
    await publish(transcodeProgress, { taskId, mediaId: id, progress: 20, step: "ladder", secondsLeft: 50 });
    await complete(id, taskId, { renditions: [rendition("480p", "a")], isLast: true });
    assert.equal(await left(), null);
  });

  it("keeps a task cancelled whatever events follow, and refuses to cancel one that is over", async () => {
    const { id, taskId } = await requested();
    await client.cancel({ id: taskId }, callOf(mira));
    await until(async () => published.includes(`cancelled:${id}`));
    await publish(transcodeProgress, { taskId, mediaId: id, progress: 50, step: "quick" });
    const next = await client.transcode({ id }, callOf(mira));
    await publish(transcodingFailed, {
      taskId,
      mediaId: id,
      error: "media.decoder_failed",
      message: "of the cancelled one",
    });
    assert.equal((await client.get({ id }, callOf(mira))).status, "processing");
    const before = await client.status({ id: taskId }, callOf(mira));
    assert.deepEqual([before.status, before.progress], ["cancelled", 0]);
    await complete(id, next.taskId, { renditions: [rendition("480p", "a")], isLast: true });
    await assert.rejects(client.cancel({ id: next.taskId }, callOf(mira)), { code: "media.task_over", http: 409 });
  });

  it("lists the caller's tasks in pages, latest first, without those of deleted media", async () => {
    const sent = [];
    for (let n = 0; n < 5; n++) sent.push(await requested());
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await client.tasks({ limit: 2, ...(cursor !== undefined && { cursor }) }, callOf(mira));
      seen.push(...page.items.map(({ taskId }) => taskId));
      if (page.next === null) break;
      cursor = page.next;
      // Rows that are inserted or deleted between pages shift no page.
      await requested();
      const [newest] = sent;
      if (seen.length === 2)
        await publish(videoDeleted, { videoId: 9, userId: mira, mediaId: newest?.id ?? 0, isLastOfMedia: true });
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

  it("lists the profiles", async () => {
    const { items } = await client.profiles({}, callOf(mira));
    assert.deepEqual(
      items.filter(({ isUsual }) => !isUsual).map(({ profile, shortSide }) => [profile, shortSide]),
      [["360p", 360]],
    );
    assert.equal(items.length, 7);
  });

  it("deletes a permanently failed file after the grace time, and keeps one that may be retried", async () => {
    const [cut, slow] = [await requested(), await requested()];
    await publish(transcodingFailed, { ...of(cut), error: "media.unreadable", message: "damaged" });
    await publish(transcodingFailed, { ...of(slow), error: "media.too_slow", message: "too slow" });
    await until(
      async () => published.includes(`deleted:${cut.id}`) && published.some((line) => line.startsWith("file-deleted")),
    );
    await assert.rejects(client.get({ id: cut.id }, callOf(mira)), { code: "media.not_found" });
    assert.equal((await client.get({ id: slow.id }, callOf(mira))).status, "failed");
  });

  it("is hidden with its last video, and its bytes are deleted after the grace time unless they are shared", async () => {
    const [one, two] = [await requested(), await requested()];
    const shared = await storedKey("shared");
    const own = await storedKey("own");
    await complete(one.id, one.taskId, { renditions: [{ ...rendition("480p", "x"), video: track(shared, own) }] });
    await complete(two.id, two.taskId, { renditions: [{ ...rendition("480p", "x"), video: track(shared, shared) }] });
    await publish(videoDeleted, { videoId: 5, userId: mira, mediaId: one.id, isLastOfMedia: false });
    assert.equal((await client.get({ id: one.id }, callOf(mira))).status, "ready");
    await publish(videoDeleted, { videoId: 6, userId: mira, mediaId: one.id, isLastOfMedia: true });
    for (const ask of [client.playable, client.source, client.get])
      await assert.rejects(ask({ id: one.id }, callOf(mira)), { code: "media.not_found" });
    assert.deepEqual(
      (await client.briefs({ ids: [one.id, two.id] }, callOf())).items.map(({ id }) => id),
      [two.id],
    );
    await until(async () => !(await fixture.isStored(own)));
    assert.equal(await fixture.isStored(shared), true);
    assert.ok(published.includes(`deleted:${one.id}`));
    await complete(one.id, one.taskId, { renditions: [rendition("240p", "y")] });
    await assert.rejects(client.get({ id: one.id }, callOf(mira)), { code: "media.not_found" });
    await publish(userDeleted, { userId: mira });
    await until(async () => !(await fixture.isStored(shared)));
    assert.ok(published.includes(`deleted:${two.id}`));
  });

  it("removes orphaned objects, and only those", async () => {
    const one = await requested();
    const [used, orphan] = [await storedKey("used"), await storedKey("orphan")];
    await complete(one.id, one.taskId, { renditions: [{ ...rendition("480p", "x"), video: track(used, used) }] });
    const db = fixture.host.database<store.Tables>("media");
    const parts = { db, blob: fixture.blob, signal: new AbortController().signal };
    assert.equal(await sweepObjects({ ...parts, writtenBeforeMs: Date.now() - 3_600_000 }), 0);
    await sweepObjects({ ...parts, writtenBeforeMs: Date.now() + 60_000 });
    assert.deepEqual([await fixture.isStored(used), await fixture.isStored(orphan)], [true, false]);
  });
});

describe("the purpose of a file", () => {
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
  it("deletes its renditions, its cover and its file", async () => {
    await using whole = new MediaFixture({ graceMs: 100 });
    await whole.open();
    await whole.host.add(otherServices);
    const { id } = await whole.send("basic-720p.mp4", mira);
    await until(async () => (await whole.host.client(media).task({ id }, callOf(mira))).status === "completed");
    // Extras are made after the renditions; the sweeper removes what a cancelled job leaves behind.
    await whole.host.drain();
    assert.ok((await whole.keys("media")).length >= 10);
    await otherHost.db.tx((tx) =>
      otherHost.emit(tx, videoDeleted, 5, { videoId: 5, userId: mira, mediaId: id, isLastOfMedia: true }),
    );
    await until(async () => (await whole.keys("media")).length + (await whole.keys("upload")).length === 0);
  });
});

const mira = 11;
const noor = 12;
const published: string[] = [];
let otherHost: Host;

/** Stands in for video, auth and the transcoder: publishes their events and consumes those of media. */
const otherServices = plugin({
  contract: contract("neighbour", 1, {}),
  needs: [],
  migrations: [],
  start(host: Host) {
    otherHost = host;
    return {
      handlers: {},
      subscriptions: [
        on(transcodeRequested, async (_, { mediaId }) => void published.push(`requested:${mediaId}`)),
        on(transcodeCancelled, async (_, { mediaId }) => void published.push(`cancelled:${mediaId}`)),
        on(mediaReady, async (_, { mediaId, hasCover }) => void published.push(`ready:${mediaId}:${hasCover}`)),
        on(mediaDeleted, async (_, { mediaId }) => void published.push(`deleted:${mediaId}`)),
        on(fileDeleted, async (_, { fileId }) => void published.push(`file-deleted:${fileId}`)),
      ],
    };
  },
});

const fixture = new MediaFixture({
  environment: { searchPath: "/nonexistent" },
  graceMs: 30,
  media: { adoptAfterMs: 0 },
});
const client = fixture.host.client(media);

const clip = (name: string) => readFile(clipPath(name));
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#4060a0" } })
    .png({ compressionLevel: 0 })
    .toBuffer();

let counter = 0;
/** A new media object whose task waits. */
async function requested(): Promise<{ id: number; taskId: number }> {
  const bytes = Buffer.concat([await clip("one-frame.mp4"), Buffer.from(String(counter++))]);
  const { id: fileId } = await fixture.store(bytes, "a.mp4", mira);
  const { id } = await client.upload({ fileId }, callOf(mira));
  await fixture.host.drain();
  return { id, taskId: (await client.task({ id }, callOf(mira))).taskId };
}
const of = ({ id, taskId }: { id: number; taskId: number }) => ({ mediaId: id, taskId });

async function publish<P extends z.ZodType>(type: EventType<P>, payload: z.input<P>): Promise<void> {
  await otherHost.db.tx((tx) => otherHost.emit(tx, type, 5, payload));
  await fixture.host.drain();
}

type Completed = z.input<typeof transcodingCompleted.payload>;
const complete = (mediaId: number, taskId: number, done: Partial<Completed>) =>
  publish(transcodingCompleted, {
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
async function storedKey(text: string): Promise<string> {
  const writer = await fixture.blob.create("media");
  await writer.write(Buffer.from(text));
  return (await writer.commit()).key;
}

/** The number of unfinished jobs. */
async function openJobs(service: string): Promise<number> {
  await fixture.host.drain();
  const { rows } = await sql`SELECT FROM jobs WHERE state IN ('queued', 'running')`.execute(
    fixture.host.database(service),
  );
  return rows.length;
}
