import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Format, Frame } from "../frames/frame.ts";
import { IngestRefusal } from "../frames/ingest-refusal.ts";
import { av1C, avcC, hvcC, opusHeadBytes } from "./testing.ts";
import { unwrapTimestamp } from "./timestamp.ts";
import { FlvTracks } from "./tracks.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const [audio, video] = [8, 9];

describe("the tags of H.264", () => {
  it("yield a format and then frames, with times in ticks", () => {
    const [format, key, later] = readAll([
      [video, 0, `17 00 000000 ${avcC}`],
      [video, 40, "17 01 000050 00000002 6588"],
      [video, 80, "27 01 000000 00000001 41"],
    ]);
    assert.deepEqual(format, { kind: "video", codec: "h264", config: hex(avcC), width: 320, height: 180 });
    assert.deepEqual(key, { kind: "video", dts: 3600, pts: 10_800, isKey: true, bytes: hex("00000002 6588") });
    assert.deepEqual(later, { kind: "video", dts: 7200, pts: 7200, isKey: false, bytes: hex("00000001 41") });
  });

  it("yield the same from Enhanced RTMP, with and without composition time", () => {
    assert.deepEqual(
      readAll([
        [video, 0, `90 61766331 ${avcC}`],
        [video, 40, "91 61766331 000050 00000002 6588"],
        [video, 80, "a3 61766331 00000001 41"],
      ]),
      readAll([
        [video, 0, `17 00 000000 ${avcC}`],
        [video, 40, "17 01 000050 00000002 6588"],
        [video, 80, "27 01 000000 00000001 41"],
      ]),
    );
  });

  it("yield nothing for the end of a sequence, commands, empty tags, and pictures before their configuration", () => {
    assert.deepEqual(
      readAll([
        [video, 0, "17 01 000000 00000002 6588"],
        [video, 0, ""],
        [video, 0, "17 02 000000"],
        [video, 0, "57 00"],
        [video, 0, "17 01 000000"],
        [18, 0, "02"],
      ]),
      [],
    );
  });

  it("yield a format again when the configuration changes, and not when it is repeated", () => {
    const other = "0164000dffe1001a6764000df2d02a33c7c5e02d9000000300100000030320f142aa01000468ce0fc8fcf8f800";
    const read = readAll([
      [video, 0, `17 00 000000 ${avcC}`],
      [video, 0, `17 00 000000 ${avcC}`],
      [video, 0, `17 00 000000 ${other}`],
      [video, 0, `17 00 000000 ${avcC}`],
    ]);
    assert.deepEqual(
      read.map((format) => "width" in format && format.width),
      [320, 322, 320],
    );
  });

  it("decode earlier by the largest negative composition time, so that no picture is presented before it is decoded", () => {
    const frames = readAll([
      [video, 0, `17 00 000000 ${avcC}`],
      [video, 1000, "17 01 000000 00000001 65"],
      [video, 1040, "27 01 000050 00000001 41"],
      [video, 1080, "27 01 ffffd8 00000001 01"],
      [video, 1120, "27 01 ffffd8 00000001 01"],
      [video, 1160, "27 01 000050 00000001 41"],
    ]).slice(1);
    assert.deepEqual(
      frames.map((frame) => "dts" in frame && [frame.dts / 90, frame.pts / 90]),
      [
        [1000, 1000],
        [1040, 1120],
        [1040, 1040],
        [1080, 1080],
        [1120, 1240],
      ],
    );
  });

  it("never have a negative time", () => {
    const [, frame] = readAll([
      [video, 0, `17 00 000000 ${avcC}`],
      [video, 0, "27 01 800000 00000001 01"],
    ]);
    assert.deepEqual(frame, { kind: "video", dts: 0, pts: 0, isKey: false, bytes: hex("00000001 01") });
  });

  it("continue when their 32 bits of milliseconds begin again", () => {
    const frames = readAll([
      [video, 0xff_ff_ff_f0, `17 00 000000 ${avcC}`],
      [video, 0xff_ff_ff_f0, "17 01 000000 00000001 65"],
      [video, 0x18, "27 01 000000 00000001 41"],
    ]).slice(1);
    assert.deepEqual(
      frames.map((frame) => "dts" in frame && frame.dts),
      [0xff_ff_ff_f0 * 90, (0xff_ff_ff_f0 + 40) * 90],
    );
  });
});

describe("the tags of HEVC and AV1", () => {
  it("yield formats and frames", () => {
    const [format, key, later] = readAll([
      [video, 0, `90 68766331 ${hvcC}`],
      [video, 40, "91 68766331 000028 00000003 2601af"],
      [video, 80, "a3 68766331 00000003 0201d0"],
    ]);
    assert.deepEqual(format, { kind: "video", codec: "hevc", config: hex(hvcC), width: 322, height: 182 });
    assert.deepEqual(key, { kind: "video", dts: 3600, pts: 7200, isKey: true, bytes: hex("00000003 2601af") });
    assert.deepEqual(later, { kind: "video", dts: 7200, pts: 7200, isKey: false, bytes: hex("00000003 0201d0") });
    assert.deepEqual(
      readAll([
        [video, 0, `90 61763031 ${av1C}`],
        [video, 40, "91 61763031 1200 3201ff"],
      ]),
      [
        { kind: "video", codec: "av1", config: hex(av1C), width: 322, height: 182 },
        { kind: "video", dts: 3600, pts: 3600, isKey: true, bytes: hex("3201ff") },
      ],
    );
  });

  it("are read behind modifiers of any size", () => {
    for (const modifier of ["02 0f4240 00", `ff 00ff ${"00".repeat(256)} 00`])
      assert.deepEqual(readAll([[video, 0, `97 ${modifier} 68766331 ${hvcC}`]]).length, 1, modifier);
    assert.equal(readAll([[video, 0, `97 00 00 07 00 00 00 68766331 ${hvcC}`]]).length, 1);
    assert.throws(() => readAll([[video, 0, "97 02 00"]]), refusal("malformed", /modifier/));
  });

  it("yield nothing for metadata and the end of a sequence", () => {
    assert.deepEqual(
      readAll([
        [video, 0, "94 68766331 020000"],
        [video, 0, "92 68766331"],
      ]),
      [],
    );
  });
});

