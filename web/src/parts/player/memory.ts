/** The player's memory between visits, on this device only. */
interface SoundMemory {
  volume: number;
  isMuted: boolean;
}

const soundKey = "kinora.sound";
const captionsKey = "kinora.captions";
const evenKey = "kinora.even";
const positionsKey = "kinora.positions";
const positionsMax = 100;
/** Nearer to either end than this there is nothing to come back to. */
const edgeS = 5;

/** Positions by video id, the latest last. */
export type Positions = readonly (readonly [videoId: number, seconds: number])[];

/** The positions after one more was seen: the video moves to the end, or leaves when it is (nearly) over. Pure. */
export function remember(positions: Positions, videoId: number, seconds: number, durationS: number): Positions {
  const otherPositions = positions.filter(([id]) => id !== videoId);
  if (seconds < edgeS || seconds > durationS - edgeS) return otherPositions;
  return [...otherPositions, [videoId, Math.floor(seconds)] as const].slice(-positionsMax);
}

export function readSound(): SoundMemory {
  const stored = readJson(soundKey);
  if (typeof stored !== "object" || stored === null) return { volume: 1, isMuted: false };
  const volume = "volume" in stored && typeof stored.volume === "number" ? stored.volume : 1;
  return { volume: Math.min(1, Math.max(0, volume)), isMuted: "isMuted" in stored && stored.isMuted === true };
}

export const writeSound = (sound: SoundMemory): void => localStorage.setItem(soundKey, JSON.stringify(sound));

/** The language captions were last shown in; `null` when they were turned off, or never on. */
export const readCaptions = (): string | null => localStorage.getItem(captionsKey);

export function writeCaptions(language: string | null): void {
  if (language === null) localStorage.removeItem(captionsKey);
  else localStorage.setItem(captionsKey, language);
}

const isPosition = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "number";

/** True if all titles are to sound alike. */
export const readIsEven = (): boolean => localStorage.getItem(evenKey) !== "off";

export function writeIsEven(isEven: boolean): void {
  if (isEven) localStorage.removeItem(evenKey);
  else localStorage.setItem(evenKey, "off");
}

function readPositions(): Positions {
  const stored = readJson(positionsKey);
  return Array.isArray(stored) ? stored.filter(isPosition) : [];
}

/** Seconds to continue at; 0 for the beginning. */
export const positionOf = (videoId: number): number => readPositions().find(([id]) => id === videoId)?.[1] ?? 0;

export function writePosition(videoId: number, seconds: number, durationS: number): void {
  localStorage.setItem(positionsKey, JSON.stringify(remember(readPositions(), videoId, seconds, durationS)));
}

function readJson(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
