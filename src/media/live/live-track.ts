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

/** Whether a decoder that was set up for one goes on with the other. */
export function isSame(one: Format, other: Format): boolean {
  return (
    one.kind === other.kind &&
    one.codec === other.codec &&
    one.config.equals(other.config) &&
    timescaleOf(one) === timescaleOf(other)
  );
}
