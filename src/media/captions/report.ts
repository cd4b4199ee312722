/** Why a part of a captions file is not shown: stable codes for programs, each with a sentence for people. */
export const omissions = {
  "captions.time_unreadable": "its time cannot be read",
  "captions.ends_before_begin": "it ends before it begins",
  "captions.empty": "it has no text",
  "captions.text_cut": "its text is longer than 4,000 characters, and was cut",
} as const;

/** A part of a file that was left out. */
export interface Omission {
  readonly code: keyof typeof omissions;
  /** Counts from 1. */
  readonly line: number;
}
