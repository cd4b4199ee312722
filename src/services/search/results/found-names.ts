import type { Id, PageInput } from "#kernel";
import type { SearchBackend } from "../backend/port.ts";
import { documentKind } from "../documents/documents.ts";
import { newest, pageOfIds } from "./pages.ts";

interface NameRequest {
  readonly keyword: string;
  readonly sort: "relevance" | "new";
}

/** A page of the users with the words of a request in their names. @throws BadCursor, SearchUnavailable */
export async function foundUsers(
  backend: SearchBackend,
  { keyword, sort, hidden }: NameRequest & { readonly hidden: readonly Id[] },
  page: PageInput,
) {
  const query = {
    kind: documentKind.user,
    text: keyword,
    isName: true,
    filter: { except: { ownerId: new Set(hidden) } },
    boost: { by: "followers" as const },
    ...(sort === "new" && { sort: newest }),
  };
  const { ids, ...paging } = await pageOfIds(backend, query, page);
  return { ...paging, items: ids.map((userId) => ({ userId })) };
}

/** A page of the hashtags with the words of a request in their names. @throws BadCursor, SearchUnavailable */
export async function foundHashtags(backend: SearchBackend, { keyword, sort }: NameRequest, page: PageInput) {
  const query = { kind: documentKind.hashtag, text: keyword, isName: true, ...(sort === "new" && { sort: newest }) };
  const { ids, ...paging } = await pageOfIds(backend, query, page);
  return { ...paging, items: ids.map((hashtagId) => ({ hashtagId })) };
}
