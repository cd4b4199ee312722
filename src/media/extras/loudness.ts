/** How loud a sound is (ITU-R BS.1770-4, EBU R 128). Null where there is nothing to measure, as of silence. */
export interface Loudness {
  /** The loudness of the whole, in LUFS. */
  readonly integratedLufs: number | null;
  /** The range between the quiet and the loud, in LU (EBU Tech 3342). */
  readonly rangeLu: number | null;
  /** In dBTP: above 0 where it was clipped. */
  readonly truePeakDbtp: number | null;
}

/** Measures and says so at its end, as {@link loudnessIn} reads it; the sound passes unchanged. */
export const loudnessFilter = "ebur128=peak=true:framelog=verbose";

/** The level that the meter counts as nothing. */
const silenceLufs = -70;

/** Reads the summary of FFmpeg's ebur128 filter; undefined where there is none. */
export function loudnessIn(messages: string): Loudness | undefined {
  const summary = messages.slice(Math.max(0, messages.lastIndexOf("Integrated loudness:")));
  const value = (name: string): number | null => {
    const text = new RegExp(`^\\s*${name}:\\s+(\\S+) (?:LUFS|LU|dBFS)`, "m").exec(summary)?.[1];
    const number = Number(text);
    return text !== undefined && Number.isFinite(number) ? number : null;
  };
  if (!summary.startsWith("Integrated loudness:")) return undefined;
  const integrated = value("I");
  if (integrated === null || integrated <= silenceLufs)
    return { integratedLufs: null, rangeLu: null, truePeakDbtp: value("Peak") };
  return { integratedLufs: integrated, rangeLu: value("LRA"), truePeakDbtp: value("Peak") };
}

/** The target of streaming services. */
const targetLufs = -14;
const peakMaxDbtp = -1;
const gainMaxDb = 12;

/** By how many decibels a player turns a sound up or down, so that all are alike and none is clipped. Pure. */
export function gainOf({ integratedLufs, truePeakDbtp }: Loudness): number {
  if (integratedLufs === null) return 0;
  const gainDb = Math.min(gainMaxDb, targetLufs - integratedLufs);
  const room = truePeakDbtp === null ? 0 : peakMaxDbtp - truePeakDbtp;
  return Math.round(10 * Math.min(gainDb, gainDb > 0 ? Math.max(0, room) : gainDb)) / 10;
}
