/** How a composed row is written: the row's own fields first, then those of each part. */
export interface RowLayout {
  /** An object with every field and no values, to be copied. */
  readonly blank: Readonly<Record<string, unknown>>;
  readonly pieces: readonly {
    readonly names: readonly string[];
    /** The JSON of a piece without its braces. */
    readonly write: (piece: object, base: string) => string;
  }[];
}

/** A row of an answer as its pieces, which are not merged only to be written. */
export class ComposedRow {
  readonly #layout: RowLayout;
  readonly #pieces: readonly object[];

  constructor(layout: RowLayout, pieces: readonly object[]) {
    this.#layout = layout;
    this.#pieces = pieces;
  }

  /** Its JSON without the braces, with `base` before paths. */
  writeFields(base: string): string {
    let text = "";
    for (const [n, { write }] of this.#layout.pieces.entries()) {
      const piece = write(this.#pieces[n] ?? {}, base);
      if (piece !== "") text += text === "" ? piece : `,${piece}`;
    }
    return text;
  }

  /** One object with all its fields, hidden ones of the view's base included. */
  flat(): Record<string, unknown> {
    const row = { ...this.#layout.blank };
    for (const [n, { names }] of this.#layout.pieces.entries()) {
      const piece = this.#pieces[n];
      const source = (piece instanceof ComposedRow ? piece.flat() : piece) as Record<string, unknown>; // Its schema has these names.
      for (const name of names) row[name] = source[name];
    }
    return row;
  }
}
