/** How the pieces of a row are written and put together: its own fields first, then what each part adds. */
export interface Spelling {
  /** An object with every field and nothing in them, to be copied. */
  readonly blank: Readonly<Record<string, unknown>>;
  readonly pieces: readonly {
    readonly names: readonly string[];
    /** The JSON of a piece without its braces. */
    readonly text: (piece: object, base: string) => string;
  }[];
}

/** A row of an answer as its pieces, which are not copied together only to be written out again. */
export class Whole {
  readonly #spelling: Spelling;
  readonly #pieces: readonly object[];

  constructor(spelling: Spelling, pieces: readonly object[]) {
    this.#spelling = spelling;
    this.#pieces = pieces;
  }

  /** Its JSON without the braces, with `base` before paths. */
  text(base: string): string {
    let written = "";
    for (const [n, spelt] of this.#spelling.pieces.entries()) {
      const piece = spelt.text(this.#pieces[n] ?? {}, base);
      if (piece !== "") written += written === "" ? piece : `,${piece}`;
    }
    return written;
  }

  /** One object with all its fields, those of `view`'s base that are for composing only among them. */
  flat(): Record<string, unknown> {
    const whole = { ...this.#spelling.blank };
    for (const [n, { names }] of this.#spelling.pieces.entries()) {
      const piece = this.#pieces[n];
      const source = (piece instanceof Whole ? piece.flat() : piece) as Record<string, unknown>; // Its schema has these names.
      for (const name of names) whole[name] = source[name];
    }
    return whole;
  }
}
