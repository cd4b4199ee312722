import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Format, Frame, VideoFormat, VideoFrame } from "../frames/frame.ts";
import { encodedStream } from "../live/testing.ts";
import { h264Payloads, parameterSets } from "./h264-packetizer.ts";
import type { RtpPayload } from "./packet.ts";
import { PacketOrder } from "./packet-order.ts";
import { RtpPublication } from "./rtp-publication.ts";
import { SenderClocks } from "./sender-clocks.ts";

describe("pictures over RTP", () => {
  it("are the same after packets as before, with their parameter sets in the format", async () => {
    const { format, pictures } = await encoded;
    const received = receive(packetsOf(format, pictures));
    assert.deepEqual(
      received.formats.map(({ kind }) => kind),
      ["video"],
    );
    assert.deepEqual(
      received.formats.map((one) => one.kind === "video" && [one.width, one.height]),
      [[320, 180]],
    );
    assert.deepEqual(received.frames.map(factsOf), pictures.map(factsOf));
    assert.ok(
      packetsOf(format, pictures).some(({ payload }) => ((payload[0] ?? 0) & 31) === 28),
      "some are fragmented",
    );
  });

  it("survive packets that are swapped, doubled and wrapped", async () => {
    const { format, pictures } = await encoded;
    const whole = receive(packetsOf(format, pictures)).frames;
    const packets = packetsOf(format, pictures, 65_500);
    const mixed = packets.flatMap((packet, n) =>
      n % 7 === 3 ? [] : n % 7 === 4 ? [packet, packets[n - 1] ?? packet] : [packet, packet],
    );
    assert.deepEqual(receive(mixed).frames.map(factsOf), whole.map(factsOf));
  });

  it("are left out from a lost packet to the next key frame, which is asked for", async () => {
    const { format, pictures } = await encoded;
    const packets = packetsOf(format, pictures);
    const lost = packets.findIndex(({ isLast }, n) => isLast && n > 40);
    const received = receive(packets.toSpliced(lost, 1));
    assert.ok(received.asked > 0);
    const whole = receive(packets).frames;
    const facts = received.frames.map(factsOf);
    const missing = whole.map(factsOf).findIndex(({ hash }, n) => hash !== facts[n]?.hash);
    assert.ok(missing > 0);
    assert.equal(facts[missing]?.isKey, true);
    assert.ok(received.frames.length < whole.length);
  });

  it("are never passed on without the first of their slices", async () => {
    const { format, pictures } = await encoded;
    const key = packetsOf(format, pictures.slice(0, 1));
    const slice = (n: number, isLast: boolean) => ({
      sequence: key.length + n,
      timestamp: 99_000,
      isLast,
      payload: Buffer.from([0x41, n]),
    });
    assert.equal(receive([...key, slice(0, false), slice(1, true)]).frames.length, 2);
    const late = Array.from({ length: 300 }, (_, n) => slice(2 + n, true));
    const received = receive([...key, slice(1, true), ...late]);
    assert.equal(received.frames.length, 1);
    assert.ok(received.asked > 0);
  });

  it("hold a bounded number of packets, whatever arrives", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(0xff_ff), fc.boolean(), fc.uint8Array({ maxLength: 20 })), { maxLength: 600 }),
        (list) => {
          const received = receive(
            list.map(([sequence, isLast, bytes]) => ({
              sequence,
              timestamp: sequence * 7,
              isLast,
              payload: Buffer.from(bytes),
            })),
          );
          assert.ok(received.frames.length <= list.length);
        },
      ),
    );
    const order = new PacketOrder(() => undefined);
    order.push(packet(0), 0);
    for (let n = 2; n < 2_900; n++) {
      order.push(packet(n), 0);
      assert.ok(order.held <= 257);
    }
  });

  it("drop a picture that is larger than any, and go on with the next key frame", async () => {
    const { format, pictures } = await encoded;
    const payload = Buffer.alloc(60_000, 0x41);
    const flood = Array.from({ length: 100 }, (_, n) => ({ sequence: n, timestamp: 1, isLast: false, payload }));
    const received = receive([...flood, ...packetsOf(format, pictures, 100)]);
    assert.equal(received.frames.length, pictures.length);
    assert.ok(received.asked > 0);
  });
});

