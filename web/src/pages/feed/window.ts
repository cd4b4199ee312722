/** How many players may exist at once: decoders and memory are scarce on a phone. */
export const playersMax = 3;

/** The cards on screen at a scroll position, counted in cards: one when settled, two while moving. */
export interface Visible {
  first: number;
  last: number;
}

/** Less than this part of a card is a rounding error of the scroll position, not a glimpse of the neighbour. */
const sliver = 0.02;

export function visibleAt(position: number, count: number): Visible {
  const last = Math.max(0, count - 1);
  const clamped = Math.min(Math.max(position, 0), last);
  return { first: Math.floor(clamped + sliver), last: Math.min(last, Math.ceil(clamped - sliver)) };
}

/** The card that counts as watched: the one that fills more of the screen. */
export const activeAt = (position: number, count: number): number =>
  Math.min(Math.max(Math.round(position), 0), Math.max(0, count - 1));

/** The cards with a living player: what is on screen, then what comes next, then, at the end, what was before. */
export function playersAt({ first, last }: Visible, count: number): number[] {
  const places: number[] = [];
  for (let index = first; index <= last; index++) places.push(index);
  for (let index = last + 1; index < count && places.length < playersMax; index++) places.push(index);
  for (let index = first - 1; index >= 0 && places.length < playersMax; index--) places.push(index);
  return places.slice(0, playersMax).filter((index) => index < count);
}

interface WheelState {
  lastMs: number;
  lastSize: number;
  steppedMs: number;
}

export const wheelAtRest: WheelState = {
  lastMs: Number.NEGATIVE_INFINITY,
  lastSize: 0,
  steppedMs: Number.NEGATIVE_INFINITY,
};

const quietMs = 160;
const againMs = 450;
const nudgePx = 4;

/**
 * One turn of a wheel or one flick of a trackpad is one video, however many events it makes: a step is taken at the
 * first event after quiet, or when the movement clearly grows again, which inertia never does.
 */
export function wheelStep(state: WheelState, deltaPx: number, nowMs: number): { state: WheelState; step: -1 | 0 | 1 } {
  const size = Math.abs(deltaPx);
  const isQuiet = nowMs - state.lastMs > quietMs;
  const isNewFlick = nowMs - state.steppedMs > againMs && size > state.lastSize * 1.5 && size > 20;
  const isStep = size >= nudgePx && nowMs - state.steppedMs > quietMs && (isQuiet || isNewFlick);
  const next = { lastMs: nowMs, lastSize: size, steppedMs: isStep ? nowMs : state.steppedMs };
  return { state: next, step: isStep ? (deltaPx > 0 ? 1 : -1) : 0 };
}
