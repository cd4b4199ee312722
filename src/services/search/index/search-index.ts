import type { DocumentKey, FieldName, SearchDocument } from "./document.ts";
import { type Correction, correctionOf } from "./query/correction.ts";
import type { SearchQuery, SearchResult } from "./query/query.ts";
import { searchSegments } from "./query/run.ts";
import { StatisticsByKind } from "./query/statistics.ts";
import { documentsWith } from "./query/words.ts";
import { segmentOf } from "./segment/builder.ts";
import { mergeSegments } from "./segment/merge.ts";
import { defaultMergePolicy, largeMerge, type MergePolicy, smallMerge } from "./segment/merge-policy.ts";
import { PendingMerge } from "./segment/pending-merge.ts";
import type { Segment } from "./segment/segment.ts";
import { keywordTerm } from "./segment/terms.ts";

/** A document that was removed: no version up to this one brings it back. */
export interface Tombstone extends DocumentKey {
  readonly version: number;
}

/** All that an index holds; what is written to a snapshot. */
export interface IndexState {
  readonly segments: readonly Segment[];
  readonly tombstones: readonly Tombstone[];
}

interface Change {
  readonly key: DocumentKey;
  readonly version: number;
  /** Undefined where it is removed. */
  readonly document: SearchDocument | undefined;
}

/**
 * An index in memory: segments that never change, and changes that wait for `refresh`. Changes of a document may come in any
 * order and more than once: the highest version counts, and a removal before an addition of the same version.
 */
export class SearchIndex {
  #segments: Segment[];
  readonly #tombstones: Map<string, Tombstone>;
  readonly #pending = new Map<string, Change>();
  readonly #statistics = new StatisticsByKind();
  readonly #policy: MergePolicy;
  /** A merge that is done elsewhere. */
  #pendingMerge: PendingMerge | undefined;

  constructor({ segments, tombstones }: IndexState = { segments: [], tombstones: [] }, policy = defaultMergePolicy) {
    this.#policy = policy;
    this.#segments = [...segments];
    this.#tombstones = new Map(tombstones.map((tombstone) => [keyOf(tombstone), tombstone]));
    for (const segment of segments)
      for (let document = 0; document < segment.size; document++)
        if (segment.isLive(document)) this.#statistics.add(segment, document, 1);
  }

