import { PostingsWriter, sortedColumns } from "./builder.ts";
import { Dictionary } from "./dictionary.ts";
import { mergedTerms } from "./merged-terms.ts";
import { PostingsReader } from "./postings.ts";
import { fieldCount, Segment } from "./segment.ts";
import { hasPositions } from "./terms.ts";

/** The place of each document of a segment in the merged one; -1 for a deleted document. */
type Places = Int32Array;

/** Merges the live documents of several segments into one. */
export function mergeSegments(segments: readonly Segment[]): Segment {
  const origins = segments.flatMap((segment, source) =>
    Array.from(segment.arrays.ids, (id, document) => ({
      id,
      kind: segment.arrays.kinds[document] ?? 0,
      source,
      document,
    })),
  );
  const live = origins
    .filter(({ source, document }) => segments[source]?.isLive(document) === true)
    .toSorted((a, b) => a.kind - b.kind || a.id - b.id);
  const count = live.length;
  const places = segments.map(({ size }) => new Int32Array(size).fill(-1));
  const versions = new Float64Array(count);
  const lengths = new Uint16Array(count * fieldCount);
  const columns = new Map<string, Float64Array>();
  for (const [n, { source, document }] of live.entries()) {
    const placesOfSource = places[source];
    if (placesOfSource) placesOfSource[document] = n;
    const arrays = segments[source]?.arrays;
    versions[n] = arrays?.versions[document] ?? 0;
    for (let field = 0; field < fieldCount; field++)
      lengths[field * count + n] = arrays?.lengths[field * arrays.ids.length + document] ?? 0;
    for (const [name, values] of arrays?.columns ?? []) {
      const column = columns.get(name) ?? new Float64Array(count).fill(Number.NaN);
      columns.set(name, column);
      column[n] = values[document] ?? Number.NaN;
    }
  }
  return new Segment({
    kinds: Uint8Array.from(live, ({ kind }) => kind),
    ids: Float64Array.from(live, ({ id }) => id),
    versions,
    lengths,
    columns: sortedColumns(columns),
    ...mergedPostings(segments, places),
  });
}

interface Entry {
  readonly document: number;
  readonly source: Segment;
  readonly postings: readonly [from: number, to: number];
  readonly positions: readonly [from: number, to: number];
}

/** Terms whose documents were all deleted are left out. */
function mergedPostings(segments: readonly Segment[], places: readonly Places[]) {
  const writer = new PostingsWriter();
  const terms: string[] = [];
  for (const { term, places: inSegments } of mergedTerms(segments.map(({ arrays }) => arrays.dictionary))) {
    const isPlaced = hasPositions(term);
    const entries = inSegments.flatMap(({ source, number }) => {
      const [segment, placesOfSource] = [segments[source], places[source]];
      return segment && placesOfSource ? entriesOf(segment, number, placesOfSource, isPlaced) : [];
    });
    if (entries.length === 0) continue;
    terms.push(term);
    for (const { document, source, postings, positions } of entries.toSorted((a, b) => a.document - b.document)) {
      writer.document(document);
      writer.postings.copy(source.arrays.postings, ...postings);
      writer.positions.copy(source.arrays.positions, ...positions);
    }
    writer.endTerm();
  }
  return { dictionary: Dictionary.of(terms), ...writer.take() };
}

function entriesOf(source: Segment, number: number, places: Places, isPlaced: boolean): Entry[] {
  const entries: Entry[] = [];
  const reader = new PostingsReader(source.arrays, number);
  let positionAt = source.arrays.positionStarts[number] ?? 0;
  while (reader.next()) {
    const postings = [reader.fieldsFrom, reader.fieldsTo] as const;
    const positionsFrom = positionAt;
    if (isPlaced) positionAt = reader.passPositions();
    const document = places[reader.document] ?? -1;
    if (document >= 0) entries.push({ document, source, postings, positions: [positionsFrom, positionAt] });
  }
  return entries;
}
