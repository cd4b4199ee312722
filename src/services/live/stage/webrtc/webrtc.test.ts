import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Status } from "#events/live";
import { callOf } from "#kernel/host/testing";
import type { VideoFormat, VideoFrame } from "#media/frames/frame";
import { encodedStream } from "#media/live/testing";
import { until } from "#test/until";
import fc from "fast-check";
import { live } from "../../contract.ts";
import { guest, host, LiveFixture } from "../../testing.ts";
import { whepClient, whipClient } from "./testing.ts";

describe("live streams by WebRTC", { timeout: 300_000 }, () => {
  before(() => fixture.start());
  beforeEach(() => fixture.clear());
  after(() => fixture.host[Symbol.asyncDispose]());

  it("come from the owner of a room or by its key, and from nobody else (S2.7)", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    const other = await fixture.liveRoom();
    const publisher = await whipClient();
    const { offer: sdp } = publisher;
    await assert.rejects(client.publish({ id, sdp }, callOf(guest)), { code: "live.not_yours" });
    await assert.rejects(client.publish({ id, sdp }, callOf()), { code: "live.not_yours" });
    for (const key of ["no-such-key", other.streamKey])
      await assert.rejects(client.publish({ id, sdp, key }, callOf()), { code: "live.wrong_stream_key" });
    for (const [caller, key] of [
      [callOf(), streamKey],
      [callOf(host), undefined],
    ] as const) {
      const { sessionId } = await client.publish({ id, sdp, ...(key && { key }) }, caller);
      assert.match(sessionId, /^[\w-]{22}$/);
      await assert.rejects(client.hangUp({ id: other.id, sessionId }, callOf()), { code: "live.no_such_connection" });
      await client.hangUp({ id, sessionId }, callOf());
      await assert.rejects(client.hangUp({ id, sessionId }, callOf()), { code: "live.no_such_connection" });
    }
    await client.end({ id }, callOf(host));
    await assert.rejects(client.publish({ id, sdp }, callOf(host)), { code: "live.ended" });
    await publisher.close();
  });

  it("are refused with the reason where wrong keys were tried too often, and taken with the right one", async () => {
    const { id, streamKey } = await fixture.liveRoom();
    const caller = callOf(undefined, { source: "guesser" });
    const attempt = (key: string) => client.publish({ id, sdp: "v=0", key }, caller);
    for (let n = 0; n < 20; n++) await assert.rejects(attempt(`wrong-${n}`), { code: "live.wrong_stream_key" });
    await assert.rejects(attempt("wrong"), { code: "live.too_many_stream_keys" });
    await assert.rejects(attempt(streamKey), { code: "live.bad_offer" });
  });

  it("need an offer of H.264 and Opus alone", async () => {
    const { id } = await fixture.liveRoom();
    const publisher = await whipClient({ hasAudio: true });
    const { offer } = publisher;
    const bad = [
      "",
      "v=0",
      "hello",
      "v=0\r\n".repeat(5_000),
      offer.replaceAll(/h264/gi, "VP8"),
      offer.replaceAll("fingerprint", "footprint"),
      offer.replaceAll("ice-pwd", "ice-word"),
      offer.replace("m=audio", "m=application"),
      offer.replaceAll("a=sendonly", "a=recvonly"),
      offer.replace("m=video", "m=vidéo"),
      offer.replaceAll(/sha-256 \S+/g, "sha-256 00:11"),
    ];
    for (const [n, sdp] of bad.entries())
      await assert.rejects(
        client
          .publish({ id, sdp }, callOf(host))
          .then(({ sessionId }) => client.hangUp({ id, sessionId }, callOf()))
          .then(() => {
            throw new Error("answered");
          }),
        (error: Error) => n === bad.length - 1 || ("code" in error && error.code === "live.bad_offer"),
        String(n),
      );
    await publisher.close();
  });

  it("are packaged like those of encoders, pause when they are lost, and go on", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const events = follow(id);
    const first = await publish(id);
    await until(() => events.segments >= 3 && events.audioParts > 0);
    assert.deepEqual(events.codecs, ["h264", "opus"]);
    assert.ok(first.asked() >= 1, "key frames are asked for");
    await first.close();
    await statusIs(id, "paused");
    const second = await publish(id);
    await statusIs(id, "live");
    const before = events.segments;
    await until(() => events.segments > before);
    assert.equal(events.discontinuities, 1);
    await second.close();
    await client.end({ id }, callOf(host));
  });

  it("have their sound in AAC as well, also where no pictures are encoded", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const events = follow(id);
    const publisher = await publish(id);
    const { rungs } = await until(async () => {
      const health = await client.health({ id }, callOf(host));
      return health.rungs[0]?.state === "steady" ? health : undefined;
    });
    assert.deepEqual(rungs, [{ name: "aac", state: "steady" }]);
    await until(() => events.encoded.size >= 2);
    const [first = -1, second = -1] = events.encoded.keys();
    assert.equal(second, first + 1);
    for (const [msn, startTicks] of events.encoded) {
      const offMs = startTicks / 48 - (events.openings.get(msn) ?? 0) / 90;
      assert.ok(offMs >= -0.1 && offMs <= 21.4, `segment ${msn} is ${offMs} ms off`);
    }
    await publisher.close();
    await client.end({ id }, callOf(host));
  });

  it("go to the publisher that comes last, once it is connected", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const events = follow(id);
    const first = await publish(id);
    await until(() => events.segments >= 1);
    const firstSince = await sinceOf(id);
    const idle = await whipClient();
    await client.publish({ id, sdp: idle.offer }, callOf(host));
    const before = events.segments;
    await until(() => events.segments > before + 1);
    assert.equal(await sinceOf(id), firstSince, "an offer alone takes nothing over");
    const discontinuities = events.discontinuities;
    const second = await publish(id);
    await until(() => events.discontinuities > discontinuities);
    assert.notEqual(await sinceOf(id), firstSince);
    await client.resetKey({ id }, callOf(host));
    await statusIs(id, "paused");
    for (const one of [first, second, idle]) await one.close();
    await client.end({ id }, callOf(host));
  });

  it("are watched as packets with all pictures and sounds, by those who may", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const viewer = await whepClient();
    await assert.rejects(client.watch({ id, sdp: viewer.offer }, callOf()), { code: "live.not_live" });
    const publisher = await publish(id);
    const events = follow(id);
    await until(() => events.segments >= 1);
    const { sdp, sessionId } = await client.watch({ id, sdp: viewer.offer }, callOf());
    await viewer.accept(sdp);
    await until(() => viewer.received.video.length > 100 && viewer.received.audio.length > 50);
    const numbers = viewer.received.video.map(({ header }) => header.sequenceNumber);
    assert.ok(
      numbers.every((number, n) => n === 0 || number === ((numbers[n - 1] ?? 0) + 1) % 2 ** 16),
      "none is missing",
    );
    const types = viewer.received.video.slice(0, 2).map(({ payload }) => (payload[0] ?? 0) & 31);
    assert.deepEqual(types, [7, 8], "it begins with the parameter sets of a key frame");
    await client.hangUp({ id, sessionId }, callOf());
    await client.end({ id }, callOf(host));
    for (const one of [publisher, viewer]) await one.close();
  });

  it("are watched by a viewer who is there before the first picture", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const viewer = await whepClient();
    const early = client.watch({ id, sdp: viewer.offer }, callOf());
    const publisher = await publish(id);
    await viewer.accept((await early).sdp);
    await until(() => viewer.received.video.length > 10);
    await client.end({ id }, callOf(host));
    for (const one of [publisher, viewer]) await one.close();
  });

  it("have three offers of one network at once, five of its visitors, and places for the stage (S3.4)", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const publisher = await publish(id);
    const events = follow(id);
    await until(() => events.segments >= 1);
    const crowd = callOf(undefined, { source: "crowd" });
    const idle = await whepClient();
    const { offer: sdp } = idle;
    const offers = await Promise.all([1, 2, 3].map(() => client.watch({ id, sdp }, crowd)));
    await assert.rejects(client.watch({ id, sdp }, crowd), { code: "live.too_many_of_network" });
    const viewers = [
      await whepClient(),
      await whepClient(),
      await whepClient(),
      await whepClient(),
      await whepClient(),
    ];
    for (const { sessionId } of offers) await client.hangUp({ id, sessionId }, callOf());
    for (const viewer of viewers) {
      await viewer.accept((await client.watch({ id, sdp: viewer.offer }, crowd)).sdp);
      await until(() => viewer.received.video.length > 0);
    }
    await assert.rejects(client.watch({ id, sdp }, crowd), { code: "live.too_many_of_network" });
    await client.watch({ id, sdp }, callOf(guest, { source: "crowd" }));
    await client.watch({ id, sdp }, callOf(undefined, { source: "another network" }));
    for (let n = 0; n < 6; n++) await client.watch({ id, sdp }, callOf(host, { source: "crowd" }));
    await client.end({ id }, callOf(host));
    for (const one of [publisher, idle, ...viewers]) await one.close();
  });

  it("end for a viewer when the room becomes private (S2.3)", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const [publisher, viewer] = [await publish(id), await whepClient()];
    const events = follow(id);
    await until(() => events.segments >= 1);
    await viewer.accept((await client.watch({ id, sdp: viewer.offer }, callOf())).sdp);
    await until(() => viewer.received.video.length > 10);
    await client.update({ id, visibility: "private" }, callOf(host));
    const changedMs = performance.now();
    let last = { count: 0, atMs: changedMs };
    await until(() => {
      const nowMs = performance.now();
      const count = viewer.received.video.length;
      if (count > last.count) last = { count, atMs: nowMs };
      return nowMs - last.atMs > 1_000;
    });
    assert.ok(last.atMs - changedMs < 10_000);
    const denied = await whepClient();
    await assert.rejects(client.watch({ id, sdp: denied.offer }, callOf()), { code: "live.not_found" });
    await client.end({ id }, callOf(host));
    for (const one of [publisher, viewer, denied]) await one.close();
  });

  it("outlive any datagrams at the ports of a publisher, connected or not", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const idle = await whipClient();
    const waiting = await client.publish({ id, sdp: idle.offer }, callOf(host));
    const publisher = await whipClient({ hasAudio: true });
    const { sdp } = await client.publish({ id, sdp: publisher.offer }, callOf(host));
    await publisher.accept(sdp);
    const { formats, frames } = await encoded;
    publisher.send(formats[0] as VideoFormat, frames as readonly VideoFrame[]); // The stream is mute.
    const events = follow(id);
    await until(() => events.segments >= 1);
    const since = await sinceOf(id);
    const socket = createSocket("udp4");
    const ports = [waiting.sdp, sdp].map(portOf);
    for (const datagram of fc.sample(datagrams, { numRuns: 2_000, seed: 7 }))
      for (const port of ports)
        await new Promise<void>((resolve) => socket.send(datagram, port, "127.0.0.1", () => resolve()));
    // Packets of the publisher itself are still read.
    for (const datagram of fc.sample(datagrams, { numRuns: 2_000, seed: 8 })) await publisher.sendRaw(datagram);
    socket.close();
    const before = events.segments;
    await until(() => events.segments > before + 1);
    assert.equal(await sinceOf(id), since, "it is the same publisher");
    for (const one of [idle, publisher]) await one.close();
    await client.end({ id }, callOf(host));
  });

  it("are frames for gateways, from the newest key frame on", async () => {
    const { id } = await fixture.liveRoom({ keepsRecording: false });
    const publisher = await publish(id);
    const events = follow(id);
    await until(() => events.segments >= 1);
    const kinds: string[] = [];
    const service = (await fixture.host.host()).client(live, "test");
    for await (const { event } of service.frames({ id }, callOf())) {
      kinds.push(event.kind === "video" && event.isKey ? "key" : event.kind);
      if (kinds.length === 60) await client.end({ id }, callOf(host));
    }
    assert.deepEqual(kinds.slice(0, 2), ["format", "format"]);
    assert.equal(
      kinds.find((kind) => kind === "key" || kind === "video"),
      "key",
    );
    assert.equal(kinds.at(-1), "end");
    await publisher.close();
  });
});

