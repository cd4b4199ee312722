import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { IngestRefusal } from "../frames/ingest-refusal.ts";
import { aacConfig } from "./aac.ts";
import { av1Config, withoutTemporalDelimiter } from "./av1.ts";
import { Bits, withoutEmulationPrevention } from "./bits.ts";
import { h264Config } from "./h264.ts";
import { hevcConfig, hevcSize } from "./hevc.ts";
import { withFourByteLengths } from "./nal.ts";
import { opusConfig, opusHead, opusSamples } from "./opus.ts";
import type { PictureConfig } from "./picture-config.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("the decoder configuration of H.264", () => {
  it("yields the size that its parameter set crops, in each way to sample colour", () => {
    for (const [record, width, height] of [
      [avcC.baseline, 320, 180],
      [avcC.interlaced, 1920, 1080],
      [avcC.grey, 322, 182],
      [avcC.halfColour, 322, 182],
    ] as const)
      assert.deepEqual(h264Config(hex(record)).size, { width, height }, record);
  });

  it("says four bytes of length to the container, and what the publisher uses to the reader", () => {
    const record = hex(avcC.baseline);
    record[4] = 0xfd;
    const { config, lengthBytes } = h264Config(record);
    assert.equal(lengthBytes, 2);
    assert.deepEqual(config, hex(avcC.baseline));
    assert.equal(record[4], 0xfd, "the publisher's bytes are not changed");
    record[4] = 0xfe;
    assert.throws(() => h264Config(record), refusal("malformed"));
  });

  it("is refused as malformed wherever it is cut off", () => {
    const record = hex(avcC.baseline);
    for (let size = 0; size < record.length; size++)
      assert.throws(() => h264Config(record.subarray(0, size)), refusal("malformed"), String(size));
  });

  it("is refused where the picture is absurdly large", () => {
    // Profile 66, level 30, ids 0, order by type 2, then a width of 2^16 macroblocks.
    const sps = bitsOf("01000010 00000000 00011110 1 1 011 1 0 0000000000000000100000000000000001 1 1 0 0 0 1");
    const record = Buffer.concat([hex("0142001effe1"), u16(sps.length + 1), hex("67"), sps, hex("01000168")]);
    assert.throws(() => h264Config(record), refusal("too_large"));
  });
});

describe("the decoder configuration of HEVC", () => {
  it("yields the size that its parameter set crops", () => {
    const { size, config, lengthBytes } = hevcConfig(hex(hvcC));
    assert.deepEqual({ size, lengthBytes }, { size: { width: 322, height: 182 }, lengthBytes: 4 });
    assert.deepEqual(config, hex(hvcC));
  });

  it("is read past the profiles and levels of temporal layers", () => {
    const [profile, level] = ["1".repeat(88), "1".repeat(8)];
    // Three layers: of the first two below the highest, one has a profile and a level, the other a level.
    const layers = `0000 010 1 ${profile} ${level} 11 01 ${zeros(12)} ${profile} ${level} ${level}`;
    // Id 0, 4:2:0, 8×8 and no cropping.
    const plain = bitsOf(`${layers} 1 010 0001001 0001001 0`);
    assert.deepEqual(hevcSize(Buffer.concat([hex("4201"), plain])), { width: 8, height: 8 });
  });

  it("is refused as malformed without a parameter set, and in its headers", () => {
    const record = hex(hvcC);
    for (const size of [0, 22, 24, 30, 60])
      assert.throws(() => hevcConfig(record.subarray(0, size)), refusal("malformed"));
    record[22] = 0;
    assert.throws(() => hevcConfig(record), refusal("malformed"));
  });
});

describe("the decoder configuration of AV1", () => {
  it("yields the size of its sequence header, also of a reduced one", () => {
    assert.deepEqual(av1Config(hex(av1C)).size, { width: 322, height: 182 });
    // Profile 0, still picture, reduced, level 0; then 9 and 8 bits: 319 and 179.
    const reduced = bitsOf("000 1 1 00000 1000 0111 100111111 10110011");
    const record = Buffer.concat([hex("81000c00 0a"), Buffer.from([reduced.length]), reduced]);
    assert.deepEqual(av1Config(record).size, { width: 320, height: 180 });
  });

  it("reads past timing, decoder model and several operating points", () => {
    const timing = `1 ${zeros(64)} 1 1 1 00111 ${zeros(42)}`;
    const points = `1 00001 ${zeros(12)} 01000 1 1 ${zeros(17)} 1 0000 ${zeros(12)} 00001 0 0`;
    const header = bitsOf(`000 0 0 ${timing} ${points} 1000 0111 100111111 10110011`);
    const record = Buffer.concat([hex("81000c00 0a"), Buffer.from([header.length]), header]);
    assert.deepEqual(av1Config(record).size, { width: 320, height: 180 });
  });

  it("is refused as malformed without a sequence header", () => {
    assert.throws(() => av1Config(hex("81000c00")), refusal("malformed"));
    assert.throws(() => av1Config(hex("81000c00 0a80808080")), refusal("malformed"));
  });

  it("leaves a temporal unit without its delimiter", () => {
    assert.deepEqual(withoutTemporalDelimiter(hex("1200 3201ff")), hex("3201ff"));
    assert.deepEqual(withoutTemporalDelimiter(hex("3201ff")), hex("3201ff"));
  });
});

