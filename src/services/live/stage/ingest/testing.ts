import assert from "node:assert/strict";
import type { BlobStore, Client } from "#kernel";
import { callOf } from "#kernel/host/testing";
import type { live } from "../../contract.ts";

/** The events of a room's stream that a gateway receives. */
export function follow(service: () => Promise<Client<typeof live>>, id: number) {
  const seen = {
    parts: 0,
    opened: 0,
    discontinuities: 0,
    /** The starts of segments, in milliseconds of output time. */
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
