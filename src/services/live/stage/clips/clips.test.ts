import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Id } from "#kernel";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { embeddedCache } from "#kernel/cache/embedded";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { callOf } from "#kernel/host/testing";
import type { TrackIndex } from "#media/mp4/indexer";
import { media } from "#services/media/contract";
import { mediaPlugin } from "#services/media/plugin";
import { upload } from "#services/upload/contract";
import { uploadPlugin } from "#services/upload/plugin";
import { type Video, video } from "#services/video/contract";
import { videoPlugin } from "#services/video/plugin";
import { killPublishers, publishTo } from "#test/encoder";
import { freePorts } from "#test/ports";
import { until } from "#test/until";
import { sql } from "kysely";
import { live } from "../../contract.ts";
import { bytesOf, follow } from "../ingest/testing.ts";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";

describe("clips of a live room", { timeout: 300_000 }, () => {
  before(async () => {
    [port = 0] = await freePorts(1);
    const rtmp = { host: "127.0.0.1", port, isDefault: false };
    fixture = new LiveFixture({ rtmp, graceMs: 60_000 }, { blob, cache });
    await fixture.start(async (services) => {
      await services.add(uploadPlugin);
      await services.add(mediaPlugin);
      await services.add(videoPlugin);
    });
  });
  beforeEach(async () => {
    await fixture.clear();
    await cache.delete(`live:clips:${host}`);
  });
  after(async () => {
    killPublishers();
    await fixture.host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("are drafts of the last whole segments, byte for byte, while the stream goes on and is recorded", async () => {
    const { id, streamKey } = await fixture.liveRoom({ title: "Harbour, live", categoryId: 3 });
    const events = follow(service, id);
    const publisher = publishTo(address(streamKey), { isPaced: true });
    await storedSegments(id, 8);
    const clip = await fixture.client.createClip({ id, seconds: 5 }, callOf(host));
    const opened = events.opened;
    assert.deepEqual(
      [clip.title, clip.isDraft, clip.visibility, clip.categoryId, clip.userId],
      ["Harbour, live · clip", true, "public", 3, host],
    );
    assert.ok(clip.durationMs >= 5_000 - frameMs && clip.durationMs <= 6_000, `${clip.durationMs} ms`);
    await until(() => events.opened > opened + 2);
    publisher.child.kill("SIGKILL");
    const { videoId } = await endedRoom(id);
    await until(() => events.isEnded);
    const [own, whole] = [await storedFile(clip), await storedFile(await videoOf(videoId ?? 0))];
    for (const track of ["video", "audio"] as const) {
      const segments = events.segments(track);
      assert.deepEqual(whole.segments(track), segments, `the recording, ${track}`);
      const cut = own.segments(track);
      const from = segments.findIndex((bytes) => bytes.equals(cut[0] ?? Buffer.alloc(0)));
      assert.ok(from >= 2 && cut.length >= 5 && from + cut.length < segments.length, `${from} of ${segments.length}`);
      assert.deepEqual(cut, segments.slice(from, from + cut.length), `the clip, ${track}`);
    }
    await decodes(own.bytes, clip.durationMs);
  });

  it("have the segments that there are where fewer are stored, and are listed for the owner, the newest first", async () => {
    const { id, streamKey } = await fixture.liveRoom({ visibility: "password", password: "open sesame" });
    await publishTo(address(streamKey), { seconds: 7 }).result;
    await storedSegments(id, 7);
    const first = await fixture.client.createClip({ id }, callOf(host, { language: "zh" }));
    const second = await fixture.client.createClip({ id, title: "The gulls", seconds: 120 }, callOf(host));
    assert.deepEqual([first.title, second.title], ["Harbour · 片段", "The gulls"]);
    for (const { durationMs } of [first, second]) assert.ok(Math.abs(durationMs - 7_000) < 100, `${durationMs} ms`);
    // Only the hash of the password is known.
    assert.equal(first.visibility, "private");
    const page = await fixture.client.clips({ id, limit: 1 }, callOf(host));
    const rest = await fixture.client.clips({ id, cursor: page.next ?? "" }, callOf(host));
    assert.deepEqual(
      [...page.items, ...rest.items].map(({ videoId }) => videoId),
      [second.id, first.id],
    );
    assert.ok((await fixture.host.client(upload).usage({}, callOf(host))).usedBytes > 0);
  });

  it("begin at a key frame, so that they are longer where those are rare", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    await publishTo(address(streamKey), { seconds: 26, keySeconds: 12 }).result;
    // Segments end after four seconds at the latest.
    await storedSegments(id, 7);
    const clip = await fixture.client.createClip({ id, seconds: 5 }, callOf(host));
    assert.ok(Math.abs(clip.durationMs - 14_000) < 200, `${clip.durationMs} ms`);
    await decodes((await storedFile(clip)).bytes, clip.durationMs);
  });

  it("are made and listed by the owner alone", async () => {
    const { id } = await fixture.liveRoom();
    const hidden = await fixture.liveRoom({ visibility: "private" });
    for (const viewer of [callOf(guest), callOf(3, { role: "admin" })]) {
      await assert.rejects(fixture.client.createClip({ id }, viewer), { code: "live.not_yours" });
      await assert.rejects(fixture.client.clips({ id }, viewer), { code: "live.not_yours" });
      await assert.rejects(fixture.client.createClip({ id: hidden.id }, viewer), notFound);
    }
    await assert.rejects(fixture.client.createClip({ id }, callOf()), { kind: "unauthenticated" });
  });

  it("are refused for a room that is not live or not recorded, and before there are five seconds", async () => {
    const make = (id: Id) => fixture.client.createClip({ id }, callOf(host));
    const waiting = await fixture.room();
    await assert.rejects(make(waiting.id), { code: "live.not_live", kind: "conflict" });
    const unrecorded = await fixture.liveRoom({ keepsRecording: false });
    await assert.rejects(make(unrecorded.id), { code: "live.not_recorded", kind: "conflict" });
    const begun = await fixture.liveRoom();
    await assert.rejects(make(begun.id), { code: "live.clip_too_short", kind: "conflict" });
    await publishTo(address(begun.streamKey), { seconds: 4 }).result;
    await storedSegments(begun.id, 4);
    await assert.rejects(make(begun.id), { code: "live.clip_too_short", kind: "conflict" });
    await endedRoom(begun.id);
    await assert.rejects(make(begun.id), { code: "live.ended", kind: "conflict" });
  });

  it("are refused where the recording has stopped while the stream goes on", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    await publishTo(address(streamKey), { seconds: 7 }).result;
    await storedSegments(id, 7);
    await fixture.db.tx((tx) => tx.updateTable("live.ingests").set({ msn: 30 }).where("live_id", "=", id).execute());
    await assert.rejects(fixture.client.createClip({ id }, callOf(host)), { code: "live.not_recorded" });
  });

  it("are one however often and at the same time a request with its key is repeated", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    await publishTo(address(streamKey), { seconds: 7 }).result;
    await storedSegments(id, 7);
    const keyed = () => callOf(host, { idempotencyKey: "one" });
    const clips = await Promise.all([1, 2, 3].map(() => fixture.client.createClip({ id }, keyed())));
    const again = await fixture.client.createClip({ id }, keyed());
    assert.equal(new Set([...clips, again].map((clip) => clip.id)).size, 1);
    assert.equal((await fixture.client.clips({ id }, callOf(host))).items.length, 1);
    await assert.rejects(fixture.client.createClip({ id, seconds: 6 }, keyed()), {
      code: "kernel.idempotency_key_reused",
    });
  });

  it("leave nothing where their bytes cannot be read, and are ten within ten minutes", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    await publishTo(address(streamKey), { seconds: 7 }).result;
    await storedSegments(id, 7);
    const before = await fixture.host.client(upload).usage({}, callOf(host));
    isBroken = true;
    await assert.rejects(fixture.client.createClip({ id }, callOf(host)), { kind: "internal" });
    isBroken = false;
    assert.deepEqual(await fixture.host.client(upload).usage({}, callOf(host)), before);
    assert.deepEqual(await fixture.db.selectFrom("live.clips").select("id").execute(), []);
    for (let n = 2; n <= 10; n++) await fixture.client.createClip({ id, seconds: 5 }, callOf(host));
    await assert.rejects(fixture.client.createClip({ id }, callOf(host)), {
      code: "live.too_many_clips",
      kind: "exhausted",
    });
  });

  it("count against the quota, and leave nothing where it is used up", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    await publishTo(address(streamKey), { seconds: 7 }).result;
    await storedSegments(id, 7);
    const uploads = fixture.host.client(upload);
    const { quotaBytes } = await uploads.usage({}, callOf(host));
    await sql`UPDATE upload.upload_sessions SET reserved_bytes = ${quotaBytes}`.execute(
      fixture.host.database("upload"),
    );
    const before = await uploads.usage({}, callOf(host));
    await assert.rejects(fixture.client.createClip({ id }, callOf(host)), { code: "upload.quota_exceeded" });
    assert.deepEqual(await uploads.usage({}, callOf(host)), before);
    assert.deepEqual((await fixture.client.clips({ id }, callOf(host))).items, []);
  });

  it("have the chat of their seconds, and none from before", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    const publisher = publishTo(address(streamKey), { isPaced: true });
    await storedSegments(id, 1);
    await fixture.client.say({ id, content: "too early" }, callOf(guest));
    await storedSegments(id, 7);
    await fixture.client.say({ id, content: "that was it" }, callOf(guest));
    await storedSegments(id, 10);
    const clip = await fixture.client.createClip({ id, seconds: 6 }, callOf(host));
    publisher.child.kill("SIGKILL");
    const chat = await (await service()).recordedChat({ id, videoId: clip.id, after: 0 }, callOf());
    assert.deepEqual(
      chat.items.map(({ content }) => content),
      ["that was it"],
    );
    assert.ok((chat.items[0]?.positionMs ?? 0) > 0 && (chat.items[0]?.positionMs ?? 0) < clip.durationMs);
  });
});