describe("NAL units", () => {
  it("get lengths of four bytes, and stay the same buffer where they have them", () => {
    const four = hex("00000002 6588 00000001 41");
    assert.equal(withFourByteLengths(four, 4), four);
    assert.deepEqual(withFourByteLengths(hex("0002 6588 0001 41"), 2), four);
    assert.deepEqual(withFourByteLengths(hex("02 6588 01 41"), 1), four);
  });

  it("lose those of no bytes", () => {
    assert.deepEqual(withFourByteLengths(hex("00000000 00000001 41"), 4), hex("00000001 41"));
    assert.equal(withFourByteLengths(hex("00000000"), 4).length, 0);
  });

  it("are refused as malformed where they do not fit", () => {
    for (const units of ["00", "00000003 6588", "ffffffff 65"])
      assert.throws(() => withFourByteLengths(hex(units), 4), refusal("malformed"), units);
  });

  it("lose the bytes that keep start codes out of them", () => {
    assert.deepEqual(withoutEmulationPrevention(hex("00000301 000003 000003")), new Uint8Array(hex("00000100000000")));
  });
});

describe("the configuration of AAC", () => {
  it("yields rate, channels and samples of the core", () => {
    for (const [config, sampleRate, channels, samplesPerFrame] of [
      ["1210", 44_100, 2, 1024],
      ["1190", 48_000, 2, 1024],
      ["1408", 16_000, 1, 1024],
      ["11b8", 48_000, 8, 1024],
      // The flag for frames of 960 samples.
      ["1214", 44_100, 2, 960],
      // An explicit frequency of 44,100 Hz.
      ["178056 2210", 44_100, 2, 1024],
    ] as const)
      assert.deepEqual(aacConfig(hex(config)), { sampleRate, channels, samplesPerFrame }, config);
  });

  it("with band replication yields the rate of its access units, and the channels that parametric stereo makes", () => {
    assert.deepEqual(aacConfig(hex("2b920800")), { sampleRate: 22_050, channels: 2, samplesPerFrame: 1024 });
    assert.deepEqual(aacConfig(hex("eb8a0800")), { sampleRate: 22_050, channels: 2, samplesPerFrame: 1024 });
    // Announced behind the core's configuration, it changes nothing.
    assert.deepEqual(aacConfig(hex("131056e598")), { sampleRate: 24_000, channels: 2, samplesPerFrame: 1024 });
  });

  it("counts channels that are listed one by one", () => {
    // One pair in front, one alone in front, one low-frequency channel.
    const list = "0000 01 0011 0010 0000 0000 01 000 0000 0 0 0 0 0000 1 0000 0000";
    assert.equal(aacConfig(bitsOf(`00010 0011 0000 0 0 0 ${list}`)).channels, 4);
  });

  it("is refused for other kinds of MPEG-4 sound, unknown rates and no channels", () => {
    assert.throws(() => aacConfig(hex("f8e62000")), refusal("unsupported"));
    assert.throws(() => aacConfig(hex("1690")), refusal("malformed"));
    assert.throws(() => aacConfig(hex("1240")), refusal("malformed"));
    assert.throws(() => aacConfig(hex("12")), refusal("malformed"));
  });
});

