import type { Probe, VideoProbe } from "#media/source/probe";
import { ladder, provisionalProfile, ratioMin, type Rung, rungOf, sideOf } from "#media/renditions/rung";

export const hasPicture = (probe: Probe): probe is Probe & { video: VideoProbe } => probe.video !== undefined;

/** The names of renditions that stay. Pure. */
const lasting = (made: readonly string[]): string[] => made.filter((name) => name !== provisionalProfile);

/** The name of a rendition that is as large as its source. */
export const sourceProfile = ({ video }: Probe & { video: VideoProbe }): string =>
  `${Math.min(video.displayWidth, video.displayHeight)}p`;

interface Selection {
  /** The names of requested renditions; empty for the usual ones. */
  readonly requested: readonly string[];
  /** The usual renditions of this instance. */
  readonly profiles: readonly string[];
  /** The names of existing renditions. */
  readonly made: readonly string[];
}

/**
 * The renditions still to be made, largest first, as the cascade needs them: the requested ones, none larger than the
 * source, or else the usual ones that are not close to an existing one. Pure.
 */
export function rungsFor(probe: Probe, { requested, profiles, made }: Selection): Rung[] {
  if (!hasPicture(probe)) return [];
  const rungs =
    requested.length > 0
      ? requested.map((name) => rungOf(probe, sideOf(name), "veryfast")).filter(({ name }) => !made.includes(name))
      : ladder(probe, profiles).filter((rung) => isFar(sideOf(rung.name), lasting(made).map(sideOf)));
  const named = new Map(rungs.map((rung) => [rung.name, rung]));
  return [...named.values()].toSorted((a, b) => b.width * b.height - a.width * a.height);
}

/** Two renditions closer than this do not help a viewer. */
const isFar = (side: number, otherSides: readonly number[]): boolean =>
  otherSides.every((otherSide) => Math.max(side, otherSide) > Math.min(side, otherSide) * ratioMin);

export interface Rate {
  readonly width: number;
  readonly height: number;
  readonly bitrateBps: number;
}
/** The least share of the bit rate that a rendition must save of the next larger one. */
const savedShareMin = 0.2;

/**
 * The `encoded` renditions that are worth having beside the ones that `stay`: each needs clearly fewer bits than the
 * next larger rendition that is kept. Pure.
 */
export function worthKeeping<R extends Rate>(encoded: readonly R[], stay: readonly Rate[]): R[] {
  const worthwhile: R[] = [];
  for (const candidate of encoded.toSorted((a, b) => pixels(b) - pixels(a))) {
    const larger = [...stay, ...worthwhile].filter((rendition) => pixels(rendition) > pixels(candidate));
    const above = larger.toSorted((a, b) => pixels(a) - pixels(b))[0];
    if (above === undefined || candidate.bitrateBps <= above.bitrateBps * (1 - savedShareMin))
      worthwhile.push(candidate);
  }
  return worthwhile;
}

const pixels = ({ width, height }: Rate): number => width * height;
