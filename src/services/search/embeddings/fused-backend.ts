import type { Id } from "#kernel";
import type { KindQuery, Place, SearchBackend, Slice } from "../backend/port.ts";
import { documentKind } from "../documents/documents.ts";
import { parse } from "../index/query/parser.ts";
import { fusion } from "./fusion.ts";

/** As many of each list are fused; what has the words and stands behind them follows in its own order. */
const fusedMax = 100;
const totalMax = 1_001;

/** The videos that are nearest to a search term in meaning, the nearest first. */
export type NearVideos = (term: string) => Promise<readonly Id[]>;

/**
 * Searches for videos by relevance find videos that have the words, and videos of a similar meaning: two orders, fused
 * by rank. Other searches go to the backend alone: sorted ones have no ranks to fuse, and a quoted phrase asks for
 * exact words.
 */
export function createFusedBackend(backend: SearchBackend, near: NearVideos): SearchBackend {
  /** The near videos that the filter of a query allows. */
  async function nearOf({ kind, text = "", filter }: KindQuery): Promise<Id[]> {
    const ids = await near(text);
    if (ids.length === 0) return [];
    const among = { kind, filter: { ...filter, only: new Set(ids) } };
    const { places } = await backend.find(among, { offset: 0, limit: ids.length });
    const findable = new Set(places.map(({ id }) => id));
    return ids.filter((id) => findable.has(id)).slice(0, fusedMax);
  }

  return {
    ...backend,
    async find(query, slice) {
      if (!isFused(query)) return backend.find(query, slice);
      const [worded, nearIds] = await Promise.all([backend.find(query, { offset: 0, limit: fusedMax }), nearOf(query)]);
      const ids = worded.places.map(({ id }) => id);
      const wordedIds = new Set(ids);
      const added = new Set(nearIds.filter((id) => !wordedIds.has(id)));
      const fused = fusion([ids, nearIds]);
      const start = startOf(fused, slice);
      const first = start === undefined ? [] : fused.slice(start, start + slice.limit);
      const head = first.map((id, n) => fusedPlace(id, (start ?? 0) + n));
      const total = Math.min(worded.total + added.size, totalMax);
      const missing = slice.limit - head.length;
      const last = worded.places.at(-1);
      if (missing === 0 || ids.length < fusedMax || !last) return { places: head, total };
      const tail = await backend.find(query, {
        after: start === undefined && slice.after ? slice.after : last,
        offset: start === undefined ? slice.offset : Math.max(0, start - fused.length),
        limit: missing + added.size,
      });
      return { places: [...head, ...tail.places.filter(({ id }) => !added.has(id)).slice(0, missing)], total };
    },
  };
}

/** Fused places have ranks below 0, so that they differ from those of the backend. */
const fusedPlace = (id: Id, index: number): Place => ({ id, rank: -index - 1 });

/** The index of a page's first place among the fused ones; undefined if the page begins behind them. Pure. */
function startOf(fused: readonly Id[], { after, offset }: Slice): number | undefined {
  if (!after) return offset;
  if (after.rank >= 0) return undefined;
  const index = fused.indexOf(after.id);
  // The video was on the page before, and may have lost its words or its similarity since.
  return offset + (index < 0 ? -after.rank : index + 1);
}

function isFused({ kind, text, sort, isExact = false }: KindQuery): boolean {
  if (kind !== documentKind.video || text === undefined || sort || isExact) return false;
  const concepts = parse(text);
  return concepts.some(({ isRequired }) => isRequired) && concepts.every((concept) => concept.kind !== "phrase");
}
