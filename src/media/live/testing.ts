import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { opusConfig, opusRate, opusSamples } from "../codec/opus.ts";
import {
  type AudioFormat,
  type AudioFrame,
  type Format,
  type Frame,
  ticksPerSecond,
  type VideoFormat,
} from "../frames/frame.ts";

export interface EncodedStream {
  readonly formats: readonly Format[];
  readonly frames: readonly Frame[];
}

export interface EncodeOptions {
  readonly seconds: number;
  readonly size?: string;
  readonly framesPerSecond?: number;
  readonly keySeconds?: number;
  readonly bFrames?: number;
  readonly isSilent?: boolean;
  readonly isBlind?: boolean;
}

/** A test picture and a tone, encoded by FFmpeg and taken out of FLV as a publisher would send them. */
export async function encodedStream(options: EncodeOptions): Promise<EncodedStream> {
  const { seconds, size = "320x180", framesPerSecond = 30, keySeconds = 2, bFrames = 0 } = options;
  const key = String(Math.round(framesPerSecond * keySeconds));
  const picture = ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=${framesPerSecond}`];
  const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"];
  const video = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-tune",
    "zerolatency",
    "-bf",
    String(bFrames),
    "-g",
    key,
    "-keyint_min",
    key,
    "-sc_threshold",
    "0",
    "-pix_fmt",
    "yuv420p",
  ];
  const { stdout } = await promisify(execFile)(
    "ffmpeg",
    [
      "-v",
      "error",
      ...(options.isBlind ? [] : picture),
      ...(options.isSilent ? [] : tone),
      "-t",
      String(seconds),
      ...(options.isBlind ? [] : video),
      ...(options.isSilent ? [] : ["-c:a", "aac", "-ac", "2"]),
      "-f",
      "flv",
      "pipe:1",
    ],
    { encoding: "buffer", maxBuffer: 256 * 1024 ** 2 },
  );
  const [width = 0, height = 0] = size.split("x").map(Number);
  return fromFlv(stdout, { width, height });
}

const encoders = {
  hevc: { box: "hvcC", arguments: "-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=2:scenecut=0" },
  av1: { box: "av1C", arguments: "-c:v libsvtav1 -preset 12 -svtav1-params scd=0" },
  h264: {
    box: "avcC",
    arguments: "-c:v libx264 -preset ultrafast -profile:v high444 -pix_fmt yuv444p -sc_threshold 0",
  },
} as const;

/** A test picture of 320x180, 30 a second, that browsers do not play everywhere: HEVC with B-frames, AV1 or 4:4:4. */
export async function uncommonStream(codec: keyof typeof encoders, seconds: number): Promise<EncodedStream> {
  const folder = await mkdtemp(join(tmpdir(), "kinora-uncommon-"));
  try {
    const path = join(folder, "a.mp4");
    const { box, arguments: encoder } = encoders[codec];
    const input = `-v error -f lavfi -i testsrc2=size=320x180:rate=30 -t ${seconds} -g 60 -keyint_min 60`;
    const run = promisify(execFile);
    await run("ffmpeg", [...`${input} ${encoder}`.split(" "), path]);
    const probe = await run(
      "ffprobe",
      ["-v", "error", "-of", "json", "-show_entries", "packet=pts_time,dts_time,flags,pos,size", path],
      { maxBuffer: 2 ** 24 },
    );
    const file = await readFile(path);
    const at = file.indexOf(box);
    const config = file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4));
    const { packets } = JSON.parse(probe.stdout) as { packets: Readonly<Record<string, string>>[] }; // As FFmpeg writes it.
    const frames = packets.map(({ pts_time, dts_time, flags = "", pos, size }): Frame => {
      const [pts, dts] = [pts_time, dts_time].map((time) => Math.round(Number(time) * ticksPerSecond) + ticksPerSecond);
      const bytes = file.subarray(Number(pos), Number(pos) + Number(size));
      return { kind: "video", pts: pts ?? 0, dts: dts ?? 0, isKey: flags.startsWith("K"), bytes };
    });
    return { formats: [{ kind: "video", codec, config, width: 320, height: 180 }], frames };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** H.264 and AAC of FLV (Adobe FLV specification 10.1, annex E). */
function fromFlv(file: Buffer, size: { readonly width: number; readonly height: number }): EncodedStream {
  const formats: Format[] = [];
  const frames: Frame[] = [];
  for (let at = 13; at + 11 <= file.length; ) {
    const type = file.readUInt8(at);
    const length = file.readUIntBE(at + 1, 3);
    const dts = (file.readUIntBE(at + 4, 3) + file.readUInt8(at + 7) * 2 ** 24) * 90;
    const body = file.subarray(at + 11, at + 11 + length);
    at += 11 + length + 4;
    if (type === 9 && body.length > 5) {
      const bytes = body.subarray(5);
      if (body[1] === 0) formats.push({ kind: "video", codec: "h264", config: bytes, ...size } satisfies VideoFormat);
      else if (body[1] === 1)
        frames.push({
          kind: "video",
          dts,
          pts: dts + body.readIntBE(2, 3) * 90,
          isKey: body.readUInt8(0) >> 4 === 1,
          bytes,
        });
    } else if (type === 8 && body.length > 2) {
      const bytes = body.subarray(2);
      if (body[1] === 0)
        formats.push({
          kind: "audio",
          codec: "aac",
          config: bytes,
          sampleRate: 48_000,
          channels: 2,
        } satisfies AudioFormat);
      else frames.push({ kind: "audio", pts: dts, samples: 1_024, bytes });
    }
  }
  return { formats, frames };
}

/** The frames of one clip moved on by `ticks`. */
export const movedOn = (frame: Frame, ticks: number): Frame =>
  frame.kind === "video"
    ? { ...frame, dts: frame.dts + ticks, pts: frame.pts + ticks }
    : { ...frame, pts: frame.pts + ticks };

/** A header that no decoder has to like. */
export const pictureFormat: VideoFormat = {
  kind: "video",
  codec: "h264",
  config: Buffer.from([1, 66, 192, 13, 255, 225, 0, 0]),
  width: 320,
  height: 180,
};
export const soundFormat: AudioFormat = {
  kind: "audio",
  codec: "aac",
  config: Buffer.from([0x11, 0x90]),
  sampleRate: 48_000,
  channels: 2,
};

/** Pictures with a few bytes each, 30 a second, and sound, in the order of their times from 0 on. */
export function steadyFrames({
  seconds,
  keySeconds = 2,
  framesPerSecond = 30,
}: {
  readonly seconds: number;
  readonly keySeconds?: number;
  readonly framesPerSecond?: number;
}): Frame[] {
  const keyFrames = Math.max(1, Math.round(keySeconds * framesPerSecond));
  const pictures = Array.from({ length: Math.round(seconds * framesPerSecond) }, (_, n): Frame => {
    const dts = Math.round((n * ticksPerSecond) / framesPerSecond);
    return { kind: "video", dts, pts: dts, isKey: n % keyFrames === 0, bytes: Buffer.alloc(20 + (n % 7), n) };
  });
  const units = Array.from({ length: Math.ceil((seconds * 48_000) / 1_024) }, (_, n): Frame => {
    return { kind: "audio", pts: n * 1_920, samples: 1_024, bytes: Buffer.alloc(9, n) };
  });
  return [...pictures, ...units].toSorted((a, b) => timeOf(a) - timeOf(b));
}

const timeOf = (frame: Frame): number => (frame.kind === "video" ? frame.dts : frame.pts);

/** As a browser states it. */
export const opusFormat: AudioFormat = {
  kind: "audio",
  codec: "opus",
  config: opusConfig(Buffer.alloc(0)),
  sampleRate: opusRate,
  channels: 2,
};

/** A beep of 100 ms in the middle of each second, as {@link opusUnits}. */
export const beeps = (seconds: number): Promise<AudioFrame[]> =>
  opusUnits(seconds, "aevalsrc=sin(2*PI*1000*t)*between(mod(t\\,1)\\,0.5\\,0.6):s=48000");

/** Opus in units of 20 ms from time 0 on. `sound`: a source of FFmpeg's filters. */
export async function opusUnits(seconds: number, sound: string): Promise<AudioFrame[]> {
  const { stdout } = await promisify(execFile)(
    "ffmpeg",
    ["-v", "error", "-f", "lavfi", "-i", sound, "-t", String(seconds), "-c:a", "libopus", "-f", "ogg", "pipe:1"],
    { encoding: "buffer", maxBuffer: 16 * 1024 ** 2 },
  );
  // The first two packets are headers (RFC 7845 §3).
  return oggPackets(stdout)
    .slice(2)
    .map((bytes, n) => ({ kind: "audio", pts: n * 1_800, samples: opusSamples(bytes), bytes }));
}

/** RFC 3533 §6: a page has a table of the sizes of its segments; a packet ends with one that is not full. */
function oggPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let segments: Buffer[] = [];
  for (let at = 0; at + 27 <= file.length; ) {
    const count = file.readUInt8(at + 26);
    const sizes = file.subarray(at + 27, at + 27 + count);
    at += 27 + count;
    for (const size of sizes) {
      segments.push(file.subarray(at, at + size));
      at += size;
      if (size === 255) continue;
      packets.push(Buffer.concat(segments));
      segments = [];
    }
  }
  return packets;
}
