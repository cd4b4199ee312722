/** The documents that a query finds, by their place, with their scores. */
export type Matches = ReadonlyMap<number, number>;

/** The evaluation of queries on one index, for those parts of the language that contain queries. */
export interface Evaluation {
  of(query: unknown): Matches;
  /** Numbers and keywords of a document in a field. */
  values(document: number, field: string): readonly (number | string)[];
  /** The name of a mapped field of one of these types. @throws Refusal for another */
  fieldOf(name: string, ...types: readonly string[]): string;
}
