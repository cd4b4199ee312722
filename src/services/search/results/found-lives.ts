import type { Id, PageInput } from "#kernel";
import type { SearchBackend } from "../backend/port.ts";
import { documentKind } from "../documents/documents.ts";
import { newest, pageOfIds } from "./pages.ts";

interface LiveRequest {
  readonly keyword: string;
  readonly sort: "relevance" | "new";
  /** Owners whose rooms are left out. */
  readonly hidden: readonly Id[];
}

/** A page of the rooms that are live with the words of a request. @throws BadCursor, SearchUnavailable */
export async function foundLives(backend: SearchBackend, { keyword, sort, hidden }: LiveRequest, page: PageInput) {
  const query = {
    kind: documentKind.live,
    text: keyword,
    filter: { except: { ownerId: new Set(hidden) } },
    ...(sort === "new" && { sort: newest }),
  };
  const { ids, ...paging } = await pageOfIds(backend, query, page);
  return { ...paging, items: ids.map((liveId) => ({ liveId })) };
}
