import type { Id } from "#kernel";
import { SegmentNotKept } from "../../contract.ts";
import type { LiveHost } from "../../settings.ts";
import { readHeader } from "./header.ts";
import * as store from "./recording-store.ts";

/** Segments are no shorter, save where a publisher came back. */
const segmentMsMin = 1_000;

/** The segments that viewers can go back to, in a recording that is written while they watch. */
export function createRecordingHistory({ db, blob, settings: { dvrMs } }: LiveHost) {
  return {
    async history({ id, afterMsn }: { id: Id; afterMsn: number }) {
      const recording = dvrMs > 0 ? (await store.openOf(db, id)).at(-1) : undefined;
      if (!recording) return { windowMs: 0, tracks: [], segments: [] };
      const { tracks } = readHeader(recording.header);
      return {
        windowMs: dvrMs,
        tracks: tracks.map(({ track, init }) => ({ track, init })),
        segments: (await store.storedOf(db, recording.id, afterMsn, Math.ceil(dvrMs / segmentMsMin))).map(
          ({ msn, isDiscontinuous, startTicks, ranges }) => ({
            msn,
            isDiscontinuous,
            startTicks,
            ranges: ranges.map(({ track, startTicks: start, durationTicks, size, frames, keyframeBytes }) => ({
              track,
              startTicks: start,
              durationTicks,
              sizeBytes: size,
              frames,
              isIndependent: keyframeBytes > 0,
            })),
          }),
        ),
      };
    },

    async segment({ id, track, msn }: { id: Id; track: string; msn: number }): Promise<{ bytes: Uint8Array }> {
      const segment = await store.storedSegment(db, id, msn);
      const range = segment?.ranges.find((candidate) => candidate.track === track);
      const [first] = segment?.ranges ?? [];
      if (!segment?.spans || !range || !first) throw SegmentNotKept({});
      const bytes: Uint8Array[] = [];
      // Offsets in the segment, whose tracks follow one another.
      let [skip, remaining] = [range.offset - first.offset, range.size];
      for (const { piece, from, length } of segment.spans) {
        const partBytes = Math.min(remaining, length - skip);
        if (partBytes > 0) bytes.push(await blob.pieceRange(piece, from + skip, partBytes));
        remaining -= Math.max(0, partBytes);
        skip = Math.max(0, skip - length);
      }
      return { bytes: Buffer.concat(bytes) };
    },
  };
}
