import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { BlobStore, Client } from "#kernel";
import { callOf } from "#kernel/host/testing";
import type { live } from "../contract.ts";

const publishers = new Set<ChildProcess>();
/** Ends all that publish. */
export function killPublishers(): void {
  for (const child of publishers) child.kill("SIGKILL");
}

export interface Publication {
  readonly seconds?: number;
  /** As a camera sends, not as fast as it can. */
  readonly isPaced?: boolean;
  /** Filled up to this. */
  readonly bitsPerSecond?: number;
  /** From key frame to key frame. */
  readonly keySeconds?: number;
}

const filledTo = (rate: number): string[] =>
  `-b:v ${rate} -minrate ${rate} -maxrate ${rate} -bufsize ${rate / 4} -x264-params nal-hrd=cbr`.split(" ");

/** FFmpeg publishes a test picture and a tone to an address that ends with the key. */
export function publishTo(
  address: string,
  { seconds = 60, isPaced = false, bitsPerSecond, keySeconds = 1 }: Publication,
) {
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=15"];
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

/** What a gateway receives of a room's stream. */
export function follow(service: () => Promise<Client<typeof live>>, id: number) {
  const seen = {
    parts: 0,
    opened: 0,
    discontinuities: 0,
    /** Of segments, in milliseconds of output time. */
    startsMs: new Array<number>(),
    isEnded: false,
    segments: (track: string) => Array.from(bytes.get(track)?.values() ?? [], (parts) => Buffer.concat(parts)),
  };
  const bytes = new Map<string, Map<number, Uint8Array[]>>();
  const run = async () => {
    for await (const { event } of (await service()).media({ id }, callOf())) {
      if (event.kind === "opened") {
        seen.opened += 1;
        seen.startsMs.push(event.startTicks / 90);
        seen.discontinuities += event.isDiscontinuous ? 1 : 0;
      }
      if (event.kind === "part") {
        seen.parts += 1;
        const track = bytes.get(event.track) ?? new Map<number, Uint8Array[]>();
        bytes.set(event.track, track);
        track.set(event.msn, [...(track.get(event.msn) ?? []), event.bytes]);
      }
      if (event.kind === "end") seen.isEnded = true;
    }
  };
  run().catch(() => undefined);
  return seen;
}

/** The whole object. */
export async function bytesOf(blob: BlobStore, key: string): Promise<Buffer> {
  const reader = await blob.open(key);
  assert.ok(reader, key);
  try {
    return await reader.read(0, reader.sizeBytes);
  } finally {
    await reader.close();
  }
}
