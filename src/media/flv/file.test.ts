import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Format, Frame } from "../frames/frame.ts";
import { IngestRefusal } from "../frames/ingest-refusal.ts";
import { FlvReader } from "./reader.ts";
import type { FlvTag } from "./tag.ts";
import { av1C, avcC, hvcC, opusHeadBytes } from "./testing.ts";
import { FlvTracks } from "./tracks.ts";
import { flvHeader, flvTag, FlvWriter } from "./writer.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("an FLV file", () => {
  it("is written byte by byte as the format says", () => {
    assert.deepEqual(flvHeader({ hasVideo: true, hasAudio: true }), hex("464c56 01 05 00000009 00000000"));
    assert.deepEqual(flvHeader({ hasVideo: false, hasAudio: true })[4], 4);
    assert.deepEqual(
      flvTag(9, 0x12_34_56_78, hex("17"), hex("02 000000")),
      hex("09 000005 345678 12 000000 17 02000000 00000010"),
    );
  });

  it("holds pictures of H.264 and sound of AAC as every reader knows them", () => {
    const writer = new FlvWriter();
    assert.deepEqual(bodyOf(writer.format(formats.h264)), hex(`17 00 000000 ${avcC}`));
    assert.deepEqual(bodyOf(writer.format(formats.aac)), hex("af 00 1190"));
    assert.deepEqual(bodyOf(writer.frame(picture(true, 3600, 7200))), hex("17 01 000028 00000001 65"));
    assert.deepEqual(bodyOf(writer.frame(picture(false, 3600, 3600))), hex("27 01 000000 00000001 65"));
    assert.deepEqual(bodyOf(writer.frame(sound)), hex("af 01 fcff"));
  });

  it("holds HEVC, AV1 and Opus as Enhanced RTMP", () => {
    const writer = new FlvWriter();
    assert.deepEqual(bodyOf(writer.format(formats.hevc)), hex(`90 68766331 ${hvcC}`));
    assert.deepEqual(bodyOf(writer.frame(picture(true, 3600, 7200))), hex("91 68766331 000028 00000001 65"));
    assert.deepEqual(bodyOf(writer.format(formats.av1)), hex(`90 61763031 ${av1C}`));
    assert.deepEqual(bodyOf(writer.frame(picture(false, 3600, 3600))), hex("a1 61763031 00000001 65"));
    assert.deepEqual(bodyOf(writer.format(formats.opus)), hex(`90 4f707573 ${opusHeadBytes}`));
    assert.deepEqual(bodyOf(writer.frame(sound)), hex("91 4f707573 fcff"));
  });

  it("yields the formats and frames that were written into it, in pieces of any size", () => {
    const ms = fc.nat(2 ** 31 - 1);
    const frames = fc.array(fc.tuple(fc.boolean(), ms, fc.nat(2000), fc.uint8Array({ minLength: 1, maxLength: 300 })), {
      maxLength: 12,
    });
    const choice = fc.record({ video: fc.constantFrom("h264", "hevc", "av1"), audio: fc.constantFrom("aac", "opus") });
    fc.assert(
      fc.property(choice, frames, cuts, (codecs, drawn, sizes) => {
        const written: (Format | Frame)[] = [formats[codecs.video], formats[codecs.audio]];
        for (const [isPicture, dtsMs, compositionMs, bytes] of drawn)
          written.push(
            isPicture
              ? {
                  kind: "video",
                  dts: dtsMs * 90,
                  pts: (dtsMs + (codecs.video === "av1" ? 0 : compositionMs)) * 90,
                  isKey: compositionMs % 2 === 0,
                  bytes: Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]),
                }
              : {
                  kind: "audio",
                  pts: dtsMs * 90,
                  samples: codecs.audio === "aac" ? 1024 : 960,
                  bytes: opusPacket(bytes),
                },
          );
        const writer = new FlvWriter();
        const file = Buffer.concat([
          flvHeader({ hasVideo: true, hasAudio: true }),
          ...written.map((one) => ("config" in one ? writer.format(one) : writer.frame(one))),
        ]);
        const tracks = new FlvTracks();
        assert.deepEqual(
          tagsOf(file, sizes).flatMap((tag) => tracks.read(tag) ?? []),
          written,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("is read past a longer header and tags of no bytes", () => {
    const file = hex(
      "464c56 01 05 0000000b ffff 00000000 08 000000 000001 00 000000 0000000b 12 000001 000002 01 000000 aa 0000000c",
    );
    assert.deepEqual(tagsOf(file, [file.length]), [
      { type: 8, timestampMs: 1, body: Buffer.alloc(0) },
      { type: 18, timestampMs: 0x1_00_00_02, body: hex("aa") },
    ]);
  });

  it("is refused where it is another format, encrypted or holds a tag above the bound", () => {
    assert.throws(() => tagsOf(hex("1a45dfa3 0000000000"), [9]), refusal("malformed"));
    assert.throws(() => tagsOf(hex("464c56 01 05 00000008"), [9]), refusal("malformed"));
    assert.throws(() => tagsOf(hex("464c56 01 05 ffffffff"), [9]), refusal("malformed"));
    const start = "464c56 01 05 00000009 00000000";
    assert.throws(() => tagsOf(hex(`${start} 29 000001 000000 00 000000`), [99]), refusal("unsupported"));
    const reader = new FlvReader(100);
    assert.throws(() => [...reader.read(hex(`${start} 09 000065 000000 00 000000`))], refusal("too_large"));
  });
});

const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });

/** The tags of a file that arrives in pieces of these sizes, over and over. */
function tagsOf(file: Buffer, sizes: readonly number[]): FlvTag[] {
  const reader = new FlvReader();
  const tags: FlvTag[] = [];
  for (let at = 0, n = 0; at < file.length; n++) {
    const end = at + (sizes[n % sizes.length] ?? 1);
    const piece = Buffer.from(file.subarray(at, end));
    tags.push(...reader.read(piece));
    piece.fill(0xee);
    at = end;
  }
  return tags;
}

const bodyOf = (tag: Buffer): Buffer => tag.subarray(11, -4);
const opusPacket = (bytes: Uint8Array): Buffer => Buffer.concat([hex("fc"), bytes]);
const picture = (isKey: boolean, dts: number, pts: number): Frame => ({
  kind: "video",
  dts,
  pts,
  isKey,
  bytes: hex("00000001 65"),
});
const sound: Frame = { kind: "audio", pts: 1800, samples: 960, bytes: hex("fcff") };
const formats = {
  h264: { kind: "video", codec: "h264", config: hex(avcC), width: 320, height: 180 },
  hevc: { kind: "video", codec: "hevc", config: hex(hvcC), width: 322, height: 182 },
  av1: { kind: "video", codec: "av1", config: hex(av1C), width: 322, height: 182 },
  aac: { kind: "audio", codec: "aac", config: hex("1190"), sampleRate: 48_000, channels: 2 },
  opus: {
    kind: "audio",
    codec: "opus",
    config: hex("00 02 0138 0000bb80 0000 00"),
    sampleRate: 48_000,
    channels: 2,
  },
} as const satisfies Record<string, Format>;

const refusal = (kind: string) => (error: unknown) => error instanceof IngestRefusal && error.kind === kind;