const folder = mkdtempSync(join(tmpdir(), "kinora-clips-"));
const cache = embeddedCache();
let isBroken = false;
const blob = new (class extends DiskBlobStore {
  override async pieceRange(name: string, from: number, length: number): Promise<Uint8Array> {
    if (isBroken) throw new Error("the piece is gone");
    return super.pieceRange(name, from, length);
  }
})({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
let port = 0;
let fixture: LiveFixture;
const frameMs = 1_000 / 15;

const address = (key: string): string => `rtmp://127.0.0.1:${port}/live/${key}`;
const service = async () => (await fixture.host.host()).client(live, "test");
const videoOf = (id: Id) => fixture.host.client(video).get({ id }, callOf(host));

/** Settles when so many segments of a room's recording are stored. */
const storedSegments = (id: Id, count: number) =>
  until(async () => (await (await service()).history({ id, afterMsn: -1 }, callOf())).segments.length >= count);

/** The room after its end, when its recording is a video. */
async function endedRoom(id: Id) {
  await fixture.client.end({ id }, callOf(host));
  return until(async () => {
    const room = await fixture.client.get({ id }, callOf(host));
    return room.videoId === null ? undefined : room;
  });
}

/** The file of a video, and the segments of its tracks by their indexes. */
async function storedFile({ mediaId }: Pick<Video, "mediaId">) {
  const { renditions, audio } = await fixture.host
    .client(media)
    .playable({ id: mediaId }, callOf(undefined, { caller: "test" }));
  const tracks = { video: renditions[0]?.video, audio };
  const bytes = await bytesOf(blob, tracks.video?.key ?? "");
  const indexes = { video: await indexOf(tracks.video), audio: await indexOf(tracks.audio) };
  return {
    bytes,
    // A publisher that is killed may leave a last segment with pictures and no sound.
    segments: (track: "video" | "audio"): Buffer[] =>
      indexes[track].segmentBytes.flatMap((size, n) => {
        const offset = indexes[track].segmentOffsets?.[n] ?? 0;
        return size > 0 ? [bytes.subarray(offset, offset + size)] : [];
      }),
  };
}

async function indexOf(track: { readonly indexKey: string } | null | undefined): Promise<TrackIndex> {
  assert.ok(track);
  return JSON.parse((await bytesOf(blob, track.indexKey)).toString()) as TrackIndex; // As it was recorded.
}

/** FFmpeg plays all of a file without a complaint, from its first picture on, for so long. */
async function decodes(bytes: Buffer, durationMs: number): Promise<void> {
  const path = join(folder, "clip.mp4");
  await writeFile(path, bytes);
  const seconds = ["-show_entries", "format=start_time", "-of", "csv=p=0"];
  const { stdout } = await run("ffprobe", ["-v", "error", ...seconds, path]);
  assert.ok(Math.abs(Number(stdout)) < 0.2, `it begins at ${stdout}`);
  const progress = ["-progress", "-", "-f", "null", "-"];
  const decoded = await run("ffmpeg", ["-v", "warning", "-xerror", "-i", path, ...progress]);
  assert.equal(decoded.stderr, "");
  const [, lastUs] = /.*out_time_us=(\d+)/s.exec(decoded.stdout) ?? [];
  assert.ok(Math.abs(Number(lastUs) / 1_000 - durationMs) < 200, `${lastUs} µs of ${durationMs} ms`);
}
const run = promisify(execFile);
