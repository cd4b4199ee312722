import { codecNameOf } from "../mp4/codec-name.ts";
import { initSegment, timescaleOf } from "../mp4/init-segment.ts";
import type { LiveTrack } from "./events.ts";
import type { Format } from "../frames/frame.ts";
import type { StatedRates } from "./stated-rates.ts";

/** The headers of a track of this format. */
export function liveTrack(track: string, id: 1 | 2, format: Format, stated: StatedRates): LiveTrack {
  const init = initSegment([{ id, format }]);
  const size = format.kind === "video" ? { width: format.width, height: format.height } : { width: 0, height: 0 };
  return {
    track,
    kind: format.kind,
    id,
    codec: codecNameOf(init),
    timescale: timescaleOf(format),
    ...size,
    ...(format.kind === "audio" && { channels: format.channels }),
    stated,
    init,
    format,
  };
}

/** True if a decoder that was set up for one format can go on with the other. */
export function isSame(format: Format, otherFormat: Format): boolean {
  return (
    format.kind === otherFormat.kind &&
    format.codec === otherFormat.codec &&
    format.config.equals(otherFormat.config) &&
    timescaleOf(format) === timescaleOf(otherFormat)
  );
}
