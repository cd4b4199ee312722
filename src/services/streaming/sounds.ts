import type { Sound } from "#events/transcoder";
import type { z } from "zod";
import { languageName } from "#media/language";
import type { Playable } from "#services/media/contract";
import { soundProfile } from "./paths.ts";

export interface NamedSound {
  readonly profile: string;
  /** The name for viewers, unique within a film: players treat sounds of one name as one. */
  readonly name: string;
  readonly sound: z.output<typeof Sound>;
}

/** The sounds of a film, the default one first. Pure. */
export function soundsOf({
  audio,
  otherSounds,
}: Pick<z.output<typeof Playable>, "audio" | "otherSounds">): NamedSound[] {
  const sounds = [...(audio ? [{ number: 1, ...audio }] : []), ...otherSounds];
  const names = new Set<string>();
  return sounds.map((sound) => {
    const { number, language, label } = sound;
    const plain = label || (language === null ? "Audio" : languageName(language));
    const name = names.has(plain) ? `${plain} ${number}` : plain;
    names.add(name);
    return { profile: soundProfile(number), name, sound };
  });
}
