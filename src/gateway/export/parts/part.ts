import type { Language } from "#kernel";
import { arrayText } from "../json-text.ts";
import type { ExportSource } from "../source.ts";

/** A file of the export, made while it is sent. Each asks for what belongs to the user of the source alone. */
export interface ExportPart {
  readonly name: string;
  /** Its line in the README. */
  readonly about: Readonly<Record<Language, string>>;
  /** The tables whose rows of the account it has. */
  readonly tables: readonly string[];
  readonly text: (source: ExportSource) => AsyncIterable<string>;
}

type Described = Pick<ExportPart, "about" | "tables">;

/** A file with a list of rows. */
export const list = (
  name: string,
  described: Described,
  rows: (source: ExportSource) => AsyncIterable<string>,
): ExportPart => ({
  ...described,
  name: `${name}.json`,
  text: (source) => arrayText(rows(source)),
});

/** A file with one object. */
export const single = (
  name: string,
  described: Described,
  fields: (source: ExportSource) => Promise<string>,
): ExportPart => ({
  ...described,
  name: `${name}.json`,
  async *text(source) {
    yield await fields(source);
  },
});
