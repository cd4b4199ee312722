import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { randomBytes } from "node:crypto";
import { buffer, text } from "node:stream/consumers";
import { it } from "node:test";
import { FlvReader } from "../flv/reader.ts";
import { FlvTracks } from "../flv/tracks.ts";
import { flvHeader, FlvWriter } from "../flv/writer.ts";
import type { AudioFrame, Format, Frame, VideoFrame } from "../frames/frame.ts";
import { testTools, without } from "../testing.ts";
import type { StreamFacts } from "./metadata.ts";
import { RtmpSession } from "./session.ts";
import type { PublishRequest, SessionEnd } from "./session-parts.ts";

const tools = await testTools();
const skip = without(tools, "FFmpeg");
const ffmpeg = tools?.ffmpeg.path ?? "ffmpeg";
const ffprobe = ffmpeg.replace(/ffmpeg$/, "ffprobe");

/** FFmpeg would wait for ever for an answer that does not come. */
const deadlineMs = 20_000;
/** Two seconds at 25 frames a second with a key frame each second and B-frames. */
const source = [
  ..."-v error -nostdin -f lavfi -i testsrc2=s=320x180:r=25 -f lavfi -i sine=r=48000 -t 2".split(" "),
  ..."-c:v libx264 -preset ultrafast -threads 1 -bf 2 -g 25 -keyint_min 25 -sc_threshold 0 -c:a aac -ac 2 -f flv".split(
    " ",
  ),
];

it("takes a stream that FFmpeg publishes, and writes it as FLV that ffprobe reads without complaint", {
  skip,
}, async () => {
  const ingest = await publish((address) => [...source, `${address}/live/key?token=1`]);
  assert.deepEqual(ingest.failures, "");
  assert.equal(ingest.end?.kind, "finished");
  const [request] = ingest.requests;
  assert.deepEqual(
    { app: request?.app, key: request?.key, query: request?.query, mode: request?.mode },
    { app: "live", key: "key", query: "token=1", mode: "live" },
  );
  const [facts] = ingest.facts;
  assert.match(facts?.encoder ?? "", /^Lavf/);
  assert.deepEqual([facts?.width, facts?.height, facts?.frameRate], [320, 180, 25]);
  assertStream(ingest);
  const writer = new FlvWriter();
  const file = Buffer.concat([
    flvHeader({ hasVideo: true, hasAudio: true }),
    ...ingest.formats.map((format) => writer.format(format)),
    ...ingest.frames.map((frame) => writer.frame(frame)),
  ]);
  const { output, failures } = await run(
    ffprobe,
    "-v warning -count_packets -show_entries stream=codec_name,nb_read_packets,width,height -of csv=p=0 -f flv -".split(
      " ",
    ),
    file,
  );
  assert.equal(failures, "");
  const sounds = ingest.frames.length - 50;
  assert.deepEqual(output.trim().split("\n"), ["h264,320,180,50", `aac,${sounds}`]);
});

it("answers FFmpeg with the sentence of a refusal", { skip }, async () => {
  const ingest = await publish((address) => [...source, `${address}/live/wrong`], "the stream key is not known");
  assert.match(ingest.failures, /the stream key is not known/);
  assert.equal(ingest.end?.kind, "refused");
  assert.equal(ingest.frames.length, 0);
});

it("reads the FLV that FFmpeg writes into a pipe", { skip }, async () => {
  const child = spawn(ffmpeg, [...source, "-flvflags", "no_duration_filesize", "pipe:1"], { timeout: deadlineMs });
  const failures = text(child.stderr);
  const reader = new FlvReader();
  const tracks = new FlvTracks();
  const read: (Format | Frame)[] = [];
  for await (const bytes of child.stdout) for (const tag of reader.read(bytes)) read.push(...one(tracks.read(tag)));
  assert.equal(await failures, "");
  assertStream({
    formats: read.flatMap((item) => ("config" in item ? [item] : [])),
    frames: read.flatMap((item) => ("config" in item ? [] : [item])),
  });
});

function assertStream({ formats, frames }: { formats: readonly Format[]; frames: readonly Frame[] }): void {
  const [picture, sound] = formats;
  assert.equal(formats.length, 2);
  assert.ok(picture?.kind === "video" && picture.codec === "h264" && picture.width === 320 && picture.height === 180);
  assert.ok(sound?.kind === "audio" && sound.codec === "aac" && sound.sampleRate === 48_000 && sound.channels === 2);
  const pictures = frames.filter((frame): frame is VideoFrame => frame.kind === "video");
  const sounds = frames.filter((frame): frame is AudioFrame => frame.kind === "audio");
  assert.equal(pictures.length, 50);
  assert.ok(Math.abs(sounds.length - (2 * 48_000) / 1024) <= 3, String(sounds.length));
  assert.deepEqual(
    pictures.flatMap(({ isKey }, n) => (isKey ? [n] : [])),
    [0, 25],
  );
  for (const [n, { dts, pts }] of pictures.entries()) {
    assert.ok(n === 0 || dts === (pictures[n - 1]?.dts ?? 0) + 3600, `picture ${n} at ${dts}`);
    assert.ok(pts >= dts);
  }
  assert.ok(
    pictures.some(({ pts, dts }) => pts - dts > 3600),
    "there are B-frames",
  );
  assert.equal(new Set(pictures.map(({ pts }) => pts)).size, 50);
  for (const [n, { pts, samples }] of sounds.entries()) {
    assert.equal(samples, 1024);
    assert.ok(n === 0 || Math.abs(pts - (sounds[n - 1]?.pts ?? 0) - 1920) <= 90, `sound ${n} at ${pts}`);
  }
}

interface Ingest {
  readonly requests: PublishRequest[];
  readonly formats: Format[];
  readonly frames: Frame[];
  readonly facts: StreamFacts[];
  end?: SessionEnd;
  failures: string;
}

/** Lets FFmpeg publish to a server of one session, until both have ended. */
async function publish(args: (address: string) => readonly string[], refusal?: string): Promise<Ingest> {
  const ingest: Ingest = { requests: [], formats: [], frames: [], facts: [], failures: "" };
  const server = createServer((socket) => serve(socket, ingest, refusal));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  const { failures } = await run(ffmpeg, args(`rtmp://127.0.0.1:${port}`));
  ingest.failures = failures;
  server.close();
  await once(server, "close");
  return ingest;
}

function serve(socket: Socket, ingest: Ingest, refusal: string | undefined): void {
  const session = new RtmpSession({
    send: (bytes) => socket.write(bytes),
    end: (end) => {
      ingest.end = end;
      socket.end();
    },
    publish: async (request) => {
      ingest.requests.push(request);
      return refusal === undefined ? { ok: true } : { ok: false, sentence: refusal };
    },
    format: (format) => void ingest.formats.push(format),
    frame: (frame) => void ingest.frames.push(frame),
    metadata: (facts) => void ingest.facts.push(facts),
    pause: (isPaused) => (isPaused ? socket.pause() : socket.resume()),
    random: randomBytes,
    spendSpareChunk: () => true,
  });
  socket.on("data", (bytes) => session.receive(bytes));
  socket.on("error", () => undefined);
  socket.on("close", () => session.close());
}

async function run(
  command: string,
  args: readonly string[],
  input?: Buffer,
): Promise<{ output: string; failures: string }> {
  const child = spawn(command, args, { timeout: deadlineMs });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input ?? "");
  const [output, failures] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
  return { output: output.toString(), failures };
}

const one = <Value>(value: Value | undefined): Value[] => (value === undefined ? [] : [value]);
