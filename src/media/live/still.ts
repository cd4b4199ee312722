import { flags } from "../flags.ts";
import { pixelsMax } from "../lock.ts";
import { initSegment } from "../mp4/init-segment.ts";
import { mediaFragment } from "../mp4/media-fragment.ts";
import { redrawn } from "../pictures/picture.ts";
import type { Tools } from "../process/tools.ts";
import type { VideoFormat, VideoFrame } from "../frames/frame.ts";

/** A key frame by itself can be decoded. */
export interface KeyPicture {
  readonly format: VideoFormat;
  readonly frame: VideoFrame;
}

/** Longest side. */
const sideMax = 640;
const bytesMax = 8 * 2 ** 20;
const deadlineMs = 15_000;
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", HOME: "/nonexistent" };

/** A JPEG of a key frame, decoded by FFmpeg in the sandbox and drawn anew. @throws Error where it cannot be decoded */
export async function stillOf(
  { ffmpeg, sandbox, children }: Tools,
  { format, frame }: KeyPicture,
): Promise<Uint8Array> {
  const sample = { durationTicks: 3_000, compositionTicks: 0, isKey: true, bytes: frame.bytes };
  const file = [initSegment([{ id: 1, format }]), mediaFragment({ trackId: 1, sequence: 1, startTicks: 0 }, [sample])];
  const command = [
    ffmpeg.path,
    ...flags("-hide_banner -nostdin -nostats -loglevel error -threads 1 -protocol_whitelist file,pipe"),
    ...flags(`-max_pixels ${pixelsMax} -f mp4 -i pipe:0 -map 0:v:0 -frames:v 1`),
    "-vf",
    `scale='min(${sideMax},iw)':'min(${sideMax},ih)':force_original_aspect_ratio=decrease`,
    ...flags("-c:v png -f image2pipe pipe:1"),
  ];
  const limits = { cpuSeconds: 20, fileBytes: 2 ** 20 };
  const child = await children.start(sandbox.wrap(command, limits, { inputs: [] }), {
    env: environment,
    hasInput: true,
  });
  const timer = setTimeout(() => children.endGroup(child.pid), deadlineMs);
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.on("error", () => undefined);
  child.stderr.resume();
  child.stdin?.end(Buffer.concat(file));
  try {
    const bytes: Buffer[] = [];
    let size = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > bytesMax) throw new RangeError("a picture of a stream is too large");
      bytes.push(chunk);
    }
    const [picture] = await redrawn(Buffer.concat(bytes), "cover", ["jpeg"]);
    if (picture === undefined) throw new Error("no picture was drawn");
    return picture.bytes;
  } finally {
    clearTimeout(timer);
    children.endGroup(child.pid);
  }
}