describe("the tags of AAC and Opus", () => {
  it("yield formats and frames, from both kinds of header", () => {
    const format = { kind: "audio", codec: "aac", config: hex("1190"), sampleRate: 48_000, channels: 2 };
    const frame = { kind: "audio", pts: 1890, samples: 1024, bytes: hex("2110") };
    assert.deepEqual(
      readAll([
        [audio, 0, "af 00 1190"],
        [audio, 21, "af 01 2110"],
      ]),
      [format, frame],
    );
    assert.deepEqual(
      readAll([
        [audio, 0, "90 6d703461 1190"],
        [audio, 21, "91 6d703461 2110"],
      ]),
      [format, frame],
    );
    assert.deepEqual(
      readAll([
        [audio, 0, `90 4f707573 ${opusHeadBytes}`],
        [audio, 20, "91 4f707573 fcff"],
      ]),
      [
        { kind: "audio", codec: "opus", config: hex("00 02 0138 0000bb80 0000 00"), sampleRate: 48_000, channels: 2 },
        { kind: "audio", pts: 1800, samples: 960, bytes: hex("fcff") },
      ],
    );
  });

  it("yield nothing for other packets, and for sound before its configuration", () => {
    assert.deepEqual(
      readAll([
        [audio, 0, "af 01 2110"],
        [audio, 0, ""],
        [audio, 0, "94 4f707573 0102"],
        [audio, 0, "92 4f707573"],
      ]),
      [],
    );
  });
});

describe("a tag that is not taken", () => {
  it("is refused as unsupported, with the name of its codec", () => {
    for (const [type, body, sentence] of [
      [video, "22 00", /Sorenson/],
      [video, "14 00", /VP6/],
      [video, "1c 00 000000", /HEVC outside of Enhanced RTMP/],
      [video, "91 76703039 00", /vp09/],
      [video, "96 00 68766331 00", /several video tracks/],
      [video, "95 68766331 00", /type 5/],
      [audio, "2f ff", /MP3/],
      [audio, "b6 ff", /Speex/],
      [audio, "91 664c6143 ff", /fLaC/],
      [audio, "95 00 6d703461 00", /several audio tracks/],
    ] as const)
      assert.throws(() => readAll([[type, 0, body]]), refusal("unsupported", sentence), body);
  });

  it("is refused as malformed where it is cut off or contradicts its configuration", () => {
    const config = `17 00 000000 ${avcC}`;
    for (const [type, body, sentence] of [
      [video, "17", /cut off/],
      [video, "17 01 0000", /cut off/],
      [video, "17 03 000000 00", /cut off/],
      [video, "07 01 000000 00", /type 0/],
      [video, "91 6876", /cut off/],
      [video, "91 68766331 00", /cut off/],
      [video, "93 68766331 00000001 02", /another codec/],
      [video, "17 01 000000 000000ff 41", /longer/],
      [audio, "af", /cut off/],
      [audio, "af 02 00", /cut off/],
      [audio, "91 4f70", /cut off/],
    ] as const)
      assert.throws(
        () =>
          readAll([
            [video, 0, config],
            [type, 0, body],
          ]),
        refusal("malformed", sentence),
        body,
      );
    assert.throws(
      () =>
        readAll([
          [audio, 0, "af 00 1190"],
          [audio, 0, "91 4f707573 fc"],
        ]),
      refusal("malformed", /another/),
    );
  });
});

describe("a timestamp of 32 bits", () => {
  it("means the nearest time to the one before it, and never a negative one", () => {
    assert.equal(unwrapTimestamp(undefined, 5), 5);
    assert.equal(unwrapTimestamp(0xff_ff_ff_ff, 0), 2 ** 32);
    assert.equal(unwrapTimestamp(2 ** 32, 0xff_ff_ff_ff), 0xff_ff_ff_ff);
    assert.equal(unwrapTimestamp(5, 0xff_ff_ff_ff), 0);
    assert.equal(unwrapTimestamp(10 * 2 ** 32 + 7, 3), 10 * 2 ** 32 + 3);
    assert.equal(unwrapTimestamp(2 ** 45, 2 ** 31 - 1), 2 ** 45);
  });

  it("yields the times of any stream whose steps are shorter than 24 days", () => {
    const step = fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.nat(0xff_ff_ff_ff), fc.array(step, { maxLength: 50 }), (start, steps) => {
        let time = start;
        let read = unwrapTimestamp(undefined, start);
        for (const by of steps) {
          time = Math.max(0, time + by);
          read = unwrapTimestamp(read, time % 2 ** 32);
          assert.equal(read, time);
        }
      }),
    );
  });
});

/** Reads tags of type, milliseconds and body into formats and frames. */
function readAll(tags: readonly (readonly [type: number, timestampMs: number, body: string])[]): (Format | Frame)[] {
  const tracks = new FlvTracks();
  return tags.flatMap(([type, timestampMs, body]) => tracks.read({ type, timestampMs, body: hex(body) }) ?? []);
}

const refusal = (kind: string, sentence: RegExp) => (error: unknown) =>
  error instanceof IngestRefusal && error.kind === kind && sentence.test(error.message);