describe("the clocks of a sender", () => {
  it("put sound and pictures together as the sender reports say", () => {
    const clocks = new SenderClocks();
    assert.equal(clocks.ticks("video", 1_000, 500), 45_000);
    // The sound came 100 ms late, and belongs to the same instant.
    assert.equal(clocks.ticks("audio", 777, 600), 54_000);
    clocks.report("video", ntp(100), 1_000);
    assert.equal(clocks.ticks("audio", 777, 600), 54_000);
    clocks.report("audio", ntp(100), 777);
    assert.equal(clocks.ticks("audio", 777 + 48_000, 1_600), 45_000 + 90_000);
  });

  it("believe a report that moves the sound by much once the next one confirms it", () => {
    const clocks = new SenderClocks();
    clocks.ticks("video", 0, 0);
    clocks.ticks("audio", 0, 0);
    for (const second of [1, 2]) {
      clocks.report("video", ntp(100 + second), second * 90_000);
      clocks.report("audio", ntp(100 + second), second * 48_000);
    }
    // It was held up: its last packets are of 800 ms before the time that it states.
    clocks.report("audio", ntp(103.8), 3 * 48_000);
    clocks.report("video", ntp(103), 3 * 90_000);
    clocks.report("video", ntp(104), 4 * 90_000);
    assert.equal(clocks.ticks("audio", 4 * 48_000, 4_000), 4 * 90_000);
    clocks.report("audio", ntp(104), 4 * 48_000);
    // Its sound really is 600 ms later than its pictures.
    clocks.report("audio", ntp(105.6), 5 * 48_000);
    clocks.report("video", ntp(105), 5 * 90_000);
    assert.equal(clocks.ticks("audio", 5 * 48_000, 5_000), 5 * 90_000);
    clocks.report("audio", ntp(106.6), 6 * 48_000);
    assert.equal(clocks.ticks("audio", 6 * 48_000, 6_000), 6.6 * 90_000);
  });

  it("ignore a report that is hours away", () => {
    const clocks = new SenderClocks();
    clocks.ticks("video", 0, 0);
    clocks.ticks("audio", 0, 0);
    clocks.report("video", ntp(100), 0);
    clocks.report("audio", ntp(9_000), 0);
    assert.equal(clocks.ticks("audio", 48_000, 1_000), 90_000);
  });

  it("count on over the end of 32 bits", () => {
    const clocks = new SenderClocks();
    const start = clocks.ticks("video", 2 ** 32 - 90, 0);
    assert.equal(clocks.ticks("video", 90, 2), start + 180);
  });
});

const encoded = encodedStream({ seconds: 3, keySeconds: 1, isSilent: true }).then(({ formats, frames }) => ({
  format: formats[0] as VideoFormat, // The stream is mute.
  pictures: frames as readonly VideoFrame[],
}));

const ntp = (seconds: number): bigint => BigInt(Math.round(seconds * 2 ** 32));
const packet = (sequence: number): RtpPayload => ({ sequence, timestamp: 0, isLast: false, payload: Buffer.from([1]) });

function packetsOf(format: VideoFormat, pictures: readonly VideoFrame[], first = 0): RtpPayload[] {
  let sequence = first;
  return pictures.flatMap(({ bytes, isKey, dts }) => {
    const payloads = h264Payloads(bytes, isKey ? parameterSets(format.config) : []);
    return payloads.map((payload, n) => ({
      sequence: sequence++ % 2 ** 16,
      timestamp: dts % 2 ** 32,
      isLast: n === payloads.length - 1,
      payload,
    }));
  });
}

function receive(packets: readonly RtpPayload[]) {
  const received = { formats: [] as Format[], frames: [] as VideoFrame[], asked: 0 };
  const publication = new RtpPublication({
    hasAudio: false,
    format: (format) => received.formats.push(format),
    frame: (frame: Frame) => frame.kind === "video" && received.frames.push(frame),
    keyFrameNeeded: () => received.asked++,
  });
  for (const [n, one] of packets.entries()) publication.receive("video", one, n);
  return received;
}

/** Facts that are the same at both ends, short enough to be read. */
const factsOf = ({ bytes, isKey, dts }: VideoFrame, _: number, [first]: readonly VideoFrame[]) => ({
  isKey,
  ticks: dts - (first?.dts ?? 0),
  hash: createHash("sha256").update(slicesOf(bytes).join()).digest("hex").slice(0, 16),
});

/** Without parameter sets and delimiters, which are in the format. */
function slicesOf(bytes: Buffer): string[] {
  const slices: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    const unit = bytes.subarray(at + 4, end);
    if (![7, 8, 9].includes((unit[0] ?? 0) & 31)) slices.push(unit.toString("base64"));
    at = end;
  }
  return slices;
}
