import type { Probe, VideoProbe } from "../source/probe.ts";

/** One rendition of the picture. */
export interface Rung {
  /** By its short side, such as `480p`. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly preset: "ultrafast" | "veryfast" | "faster";
  readonly crf: number;
  readonly maxrateBps: number;
}

const table = [
  { shortSide: 240, crf: 24, maxrateBps: 450_000 },
  { shortSide: 360, crf: 23, maxrateBps: 800_000 },
  { shortSide: 480, crf: 23, maxrateBps: 1_300_000 },
  { shortSide: 720, crf: 23, maxrateBps: 3_000_000 },
  { shortSide: 1080, crf: 23, maxrateBps: 6_000_000 },
  { shortSide: 1440, crf: 23, maxrateBps: 10_000_000 },
  { shortSide: 2160, crf: 23, maxrateBps: 18_000_000 },
] as const;

/** The renditions that can be asked for by name, and of which an instance chooses its usual ones. */
export const profileNames = ["240p", "360p", "480p", "720p", "1080p", "1440p", "2160p"] as const;
/** Those of an instance that says nothing else. */
export const usualProfiles: readonly string[] = ["240p", "480p", "720p", "1080p", "1440p", "2160p"];
/** The short side that a rendition's name says. */
export const sideOf = (name: string): number => Number.parseInt(name, 10);

/** How large a rendition of this name is at most: pixels of its short side, and bits a second. */
export const limitsOf = (name: string): { shortSide: number; maxrateBps: number } => {
  const shortSide = sideOf(name);
  return { shortSide, maxrateBps: rowOf(shortSide).maxrateBps };
};
const rowOf = (side: number) => table.find(({ shortSide }) => shortSide >= side) ?? table[6];

/** Faster pictures cost more bits from here on. */
const fastFps = 40;
export const fpsMax = 60;
/** True if there are more pictures a second than are shown; a camera's 60 may be a little more. */
export const isTooFast = (fps: number): boolean => fps > fpsMax * 1.02;

/**
 * The name of a rendition that plays until the ladder is made and is dropped then. It has an address of its own: players
 * that have begun with it know its byte ranges.
 */
export const provisionalProfile = "first";

/** The first rendition of a source that cannot be published as it is: 480 lines at most, encoded in a hurry. */
export const quickRung = (probe: Probe & { video: VideoProbe }): Rung => ({
  ...rungOf(probe, 480, "ultrafast"),
  name: provisionalProfile,
});

/** A copy may exceed the ceiling of its size by this factor. */
const excessMax = 1.5;

/**
 * True if a source has far more bits than a rendition of its size may have, so that it cannot stand beside the others.
 */
export function isExcessive(probe: Probe & { video: VideoProbe }): boolean {
  const { displayWidth, displayHeight, fps } = probe.video;
  return probe.bitrateBps > excessMax * ceilingBps(Math.min(displayWidth, displayHeight), fps);
}

/** From here on a larger rendition helps a viewer beside a smaller one. */
export const ratioMin = 1.15;

/**
 * All renditions worth making, largest first: those of `profiles` that are no larger than the source, and the source's own
 * size where that is clearly larger, or smaller than all; nothing is larger than the largest of `profiles`. Pure.
 */
export function ladder(probe: Probe & { video: VideoProbe }, profiles = usualProfiles): Rung[] {
  const { displayWidth, displayHeight } = probe.video;
  const source = Math.min(displayWidth, displayHeight);
  const requestedSides = profiles.map(sideOf).toSorted((a, b) => a - b);
  const sides = requestedSides.filter((side) => side <= source);
  const top = sides.at(-1);
  if (top === undefined || source > top * ratioMin) sides.push(Math.min(source, requestedSides.at(-1) ?? source));
  return [...new Set(sides)].toReversed().map((side) => rungOf(probe, side, "veryfast"));
}

/** The rendition of this short side, or of the source's size where that is smaller. */
export function rungOf(probe: Probe & { video: VideoProbe }, shortSide: number, preset: Rung["preset"]): Rung {
  const { displayWidth, displayHeight, fps } = probe.video;
  const source = Math.min(displayWidth, displayHeight);
  const scale = Math.min(1, shortSide / source);
  const width = even(displayWidth * scale);
  const height = even(displayHeight * scale);
  const row = rowOf(Math.min(shortSide, source));
  const allowed = ceilingBps(Math.min(shortSide, source), fps);
  // A source of few bits has few to give; bits shrink slower than pixels.
  const sourceRateBps = 1.1 * probe.bitrateBps * ((width * height) / (displayWidth * displayHeight)) ** 0.75;
  const maxrateBps = Math.max(100_000, Math.round(sourceRateBps > 0 ? Math.min(allowed, sourceRateBps) : allowed));
  return { name: `${Math.min(width, height)}p`, width, height, preset, crf: row.crf, maxrateBps };
}

const ceilingBps = (side: number, fps: number): number => rowOf(side).maxrateBps * (fps > fastFps ? 1.4 : 1);

/** Rounded down, for no rendition exceeds its source; 4:2:0 needs even sides. */
const even = (side: number): number => Math.max(2, Math.floor(Math.round(side * 1000) / 2000) * 2);
