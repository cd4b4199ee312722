import type { Probe, VideoProbe } from "#media/probe";
import { type Rung, rungOf } from "#media/rung";

/** Sides tried in this order for what follows the first rendition, when nobody asked for certain ones. */
const furtherSides = [480, 720, 240];
/** How many of them are made. */
const furtherMax = 1;
/** Two renditions closer than this do not help a viewer. */
const ratioMin = 1.15;

export const hasPicture = (probe: Probe): probe is Probe & { video: VideoProbe } => probe.video !== undefined;

/** The name of a rendition that is as large as its source. */
export const sourceProfile = ({ video }: Probe & { video: VideoProbe }): string =>
  `${Math.min(video.displayWidth, video.displayHeight)}p`;

/**
 * The renditions still to be made, largest first, as the one cascade that makes them takes them: those asked for, none
 * larger than the source, or else what helps most beside those that are there. Pure.
 */
export function rungsFor(probe: Probe, asked: readonly string[], made: readonly string[]): Rung[] {
  if (!hasPicture(probe)) return [];
  const isNew = (rung: Rung) => !made.includes(rung.name);
  const rungs =
    asked.length > 0 ? asked.map((name) => rungAt(probe, sideOf(name))).filter(isNew) : further(probe, made);
  const named = new Map(rungs.map((rung) => [rung.name, rung]));
  return [...named.values()].toSorted((a, b) => b.width * b.height - a.width * a.height);
}

function further(probe: Probe & { video: VideoProbe }, made: readonly string[]): Rung[] {
  const taken = made.map(sideOf);
  const chosen: Rung[] = [];
  for (const side of furtherSides) {
    const rung = rungAt(probe, side);
    const own = sideOf(rung.name);
    const isFar = taken.every((other) => Math.max(own, other) >= Math.min(own, other) * ratioMin);
    if (!isFar || chosen.length === furtherMax) continue;
    chosen.push(rung);
    taken.push(own);
  }
  return chosen;
}

const rungAt = (probe: Probe & { video: VideoProbe }, side: number): Rung => rungOf(probe, side, "veryfast");
const sideOf = (name: string): number => Number.parseInt(name, 10);