const fixture = new LiveFixture({ graceMs: 6_000, rungsMax: 0 });
const { client } = fixture;
const encoded = encodedStream({ seconds: 2, keySeconds: 1, isSilent: true });

const portOf = (sdp: string): number => Number(/^a=candidate:\S+ 1 udp \d+ \S+ (\d+)/m.exec(sdp)?.[1]);
const bytesFrom = (first: readonly number[], rest: fc.Arbitrary<Uint8Array>) =>
  rest.map((bytes) => Buffer.concat([Buffer.from(first), bytes]));
const rest = fc.uint8Array({ maxLength: 400 });
const cookie = [0x21, 0x12, 0xa4, 0x42];
/** By the first byte (RFC 7983): STUN, DTLS, RTP and RTCP, and whatever else. */
const datagrams = fc.oneof(
  rest.map((bytes) => Buffer.from(bytes)),
  // A binding request with a length that is wrong or right, then attributes of any kind.
  bytesFrom([0, 1, 0, 8, ...cookie], rest),
  bytesFrom([0, 1, 0, 0, ...cookie, ...Array.from({ length: 12 }, () => 7)], fc.constant(new Uint8Array())),
  bytesFrom([1, 1, 0, 24, ...cookie], rest),
  // A record of DTLS 1.2: handshake, alert, change of cipher, data; with and without its true length.
  ...[20, 21, 22, 23].map((type) => bytesFrom([type, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 40], rest)),
  ...[1, 11, 14, 16, 20].map((type) =>
    bytesFrom([22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 24, type, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 12], rest),
  ),
  bytesFrom([0x80, 96, 0, 1], rest),
  bytesFrom([0x90, 96, 0, 1], rest),
  ...[200, 201, 205, 206].map((type) => bytesFrom([0x81, type, 0, 6], rest)),
);