  /**
   * Adds or replaces a document, to be found after the next refresh; false where a version as high is known.
   * @throws RangeError for a key or a scope that is none, and for a scope with texts beside names
   */
  put(document: SearchDocument): boolean {
    const { kind, id, version } = document;
    assertKey(document, version);
    assertScope(document);
    if (version <= this.#versionOf({ kind, id })) return false;
    this.#pending.set(keyOf(document), { key: { kind, id }, version, document });
    return true;
  }

  /** Removes a document with the next refresh, also one that is not here yet; false where it is known to be removed. */
  remove(key: DocumentKey, version: number): boolean {
    assertKey(key, version);
    const currentVersion = this.#versionOf(key);
    if (version < currentVersion || (version === currentVersion && this.#isRemoved(key))) return false;
    this.#pending.set(keyOf(key), { key: { kind: key.kind, id: key.id }, version, document: undefined });
    return true;
  }

  /** Makes changes visible: time grows with the changes alone, and with small segments that become one. */
  refresh(): void {
    if (this.#pending.size === 0) return;
    const documents: SearchDocument[] = [];
    for (const [name, { key, version, document }] of this.#pending) {
      this.#deleteLive(key);
      if (document) {
        this.#tombstones.delete(name);
        documents.push(document);
      } else this.#tombstones.set(name, { ...key, version });
    }
    this.#pending.clear();
    if (documents.length > 0) {
      const segment = segmentOf(documents);
      for (let document = 0; document < segment.size; document++) this.#statistics.add(segment, document, 1);
      this.#segments.push(segment);
    }
    this.#mergeSmall();
  }

  /** Merges all segments into one without deleted documents: seconds for 100,000 documents. */
  compact(): void {
    this.refresh();
    // The segments of a pending merge no longer exist after this.
    this.#pendingMerge = undefined;
    const [only] = this.#segments;
    if (this.#segments.length > 1 || (only && only.liveCount < only.size)) this.#replace(this.#segments);
  }

  /**
   * Large segments to be merged elsewhere while this index goes on: undefined where there are none, or one merge is not
   * ended. No refresh merges them meanwhile.
   */
  beginMerge(): PendingMerge | undefined {
    if (this.#pendingMerge) return undefined;
    const originals = largeMerge(this.#segments, this.#policy);
    if (originals.length === 0) return undefined;
    this.#pendingMerge = new PendingMerge(originals);
    return this.#pendingMerge;
  }

  /**
   * Replaces the segments of a merge by the merged one, without documents that were deleted or replaced during the
   * merge.
   */
  endMerge(pending: PendingMerge, merged: Segment): void {
    if (pending !== this.#pendingMerge) return;
    pending.catchUp(merged);
    this.#replace(pending.originals, merged);
    this.#pendingMerge = undefined;
    this.#mergeSmall();
  }

  cancelMerge(pending: PendingMerge): void {
    if (pending === this.#pendingMerge) this.#pendingMerge = undefined;
  }

  search(query: SearchQuery): SearchResult {
    return searchSegments(this.#segments, this.#statistics.of(query.kinds), query);
  }

  /** The query in the spelling of the documents of these kinds, where words of it are in none. */
  correction(query: string, kinds?: readonly number[]): Correction | undefined {
    return correctionOf(this.#segments, query, kinds);
  }

  /** True if a document of a kind has a text in a field. */
  has(kind: number, field: FieldName): boolean {
    return this.#statistics.countFilled(kind, field) > 0;
  }

  /** How many documents of a kind have a keyword. */
  countOf(kind: number, name: string, value: string): number {
    return documentsWith(this.#segments, keywordTerm(name, value), [kind]);
  }

  /** Live documents of all kinds. */
  get size(): number {
    return this.#segments.reduce((sum, { liveCount }) => sum + liveCount, 0);
  }
  get segments(): readonly Segment[] {
    return this.#segments;
  }
  /** Without the changes that wait for a refresh. */
  get state(): IndexState {
    return { segments: this.#segments, tombstones: [...this.#tombstones.values()] };
  }
  get byteLength(): number {
    return this.#segments.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  #versionOf(key: DocumentKey): number {
    const name = keyOf(key);
    const latest = this.#pending.get(name) ?? this.#tombstones.get(name);
    if (latest) return latest.version;
    for (const segment of this.#segments) {
      const document = segment.find(key.kind, key.id);
      if (document >= 0 && segment.isLive(document)) return segment.arrays.versions[document] ?? 0;
    }
    return Number.NEGATIVE_INFINITY;
  }

  #isRemoved(key: DocumentKey): boolean {
    const pending = this.#pending.get(keyOf(key));
    return pending ? pending.document === undefined : this.#tombstones.has(keyOf(key));
  }

  #deleteLive({ kind, id }: DocumentKey): void {
    for (const segment of this.#segments) {
      const document = segment.find(kind, id);
      if (document < 0 || !segment.isLive(document)) continue;
      this.#statistics.add(segment, document, -1);
      segment.delete(document);
    }
  }

  #mergeSmall(): void {
    for (;;) {
      const free = this.#segments.filter((segment) => !this.#pendingMerge?.originals.includes(segment));
      const some = smallMerge(free, this.#policy);
      if (some.length === 0) return;
      this.#replace(some);
    }
  }

  #replace(segments: readonly Segment[], replacement = mergeSegments(segments)): void {
    this.#segments = this.#segments.filter((segment) => !segments.includes(segment));
    if (replacement.liveCount > 0) this.#segments.push(replacement);
  }
}

function assertKey({ kind, id }: DocumentKey, version: number): void {
  const isKey = Number.isSafeInteger(id) && id > 0 && Number.isInteger(kind) && kind >= 0 && kind < 256;
  if (!isKey || Number.isNaN(version)) throw new RangeError(`${kind} ${id} ${version} is no key and version`);
}

function assertScope({ scope, fields, keywords }: SearchDocument): void {
  if (scope === undefined) return;
  const hasNamesAlone = keywords === undefined && Object.keys(fields).every((name) => name === "names");
  if (!Number.isSafeInteger(scope) || scope <= 0 || !hasNamesAlone)
    throw new RangeError("a scope is a positive integer, and its documents have names alone");
}

const keyOf = ({ kind, id }: DocumentKey): string => `${kind} ${id}`;