describe("Opus", () => {
  it("turns its header into the box of a container and back", () => {
    const head = hex("4f70757348656164 01 02 3801 80bb0000 feff 00");
    const config = hex("00 02 0138 0000bb80 fffe 00");
    assert.deepEqual(opusConfig(head), config);
    assert.deepEqual(opusHead(config), head);
    const surround = hex("4f70757348656164 01 06 3801 80bb0000 0000 01 04 02 000401020305");
    assert.deepEqual(opusHead(opusConfig(surround)), surround);
  });

  it("is stereo where its header is empty, and refused where the header is another's", () => {
    assert.deepEqual(opusConfig(Buffer.alloc(0)), hex("00 02 0000 0000bb80 0000 00"));
    for (const head of [
      "4f707573",
      "4f70757348656164 01 03 3801 80bb0000 0000 00",
      "4f70757348656164 01 06 3801 80bb0000 0000 01 04",
    ])
      assert.throws(() => opusConfig(hex(head)), refusal("malformed"), head);
  });

  it("says in its first bytes how many samples a packet has", () => {
    for (const [packet, samples] of [
      ["fc", 960],
      ["78", 960],
      ["08", 960],
      ["19", 5760],
      ["e0", 120],
      ["fb03", 2880],
      ["6c", 960],
    ] as const)
      assert.equal(opusSamples(hex(packet)), samples, packet);
    for (const packet of ["", "fb00", "fb3f", "1b03"])
      assert.throws(() => opusSamples(hex(packet)), refusal("malformed"));
  });
});

it("reads Exp-Golomb codes as the standard lists them, and refuses those of more than 32 bits", () => {
  const bits = new Bits(bitsOf("1 010 011 00100 1 010 011 00100"), "the bits");
  assert.deepEqual([bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()], [0, 1, 2, 3]);
  assert.deepEqual([bits.signedGolomb(), bits.signedGolomb(), bits.signedGolomb(), bits.signedGolomb()], [0, 1, -1, 2]);
  assert.throws(() => new Bits(Buffer.alloc(9), "the bits").golomb(), refusal("malformed"));
});

it("refuses each configuration that is not one, and throws nothing else", () => {
  const readers: ((bytes: Buffer) => unknown)[] = [
    h264Config,
    hevcConfig,
    av1Config,
    aacConfig,
    opusConfig,
    opusSamples,
  ];
  const valid = [avcC.baseline, avcC.interlaced, avcC.grey, avcC.halfColour, hvcC, av1C, "1210", "2b920800"].map(hex);
  const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
  const changed = fc.tuple(fc.constantFrom(...valid), fc.array(change, { maxLength: 6 })).map(([bytes, changes]) => {
    const copy = Buffer.from(bytes);
    for (const { at, byte } of changes) copy[at % copy.length] = byte;
    return copy;
  });
  const any = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(changed, any), fc.constantFrom(...readers), (bytes, read) => {
      try {
        const result = read(bytes);
        if (typeof result === "object" && result !== null && "size" in result) assertSize(result as PictureConfig);
      } catch (error) {
        assert.ok(error instanceof IngestRefusal, String(error));
      }
    }),
    { numRuns: 1000, seed: 8 },
  );
});

function assertSize({ size: { width, height } }: PictureConfig): void {
  assert.ok(Number.isInteger(width) && width > 0 && width <= 16_384, String(width));
  assert.ok(Number.isInteger(height) && height > 0 && height <= 16_384, String(height));
}

const refusal = (kind: string) => (error: unknown) => error instanceof IngestRefusal && error.kind === kind;
const zeros = (count: number): string => "0".repeat(count);

/** Bits as text, filled up with zeros to whole bytes. */
function bitsOf(text: string): Buffer {
  const digits = text.replaceAll(" ", "");
  return Buffer.from(
    Array.from({ length: Math.ceil(digits.length / 8) }, (_, n) =>
      parseInt(digits.slice(8 * n, 8 * n + 8).padEnd(8, "0"), 2),
    ),
  );
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** By x264 of Debian's FFmpeg 5.1, for `testsrc2` of 320×180, 1920×1080 (fields) and twice 322×182. */
const avcC = {
  baseline: "0142c00cffe100176742c00cda05067e7c0440000003004000000c83c50aa801000468ce0fc8",
  interlaced: "014d4028ffe10019674d4028f403c0227ef011000003000100000300321f162ea001000468de0fc8",
  grey: "0164000dffe1001a6764000df2d02a33c7c5e02d9000000300100000030320f142aa01000468ce0fc8fcf8f800",
  halfColour:
    "017a000dffe10023677a000dbcb40a8cf1117808800000030080000019301000f420003d09498400f142aa01000568ce0fc40cfef8f800",
};
/** By x265, for 322×182. */
const hvcC =
  "0101600000009000000000003cf000fcfdf8f800000f03a00001001840010c01ffff01600000030090000003000003003c959409a10001002c42010101600000030090000003000003003ca00a880c1c44d965654a4c2f016808000003000800000300c840a2000100064401c073c189";
/** By SVT-AV1, for 322×182. */
const av1C = "81000c000a0b000000043d06d402f80040";
