import { Gather, type Db as HostDb, type Id, inOrderOf, type PageInput } from "#kernel";
import { nameKey } from "#kernel/text";
import type { SearchBackend } from "../backend/port.ts";
import * as captionStore from "../captions/caption-store.ts";
import { momentsOf } from "../captions/moments.ts";
import type { Tables } from "../store.ts";
import type { Filter } from "../index/query/query.ts";
import { parse } from "../index/query/parser.ts";
import { highlights, type Stretch } from "../index/text/highlights.ts";
import { type Sought, soughtBy } from "../index/text/occurrences.ts";
import { documentKind } from "../documents/documents.ts";
import { textsOf } from "../documents/memory-store.ts";
import { pageOfIds } from "./pages.ts";

/** Units of a description that are searched for highlights. */
const describedMax = 2_000;

export interface VideoRequest {
  readonly keyword: string;
  readonly sort: "relevance" | "new" | "hot";
  /** Authors whose videos are left out. */
  readonly hidden: readonly Id[];
  /** Videos that were published before this instant are left out. */
  readonly sinceMs?: number | undefined;
  readonly minDurationMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
  readonly shape?: "wide" | "upright" | undefined;
  readonly tag?: string | undefined;
  readonly captions?: string | undefined;
  readonly author?: Id | undefined;
}

function filterOf({
  hidden,
  sinceMs,
  minDurationMs,
  maxDurationMs,
  shape,
  tag,
  captions,
  author,
}: VideoRequest): Filter {
  return {
    except: { ownerId: new Set(hidden) },
    ranges: {
      ...(sinceMs !== undefined && { publishedAt: { min: sinceMs } }),
      ...((minDurationMs !== undefined || maxDurationMs !== undefined) && {
        duration: { min: minDurationMs ?? 0, ...(maxDurationMs !== undefined && { max: maxDurationMs }) },
      }),
      ...(shape && { upright: shape === "upright" ? { min: 1, max: 1 } : { min: 0, max: 0 } }),
      ...(author !== undefined && { ownerId: { min: author, max: author } }),
    },
    keywords: {
      ...(tag !== undefined && { tag: [nameKey(tag.trim()).replace(/^#/, "")] }),
      ...(captions !== undefined && { captions: [captions.toLowerCase()] }),
    },
  };
}

const columnOf = { relevance: undefined, new: "publishedAt", hot: "plays" } as const;

interface Parts {
  readonly db: HostDb<Tables>;
  readonly backend: SearchBackend;
  readonly now: () => number;
}

/** Pages of the videos that a request finds; the texts of many requests are one statement. They throw BadCursor, SearchUnavailable. */
export function createFoundVideos({ db, backend, now }: Parts) {
  const texts = new Gather(db, async (reader, ids: readonly Id[]) =>
    inOrderOf(ids, await textsOf(reader, documentKind.video, ids), ({ id }) => id),
  );
  return async (request: VideoRequest, page: PageInput) => {
    const column = columnOf[request.sort];
    const query = {
      kind: documentKind.video,
      text: request.keyword,
      filter: filterOf(request),
      boost: { by: "playsAndFreshness" as const, nowMs: now() },
      ...(column && { sort: { column, order: "desc" as const } }),
    };
    const { ids, ...paging } = await pageOfIds(backend, query, page);
    const [ownTexts, moments] = await Promise.all([texts.all(ids), momentsIn({ db, backend }, request.keyword, ids)]);
    // Read once for all texts of the page.
    const sought = soughtBy(parse(request.keyword));
    return {
      ...paging,
      // A video that was hidden after the last update of the index has no texts any longer.
      items: ids.flatMap((videoId, place) => {
        const ownText = ownTexts[place];
        const { best = [], total = 0 } = moments.get(videoId) ?? {};
        return ownText
          ? [{ videoId, highlights: highlightsOf(ownText, sought), moments: best, momentsTotal: total }]
          : [];
      }),
    };
  };
}

const momentsMax = 3;

/** The captions of found videos that have words of the keyword. */
async function momentsIn(
  { db, backend }: { readonly db: HostDb<Tables>; readonly backend: SearchBackend },
  keyword: string,
  ids: readonly Id[],
) {
  const videoIds = await backend.withWordsInCaptions(keyword, ids);
  if (videoIds.length === 0) return new Map();
  const tracks = await captionStore.ofVideos(db, videoIds);
  return new Map(
    [...Map.groupBy(tracks, ({ videoId }) => videoId)].map(([videoId, tracksOfVideo]) => {
      const read = tracksOfVideo.map(({ language, startsMs, texts }) => ({
        language,
        startsMs: startsMs ?? [],
        texts: texts ?? [],
      }));
      const { best, total } = momentsOf(read, keyword, momentsMax);
      const moments = best.map(({ startMs: atMs, language, text, ranges }) => ({
        atMs,
        language,
        text,
        ranges: ranges.map(rangeOf),
      }));
      return [videoId, { best: moments, total }];
    }),
  );
}

const rangeOf = ([from, to, isNear]: Stretch) => ({ from, to, ...(isNear && { isNear }) });

interface Texts {
  readonly title: string;
  readonly description: string;
}

function highlightsOf(texts: Texts, sought: Sought) {
  const fields = [
    { field: "title" as const, text: texts.title },
    { field: "description" as const, text: texts.description.slice(0, describedMax) },
  ];
  return fields.flatMap(({ field, text }) => {
    const ranges = highlights(text, sought).map(rangeOf);
    return ranges.length === 0 ? [] : [{ field, ranges }];
  });
}
