/** One caption. Its text is WebVTT cue text (§4.2.2) made of what is allowed here alone. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  /** The position, such as `line:10% align:start`; empty for the usual place. */
  readonly settings: string;
  readonly text: string;
}

/** Why a text cannot become captions: stable codes for programs, each with a sentence for people. */
export const captionFaults = {
  "captions.unreadable": "this is neither WebVTT nor SubRip: no line of it says when it is shown",
  "captions.too_large": "there are more than 20,000 captions, or more than 1,000,000 characters",
} as const;

export class CaptionsRejected extends Error {
  override readonly name = "CaptionsRejected";
  readonly code: keyof typeof captionFaults;

  constructor(code: keyof typeof captionFaults) {
    super(captionFaults[code]);
    this.code = code;
  }
}

export const captionCharactersMax = 1_000_000;
export const cuesMax = 20_000;
/** The text of a caption is cut after this: viewers cannot read a page at once. */
export const cueCharactersMax = 4_000;
