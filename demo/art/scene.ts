import { down, rect } from "./svg.ts";

/** Half the size of a usual video, which is enough for drawings. */
export const tall = { width: 540, height: 960 } as const;
export const wide = { width: 960, height: 540 } as const;

/**
 * A drawing that moves. The back is drawn once, and so is the front; the middle is drawn for each frame, by how much of the
 * loop has passed: 0 to 1, where both ends are the same picture. All three are SVG text without a document.
 */
export interface Scene {
  readonly size: typeof tall | typeof wide;
  readonly loopSeconds: number;
  readonly back: string;
  readonly middle: (u: number) => string;
  readonly front?: string;
}

const tau = 2 * Math.PI;
/** A swing between -1 and 1, `cycles` times in a loop. */
export const swing = (u: number, cycles = 1, phase = 0): number => Math.sin(tau * (u * cycles + phase));
/** The part of a whole that is left after whole turns: 0 to 1. */
export const wrap = (value: number): number => value - Math.floor(value);
/** Slow at both ends. */
export const ease = (t: number): number => t * t * (3 - 2 * t);
/** 0 at both ends of 0 to 1, 1 in the middle. */
export const bell = (t: number): number => Math.sin(Math.PI * Math.min(1, Math.max(0, t)));
export const clamp = (value: number): number => Math.min(1, Math.max(0, value));

export const sky = ({ width, height }: Scene["size"], ...colours: readonly string[]): string =>
  rect(0, 0, width, height, down(...colours));
