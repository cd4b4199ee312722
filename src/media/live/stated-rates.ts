import type { AudioFormat, VideoFormat } from "../frames/frame.ts";

/** The rates that a publisher declares; a rate that it does not declare, or cannot mean, is absent. */
export interface DeclaredRates {
  readonly videoBps?: number | undefined;
  readonly audioBps?: number | undefined;
  readonly framesPerSecond?: number | undefined;
}

/**
 * The least that a list of renditions states of a track. Players read the list once, so that it may not follow the first
 * seconds: a still picture becomes motion.
 */
export interface StatedRates {
  readonly peakBps: number;
  readonly averageBps: number;
  /** The rate of pictures; 0 for sound. */
  readonly framesPerSecond: number;
}

const bpsMax = 200_000_000;
/** Containers without a steady rate state a thousand and more. */
const fpsMax = 240;
/** Boxes around the frames of four parts a second. */
const containerBps = 16_000;
/** Rate control keeps to a rate over some seconds, not in each segment. */
const pictureExcess = 1.5;
const soundExcess = 1.25;
/** Bits of each pixel of motion, of an encoder that says nothing about its rate. */
const bitsPerPixel = 0.1;
/** Small pictures need more of each pixel. */
const undeclaredBpsMin = 500_000;
const usualFps = 30;
const soundBpsPerChannel = 64_000;

/** The rates of what a publisher writes about its stream. */
export const declaredRates = ({
  videoBitrateKbps,
  audioBitrateKbps,
  frameRate,
}: {
  readonly videoBitrateKbps?: number;
  readonly audioBitrateKbps?: number;
  readonly frameRate?: number;
}): DeclaredRates => ({
  videoBps: within((videoBitrateKbps ?? 0) * 1_000, bpsMax),
  audioBps: within((audioBitrateKbps ?? 0) * 1_000, bpsMax),
  framesPerSecond: within(frameRate ?? 0, fpsMax),
});

const within = (value: number, max: number): number | undefined => (value >= 1 && value <= max ? value : undefined);

const rates = (bps: number, excess: number, framesPerSecond: number): StatedRates => ({
  peakBps: Math.ceil(bps * excess) + containerBps,
  averageBps: Math.ceil(bps) + containerBps,
  framesPerSecond,
});

/** `measuredFps`: of the first pictures, which may be those of a still. */
export function pictureRates(
  { width, height }: Pick<VideoFormat, "width" | "height">,
  { videoBps, framesPerSecond }: DeclaredRates,
  measuredFps: number,
): StatedRates {
  const likelyFps = framesPerSecond ?? usualFps;
  const fps = isNearly(measuredFps, likelyFps) ? likelyFps : measuredFps;
  const usualBps = Math.max(undeclaredBpsMin, width * height * Math.max(usualFps, fps) * bitsPerPixel);
  return rates(videoBps ?? usualBps, pictureExcess, fps);
}

export const soundRates = ({ channels }: Pick<AudioFormat, "channels">, { audioBps }: DeclaredRates): StatedRates =>
  rates(audioBps ?? channels * soundBpsPerChannel, soundExcess, 0);

/** Pictures that arrive a little unevenly do not exceed the stated rate. */
export const isNearly = (measuredFps: number, statedFps: number): boolean => measuredFps <= statedFps * 1.05;
