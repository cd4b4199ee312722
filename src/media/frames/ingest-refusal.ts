/**
 * `malformed`: the bytes break their format, and nothing after them can be trusted. `unsupported`: they are well formed,
 * but of a kind that is not taken here. `too_large`: they exceed a bound.
 */
export type IngestRefusalKind = "malformed" | "unsupported" | "too_large";

/** Why bytes of a publisher are not taken; the message is a sentence for the publisher. */
export class IngestRefusal extends Error {
  override readonly name = "IngestRefusal";
  readonly kind: IngestRefusalKind;

  constructor(kind: IngestRefusalKind, sentence: string) {
    super(sentence);
    this.kind = kind;
  }
}

export const malformedRefusal = (sentence: string): IngestRefusal => new IngestRefusal("malformed", sentence);
export const unsupportedRefusal = (sentence: string): IngestRefusal => new IngestRefusal("unsupported", sentence);
export const tooLargeRefusal = (sentence: string): IngestRefusal => new IngestRefusal("too_large", sentence);
