import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { contentRemoved } from "#events/moderation";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { callOf } from "#kernel/host/testing";
import type { TrackIndex } from "#media/mp4/indexer";
import { media } from "#services/media/contract";
import { mediaPlugin } from "#services/media/plugin";
import { upload } from "#services/upload/contract";
import { uploadPlugin } from "#services/upload/plugin";
import { video } from "#services/video/contract";
import { videoPlugin } from "#services/video/plugin";
import { killPublishers, type Publication, publishTo } from "#test/encoder";
import { freePorts } from "#test/ports";
import { until } from "#test/until";
import { type Live, live } from "../../contract.ts";
import { guest, host, LiveFixture, notFound } from "../../testing.ts";
import { whepClient } from "../webrtc/testing.ts";
import { bytesOf, follow as followStream } from "./testing.ts";

describe("the ingest of live streams", { timeout: 300_000 }, () => {
  before(async () => {
    [port = 0] = await freePorts(1);
    const rtmp = { host: "127.0.0.1", port, isDefault: false };
    fixture = new LiveFixture(
      { rtmp, graceMs: 4_000, streamsMax: 3, bitrateMaxBps: 1_500_000, durationMaxMs: 3_600_000 },
      { blob },
    );
    await fixture.start(async (services) => {
      await services.add(uploadPlugin);
      await services.add(mediaPlugin);
      await services.add(videoPlugin);
    });
  });
  beforeEach(() => fixture.clear());
  after(async () => {
    killPublishers();
    await fixture.host[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it("takes a stream by its key alone, and says to others why not (S2.7)", async () => {
    const ended = await fixture.liveRoom();
    await fixture.client.end({ id: ended.id }, callOf(host));
    for (const [key, sentence] of [
      ["no-such-key", /no such stream key/],
      [ended.streamKey, /this live room has ended/],
    ] as const)
      assert.match((await publish(key, { seconds: 1 }).result).errors, sentence);
    const { streamKey } = await fixture.room();
    assert.equal((await publish(streamKey, { seconds: 1 }).result).code, 0);
  });

  it("says to the owner of a room why a publisher was last refused, and when", async () => {
    const refusalOf = async (id: number, source = "203.0.113.9") =>
      (await fixture.client.health({ id }, { ...callOf(host), source })).lastRefusal;
    const { id, streamKey } = await fixture.room();
    assert.equal(await refusalOf(id), null);
    await fixture.client.resetKey({ id }, callOf(host));
    assert.match((await publish(streamKey, { seconds: 1 }).result).errors, /no such stream key/);
    await until(async () => (await refusalOf(id)) !== null);
    const { reason, sentence, atMs } = (await refusalOf(id)) ?? assert.fail();
    assert.deepEqual([reason, sentence], ["key_replaced", "this stream key was replaced by another one"]);
    assert.ok(Math.abs(atMs - Date.now()) < 60_000);
    // A key that no room ever had names its publisher's address alone.
    const other = await fixture.room();
    await publish("no-such-key", { seconds: 1 }).result;
    assert.equal((await refusalOf(other.id, "127.0.0.1"))?.reason, "wrong_key");
    assert.equal(await refusalOf(other.id), null);
    const ended = await fixture.liveRoom();
    await fixture.client.end({ id: ended.id }, callOf(host));
    await publish(ended.streamKey, { seconds: 1 }).result;
    await until(async () => (await refusalOf(ended.id))?.reason === "ended");
  });

  it("pauses a room whose publisher is lost, continues it, and ends it when the publisher stays away (D9)", async () => {
    const { id, streamKey } = await fixture.liveRoom({ keepsRecording: false });
    const first = publish(streamKey, { isPaced: true });
    const events = follow(id);
    await until(() => events.parts > 0);
    first.child.kill("SIGKILL");
    await statusIs(id, "paused");
    const again = publish(streamKey, { isPaced: true });
    await statusIs(id, "live");
    const before = events.parts;
    await until(() => events.parts > before);
    assert.equal(events.discontinuities, 1);
    again.child.kill("SIGKILL");
    const room = await statusIs(id, "ended");
    assert.ok(room.endedAtMs !== null);
    await until(() => events.isEnded);
  });

  it("goes on behind a process that is gone, also where its own clock is behind (D9)", async () => {
    const { id, streamKey } = await fixture.liveRoom({ keepsRecording: false });
    // Streamed for a minute until ten seconds ago, by a process whose clock is an hour ahead.
    const lostIngest = { instance: "gone", fence: 1, is_attended: true, generation: 0, msn: 30, end_ms: 60_000 };
    await fixture.db
      .insertInto("live.ingests")
      .values({ live_id: id, ...lostIngest, origin_ms: Date.now() + 3_540_000, seen_at_ms: Date.now() - 10_000 })
      .execute();
    const publisher = publish(streamKey, { isPaced: true });
    const events = follow(id);
    await until(() => events.opened > 0);
    assert.ok(events.startsMs[0] !== undefined && events.startsMs[0] >= 70_000, String(events.startsMs));
    assert.ok(events.startsMs[0] < 200_000, String(events.startsMs));
    publisher.child.kill("SIGKILL");
    await fixture.client.end({ id }, callOf(host));
  });

  it("gives the stream to the publisher that comes last, and cuts it off when its key is replaced", async () => {
    const { id, streamKey } = await fixture.liveRoom({ keepsRecording: false });
    const first = publish(streamKey, { isPaced: true });
    const events = follow(id);
    await until(() => events.parts > 0);
    const second = publish(streamKey, { isPaced: true });
    await first.result;
    const before = events.parts;
    await until(() => events.parts > before);
    assert.equal((await fixture.client.get({ id }, callOf())).status, "live");
    await fixture.client.resetKey({ id }, callOf(host));
    await second.result;
    await statusIs(id, "paused");
    await fixture.client.end({ id }, callOf(host));
  });

  it("is answered to viewers by WebRTC without its sound, which is AAC", async () => {
    const { id, streamKey } = await fixture.liveRoom({ keepsRecording: false });
    const publisher = publish(streamKey, { isPaced: true });
    const events = follow(id);
    await until(() => events.opened >= 1);
    const viewer = await whepClient();
    const { sdp } = await fixture.client.watch({ id, sdp: viewer.offer }, callOf());
    const directions = sdp.match(/^m=\w+|^a=(?:sendonly|inactive)/gm);
    assert.deepEqual(directions, ["m=video", "a=sendonly", "m=audio", "a=inactive"]);
    await viewer.accept(sdp);
    await until(() => viewer.received.video.length > 10);
    await fixture.client.end({ id }, callOf(host));
    await publisher.result;
    await viewer.close();
  });

  it("refuses more streams than the server takes, and serves those it has", async () => {
    const rooms = [];
    for (let n = 0; n < 4; n++) rooms.push(await fixture.liveRoom({ keepsRecording: false }));
    const [one, two, three, four] = rooms.map(({ streamKey }) => streamKey);
    const running = [one, two, three].map((key) => publish(key ?? "", { isPaced: true }));
    const followed = rooms.slice(0, 3).map(({ id }) => follow(id));
    await until(() => followed.every(({ parts }) => parts > 0));
    assert.match((await publish(four ?? "", { seconds: 1 }).result).errors, /as many live streams as it takes/);
    for (const { child } of running) child.kill("SIGKILL");
    for (const { id } of rooms) await fixture.client.end({ id }, callOf(host));
  });

  it("makes a video of the recording whose segments are the bytes that viewers had", async () => {
    const { id, streamKey } = await fixture.liveRoom({ title: "Harbour, live", categoryId: 3 });
    const events = follow(id);
    assert.equal((await publish(streamKey, { seconds: 7 }).result).code, 0);
    await fixture.client.end({ id }, callOf(host));
    const { videoId } = await until(async () => {
      const room = await fixture.client.get({ id }, callOf());
      return room.videoId === null ? undefined : room;
    });
    await until(() => events.isEnded);
    const made = await fixture.host.client(video).get({ id: videoId ?? 0 }, callOf());
    assert.deepEqual([made.title, made.status, made.categoryId, made.userId], ["Harbour, live", 1, 3, host]);
    assert.ok(Math.abs(made.durationMs - 7_000) < 100, `${made.durationMs} ms`);
    const { renditions, audio } = await fixture.host
      .client(media)
      .playable({ id: made.mediaId }, callOf(undefined, { caller: "test" }));
    for (const [track, stored] of [
      ["video", renditions[0]?.video],
      ["audio", audio],
    ] as const) {
      assert.ok(stored, track);
      const index = JSON.parse((await bytesOf(blob, stored.indexKey)).toString()) as TrackIndex; // As it was recorded.
      const file = await bytesOf(blob, stored.key);
      const segments = events.segments(track);
      assert.equal(index.segmentBytes.length, segments.length);
      for (const [n, segment] of segments.entries()) {
        const offset = index.segmentOffsets?.[n] ?? 0;
        assert.ok(file.subarray(offset, offset + (index.segmentBytes[n] ?? 0)).equals(segment), `${track} ${n}`);
      }
    }
  });

  it("ends with a room that a moderator removes, and the recording is private", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    const publication = publish(streamKey, { isPaced: true });
    const events = follow(id);
    await until(() => events.opened > 1);
    const neighbour = await fixture.host.addNeighbour();
    const removal = { kind: "live" as const, id, reason: "", atMs: Date.now() };
    await neighbour.db.tx((tx) => neighbour.emit(tx, contentRemoved, id, removal));
    await until(() => events.isEnded);
    assert.notEqual((await publication.result).code, 0);
    assert.match((await publish(streamKey, { seconds: 1 }).result).errors, /no such stream key/);
    await assert.rejects(fixture.client.get({ id }, callOf(guest)), notFound);
    const { videoId } = await until(async () => {
      const room = await fixture.client.get({ id }, callOf(host));
      return room.videoId === null ? undefined : room;
    });
    assert.equal((await fixture.host.client(video).get({ id: videoId ?? 0 }, callOf(host))).visibility, "private");
  });

  it("keeps what viewers go back to while it is live, byte for byte", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    const events = follow(id);
    await publish(streamKey, { seconds: 14 }).result;
    const service = (await fixture.host.host()).client(live, "test");
    const { segments, windowMs } = await until(async () => {
      const history = await service.history({ id, afterMsn: -1 }, callOf());
      return history.segments.length >= 14 ? history : undefined;
    });
    assert.equal(windowMs, 7_200_000);
    for (const track of ["video", "audio"])
      for (const { msn } of segments) {
        const { bytes } = await service.segment({ id, track, msn }, callOf());
        assert.ok(events.segments(track)[msn]?.equals(bytes), `${track} ${msn}`);
      }
    const later = await service.history({ id, afterMsn: 9 }, callOf());
    assert.equal(later.segments[0]?.msn, 10);
    await assert.rejects(async () => service.segment({ id, track: "video", msn: 99 }, callOf()), {
      code: "live.segment_not_kept",
    });
    await fixture.client.end({ id }, callOf(host));
  });

  it("says to the owner alone how a stream comes in", async () => {
    const { id, streamKey } = await fixture.liveRoom({ keepsRecording: false });
    assert.equal((await fixture.client.health({ id }, callOf(host))).isSending, false);
    await assert.rejects(async () => fixture.client.health({ id }, callOf(guest)), { code: "live.not_yours" });
    const publisher = publish(streamKey, { isPaced: true });
    const health = await until(async () => {
      const seen = await fixture.client.health({ id }, callOf(host));
      return seen.keyframeMs !== null && seen.bitrateBps > 0 ? seen : undefined;
    });
    assert.deepEqual([health.source, health.keyframeMs, health.warnings], ["rtmp", 1_000, []]);
    assert.deepEqual([health.video, health.audio?.codec], [{ codec: "h264", width: 160, height: 90 }, "aac"]);
    publisher.child.kill("SIGKILL");
    await until(async () => !(await fixture.client.health({ id }, callOf(host))).isSending);
    await fixture.client.end({ id }, callOf(host));
  });

  it("ends a publisher that sends too much, and says so", async () => {
    const { id, streamKey } = await fixture.liveRoom({ keepsRecording: false });
    const { errors } = await publish(streamKey, { seconds: 40, isPaced: true, bitsPerSecond: 3_000_000 }).result;
    assert.match(errors, /takes 1500 kb\/s|Broken pipe|Connection reset/);
    await statusIs(id, "paused");
    await fixture.client.end({ id }, callOf(host));
  });

  it("ends a room that has been live for longer than the server takes, with its publisher, and no other", async () => {
    const [long, short] = [await fixture.liveRoom({ keepsRecording: false }), await fixture.liveRoom()];
    const publisher = publish(long.streamKey, { isPaced: true });
    const events = follow(long.id);
    await until(() => events.parts > 0);
    await fixture.host.tick("live.too_long");
    assert.equal((await fixture.client.get({ id: long.id }, callOf())).status, "live");
    await fixture.db
      .updateTable("live.live_streams")
      .set({ started_at_ms: Date.now() - 3_601_000 })
      .where("id", "=", long.id)
      .execute();
    await fixture.host.tick("live.too_long");
    await statusIs(long.id, "ended");
    assert.equal((await fixture.client.get({ id: short.id }, callOf())).status, "live");
    assert.match((await publisher.result).errors, /as long as this server takes|Broken pipe|Connection reset/);
    await until(() => events.isEnded);
    await fixture.client.end({ id: short.id }, callOf(host));
  });

  it("has a picture of a stream, and none of a room without one", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    const service = (await fixture.host.host()).client(live, "test");
    await assert.rejects(async () => service.picture({ id }, callOf()), { code: "live.no_picture" });
    const events = follow(id);
    const publisher = publish(streamKey, { isPaced: true });
    await until(() => events.opened >= 1);
    const look = () => service.picture({ id }, callOf());
    // A busy machine draws the first one late; until then there is none.
    const [first, second] = await until(() => Promise.all([look(), look()]).catch(() => undefined));
    assert.deepEqual([...first.bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    assert.deepEqual(second.bytes, first.bytes, "drawn once for both");
    assert.match((await fixture.client.get({ id }, callOf())).pictureUrl ?? "", /hls\/picture.jpg/);
    await fixture.client.update({ id, visibility: "private" }, callOf(host));
    assert.equal((await fixture.client.get({ id }, callOf(host))).pictureUrl, null);
    publisher.child.kill("SIGKILL");
  });

  it("announces a started room when its stream comes, and lets one without a stream wait again after the grace", async () => {
    const [{ id, streamKey }, streamless] = [await fixture.room(), await fixture.room()];
    for (const room of [{ id }, streamless]) await fixture.client.start({ id: room.id }, callOf(host));
    const announcements = () => fixture.published.filter((step) => step.startsWith("announced"));
    await fixture.host.drain();
    assert.deepEqual(announcements(), []);
    const publisher = publish(streamKey, { isPaced: true });
    await until(async () => {
      await fixture.host.drain();
      return announcements().length > 0;
    });
    await fixture.db
      .updateTable("live.live_streams")
      .set({ started_at_ms: Date.now() - 60_000 })
      .execute();
    await fixture.host.tick("live.abandoned");
    const statusOf = async (room: { id: number }) => (await fixture.client.get(room, callOf(host))).status;
    assert.deepEqual([await statusOf({ id }), await statusOf({ id: streamless.id })], ["live", "waiting"]);
    assert.deepEqual(announcements(), [`announced ${id}`]);
    await fixture.client.start({ id: streamless.id }, callOf(host));
    assert.equal(await statusOf({ id: streamless.id }), "live");
    publisher.child.kill("SIGKILL");
  });

  it("goes on waiting after its owner tried an encoder, and is on air by the same key afterwards", async () => {
    const { id, streamKey } = await fixture.room();
    const events = follow(id);
    const statusOf = async () => (await fixture.client.get({ id }, callOf(host))).status;
    const trial = publish(streamKey, { isPaced: true });
    await until(() => events.opened >= 1);
    trial.child.kill("SIGKILL");
    // Its stream ends with the grace.
    await until(() => events.isEnded);
    await fixture.host.tick("live.abandoned");
    assert.equal(await statusOf(), "waiting");
    await fixture.client.start({ id }, callOf(host));
    await fixture.host.tick("live.abandoned");
    assert.equal(await statusOf(), "live");
    const again = follow(id);
    const publisher = publish(streamKey, { isPaced: true });
    await until(() => again.opened >= 1);
    assert.equal(await statusOf(), "live");
    publisher.child.kill("SIGKILL");
  });

  it("records from the start of the room on, not what its owner saw before", async () => {
    const { id, streamKey } = await fixture.room();
    const events = follow(id);
    const publisher = publish(streamKey, { isPaced: true });
    await until(() => events.opened >= 2);
    await fixture.client.start({ id }, callOf(host));
    const before = events.opened;
    await until(() => events.opened >= before + 2);
    publisher.child.kill("SIGKILL");
    await fixture.client.end({ id }, callOf(host));
    const { videoId } = await until(async () => {
      const room = await fixture.client.get({ id }, callOf());
      return room.videoId === null ? undefined : room;
    });
    const { durationMs } = await fixture.host.client(video).get({ id: videoId ?? 0 }, callOf());
    assert.ok(durationMs > 0 && durationMs < events.opened * 1_000, `${durationMs} ms of ${events.opened} segments`);
    assert.equal((await fixture.host.client(upload).usage({}, callOf(host))).usedBytes > 0, true);
  });
});

const folder = mkdtempSync(join(tmpdir(), "kinora-live-"));
const blob = new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now });
let port = 0;
let fixture: LiveFixture;

const publish = (key: string, of: Publication) => publishTo(`rtmp://127.0.0.1:${port}/live/${key}`, of);
const follow = (id: number) => followStream(async () => (await fixture.host.host()).client(live, "test"), id);
const statusIs = (id: number, status: Live["status"]): Promise<Live> =>
  until(async () => {
    const room = await fixture.client.get({ id }, callOf());
    return room.status === status ? room : undefined;
  });