/** Since when the publisher of a room is connected: another one has another time. */
const sinceOf = async (id: number) => (await client.health({ id }, callOf(host))).sinceMs;

/** A publisher that is connected and sends. */
async function publish(id: number) {
  const publisher = await whipClient({ hasAudio: true });
  await publisher.accept((await client.publish({ id, sdp: publisher.offer }, callOf(host))).sdp);
  const { formats, frames } = await encoded;
  publisher.send(formats[0] as VideoFormat, frames as readonly VideoFrame[]); // The stream is mute.
  return publisher;
}

function follow(id: number) {
  const seen = {
    segments: 0,
    audioParts: 0,
    discontinuities: 0,
    codecs: [] as string[],
    /** The starts of segments for all tracks, and those of their AAC sound, each in ticks of its own. */
    openings: new Map<number, number>(),
    encoded: new Map<number, number>(),
  };
  const run = async () => {
    const service = (await fixture.host.host()).client(live, "test");
    for await (const { event } of service.media({ id }, callOf())) {
      if (event.kind === "opened") {
        seen.segments += 1;
        seen.openings.set(event.msn, event.startTicks);
        seen.discontinuities += event.isDiscontinuous ? 1 : 0;
      }
      if (event.kind === "init") seen.codecs = event.tracks.map(({ format }) => format.codec);
      if (event.kind === "part" && event.track === "audio") seen.audioParts += 1;
      if (event.kind === "part" && event.track === "aac" && event.part === 0)
        seen.encoded.set(event.msn, event.startTicks);
    }
  };
  run().catch(() => undefined);
  return seen;
}

const statusIs = (id: number, status: Status) =>
  until(async () => (await client.get({ id }, callOf())).status === status || undefined);
