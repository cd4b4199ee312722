import { stat } from "node:fs/promises";
import { compatibility } from "#media/renditions/compatible";
import {
  audibleBytesMin,
  type Checked,
  checkedPlaces,
  decodeArguments,
  isNoise,
  sampleArguments,
} from "#media/source/decode-check";
import type { Notice } from "#media/notice";
import type { AudioProbe, Probe, VideoProbe } from "#media/source/probe";
import { MediaRejected } from "#media/rejection";
import { isVerdict, type RunFailed } from "#media/process/run";
import type { Attempt } from "../attempt/attempt.ts";
import type { SpeculativeWork } from "./speculative-work.ts";

type Decoder = Pick<Attempt, "source" | "output" | "runFreely" | "runEarly">;

/** The picture where it would be published as it is, for an encode shows of itself what it is worth, and all sounds. Pure. */
function checkedOf(facts: Probe): Checked {
  const { video, audio, otherAudio = [] } = facts;
  return {
    video: compatibility(facts).video === "copy" ? video : undefined,
    sounds: audio === undefined ? [] : [audio, ...otherAudio],
  };
}

const isNothing = ({ video, sounds }: Checked): boolean => video === undefined && sounds.length === 0;

/** Decodes something of what likely is published, while its packets are still counted. */
export function checkEarly(attempt: Decoder, likely: Probe, speculativeWork: SpeculativeWork): void {
  const checked = checkedOf(likely);
  if (isNothing(checked)) return;
  const args = decodeArguments(attempt.source, likely, checked, checkedPlaces);
  speculativeWork.begin(args, (givenUp) => attempt.runEarly("probe", likely, args, givenUp));
}

/**
 * The facts of a source after something of it was decoded: a picture with a damaged key frame is encoded, at which players
 * would end, and sounds that are noise are left out. @throws MediaRejected when nothing is left
 */
export async function decodable(attempt: Decoder, facts: Probe, speculativeWork: SpeculativeWork): Promise<Probe> {
  const checked = checkedOf(facts);
  if (isNothing(checked)) return facts;
  const args = decodeArguments(attempt.source, facts, checked, checkedPlaces);
  const isWhole = async () => {
    if (!(await speculativeWork.endedWith(args))) await attempt.runFreely("probe", facts, args);
  };
  if ((await failureOf(isWhole())) === undefined) return facts;
  const { video, sounds } = checked;
  const withPicture = video === undefined ? facts : await pictureChecked(attempt, facts, video);
  return sounds.length === 0 ? withPicture : soundsChecked(attempt, withPicture, sounds);
}

async function pictureChecked(attempt: Decoder, facts: Probe, video: VideoProbe): Promise<Probe> {
  const failures = await failuresOf(attempt, facts, { video, sounds: [] });
  if (failures.every((failure) => failure !== undefined && isNoise(failure.messages)))
    throw new MediaRejected("media.unreadable", { cause: failures[0] });
  return failures.some((failure) => failure !== undefined) ? { ...facts, video: { ...video, isDamaged: true } } : facts;
}

async function soundsChecked(attempt: Decoder, facts: Probe, sounds: readonly AudioProbe[]): Promise<Probe> {
  const audible: AudioProbe[] = [];
  for (const sound of sounds) if (await isAudible(attempt, facts, sound)) audible.push(sound);
  if (audible.length === sounds.length) return facts;
  const { audio: _first, otherAudio: _others, ...silentFacts } = facts;
  const [audio, ...otherAudio] = audible;
  if (audio === undefined && facts.video === undefined) throw new MediaRejected("media.unreadable");
  const notice: Notice = audio === undefined ? "media.no_sound" : "media.sound_left_out";
  return {
    ...silentFacts,
    ...(audio !== undefined && { audio, otherAudio }),
    notices: [...new Set([...(facts.notices ?? []), notice])],
  };
}

/** True if a sound is intact in at least one place, or damaged but audible. */
async function isAudible(attempt: Decoder, facts: Probe, sound: AudioProbe): Promise<boolean> {
  const failures = await failuresOf(attempt, facts, { video: undefined, sounds: [sound] });
  if (failures.includes(undefined)) return true;
  const path = attempt.output(`sample-${sound.index}.raw`);
  await failureOf(attempt.runFreely("probe", facts, sampleArguments(attempt.source, facts, sound, path)));
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  return size >= audibleBytesMin;
}

/** The decoder's failure at each checked place of the film. */
async function failuresOf(attempt: Decoder, facts: Probe, checked: Checked): Promise<(RunFailed | undefined)[]> {
  const failures: (RunFailed | undefined)[] = [];
  for (const place of checkedPlaces)
    failures.push(
      await failureOf(attempt.runFreely("probe", facts, decodeArguments(attempt.source, facts, checked, [place]))),
    );
  return failures;
}

/** The decoder's verdict against the file. @throws any other failure of the run */
async function failureOf(running: Promise<void>): Promise<RunFailed | undefined> {
  try {
    await running;
    return undefined;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (isVerdict(cause)) return cause;
    throw error;
  }
}
