import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const publishers = new Set<ChildProcess>();
/** Ends all that publish. */
export function killPublishers(): void {
  for (const child of publishers) child.kill("SIGKILL");
}

export interface Publication {
  readonly seconds?: number;
  /** The size of the picture, small if a test needs no other. */
  readonly size?: string;
  /** As a camera sends, not as fast as it can. */
  readonly isPaced?: boolean;
  /** Filled up to this. */
  readonly bitsPerSecond?: number;
  /** From key frame to key frame. */
  readonly keySeconds?: number;
}

const filledTo = (rate: number): string[] =>
  `-b:v ${rate} -minrate ${rate} -maxrate ${rate} -bufsize ${rate / 4} -x264-params nal-hrd=cbr`.split(" ");

/** FFmpeg sends a small picture and a tone to an address that ends with the key, as a host's software does. */
export function publishTo(
  address: string,
  { seconds = 60, size = "160x90", isPaced = false, bitsPerSecond, keySeconds = 1 }: Publication,
) {
  const picture = ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=15`];
  const tone = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"];
  const encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"];
  const coded = [...encoder, "-g", String(15 * keySeconds)];
  if (bitsPerSecond !== undefined) coded.push(...filledTo(bitsPerSecond));
  const pace = isPaced ? ["-re"] : [];
  const target = ["-c:a", "aac", "-f", "flv", address];
  const inputs = ["-v", "error", ...pace, ...picture, ...pace, ...tone, "-t", String(seconds)];
  const child = spawn("ffmpeg", [...inputs, ...coded, ...target], { stdio: ["ignore", "ignore", "pipe"] });
  publishers.add(child);
  let errors = "";
  child.stderr.on("data", (text: Buffer) => (errors += text.toString()));
  const result = once(child, "close").then(([code]) => ({ code: code as number | null, errors })); // As Node says it.
  return { child, result };
}

/** As {@link publishTo}, for longer than the test lasts that ends it. */
export const publish = (address: string, size?: string): ChildProcess =>
  publishTo(address, { seconds: 900, isPaced: true, ...(size !== undefined && { size }) }).child;
