import { readFile, stat } from "node:fs/promises";
import type { FileCaptions, OtherSound } from "#events/transcoder";
import type { Log } from "#kernel";
import { CaptionsRejected, captionCharactersMax, type Cue } from "#media/captions/cue";
import { parseCaptions } from "#media/captions/parse";
import { writeWebVtt } from "#media/captions/write";
import { languageName } from "#media/language";
import { captionArguments, isSurround, soundArguments, surroundArguments } from "#media/renditions/track-arguments";
import type { AudioProbe, Probe } from "#media/source/probe";
import { soundsMax } from "#media/source/selection";
import type { z } from "zod";
import type { Attempt } from "../attempt/attempt.ts";
import { keepBytes, keepTrack } from "../attempt/outputs.ts";

interface OthersParts {
  readonly attempt: Attempt;
  readonly facts: Probe;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The language and label of a sound. */
export const namesOf = ({ language, title }: AudioProbe): { language: string | null; label: string } => ({
  language: language ?? null,
  label: title ?? "",
});

/** A sound that is still to be made, and how. */
interface Planned {
  readonly sound: AudioProbe;
  readonly label?: string;
  readonly argumentsOf: typeof soundArguments;
}

/** The sounds beside the first: those of the file, and the first with all its channels. Pure. */
function plannedOf({ audio, otherAudio = [] }: Probe): Planned[] {
  const planned: Planned[] = otherAudio.map((sound) => ({ sound, argumentsOf: soundArguments }));
  if (isSurround(audio)) {
    const { title, language } = audio;
    const name = title ?? (language === undefined ? "Surround" : languageName(language));
    planned.push({ sound: audio, label: `${name} 5.1`, argumentsOf: surroundArguments });
  }
  return planned.slice(0, soundsMax - 1);
}

/** How many sounds there are beside the first. Pure. */
export const otherSoundsOf = (facts: Probe): number => plannedOf(facts).length;

/**
 * The sounds one may choose instead of the first, each by itself: a film of which one language is damaged plays all the
 * same, without it.
 */
export async function makeSounds({ attempt, facts, ...parts }: OthersParts): Promise<z.output<typeof OtherSound>[]> {
  const otherSounds: z.output<typeof OtherSound>[][] = [];
  for (const [n, { sound, argumentsOf, ...named }] of plannedOf(facts).entries()) {
    const number = n + 2;
    const path = attempt.output(`audio-${number}.mp4`);
    const make = async () => {
      // A sound need not be as long as the film.
      await attempt.runFreely("sounds", facts, argumentsOf(attempt.source, facts, sound, path));
      const { track } = await keepTrack(attempt.shelf, path);
      return [{ ...track, number, ...namesOf(sound), ...named }];
    };
    otherSounds.push(await unlessFailed("sounds", parts, make));
  }
  return otherSounds.flat();
}

/** The largest UTF-8 size of the text that is read. */
const captionBytesMax = 4 * captionCharactersMax;
/** The language of captions that name none. */
const undetermined = "und";

/** The captions inside a file, the first of each language, written anew: what is in them is as foreign as what people upload. */
export function readCaptions({ attempt, facts, ...parts }: OthersParts): Promise<z.output<typeof FileCaptions>[]> {
  const { captions = [] } = facts;
  const captionOutputs = captions.map((track) => ({
    captions: track,
    path: attempt.output(`captions-${track.index}.txt`),
  }));
  if (captionOutputs.length === 0) return Promise.resolve([]);
  return unlessFailed("captions", parts, async () => {
    await attempt.runFreely("captions", facts, captionArguments(attempt.source, facts, captionOutputs));
    const byLanguage = new Map<string, z.output<typeof FileCaptions>>();
    for (const { captions: track, path } of captionOutputs) {
      const { language = undetermined, title } = track;
      const cues = byLanguage.has(language) ? [] : await cuesOf(path);
      if (cues.length === 0) continue;
      const stored = await keepBytes(attempt.shelf.blob, Buffer.from(writeWebVtt(cues)));
      byLanguage.set(language, { language, label: title ?? nameOf(language), cues: cues.length, ...stored });
    }
    return [...byLanguage.values()];
  });
}

const nameOf = (language: string): string => (language === undetermined ? "Captions" : languageName(language));

/** None where they are too many or none can be read. */
async function cuesOf(path: string): Promise<Cue[]> {
  if ((await stat(path)).size > captionBytesMax) return [];
  try {
    return parseCaptions(await readFile(path, "utf8")).cues;
  } catch (error) {
    if (error instanceof CaptionsRejected) return [];
    throw error;
  }
}

async function unlessFailed<T>(
  what: string,
  { log, signal }: Pick<OthersParts, "log" | "signal">,
  make: () => Promise<T[]>,
): Promise<T[]> {
  try {
    return await make();
  } catch (error) {
    if (signal.aborted) throw error;
    log.warn("a part of a file could not be made", { what, err: error });
    return [];
  }
}
