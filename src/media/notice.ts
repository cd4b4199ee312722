/** Parts of a file that do not play: stable codes for programs, each with one sentence for its owner. */
export const notices = {
  "media.no_sound": "no sound of the file can be decoded, so it plays without sound",
  "media.sound_left_out": "a sound of the file cannot be decoded and was left out",
  "media.end_missing": "the end of the file is damaged or missing, so it ends early",
} as const;

export type Notice = keyof typeof notices;
