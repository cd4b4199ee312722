/** In seconds before the picture that those at the edge see. */
export interface Past {
  readonly lengthS: number;
  readonly backS: number;
}

/** A stream that has just begun has less, which is not worth a bar. */
const lengthMinS = 15;

/**
 * The distance that a viewer can go back, and has gone: by the start of what the stream still has and the place of the
 * picture. `null` for a few seconds. Pure.
 */
export function pastOf(startS: number | undefined, behindS: number | null, timeS: number): Past | null {
  if (startS === undefined || behindS === null) return null;
  const lengthS = timeS + behindS - startS;
  return lengthS < lengthMinS ? null : { lengthS, backS: Math.min(lengthS, Math.max(0, behindS)) };
}
