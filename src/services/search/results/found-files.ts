import type { Kind } from "#events/drive";
import type { Db as HostDb, Id, PageInput } from "#kernel";
import type { SearchBackend } from "../backend/port.ts";
import { nameHighlights } from "../index/text/name-highlights.ts";
import type { Tables } from "../store.ts";
import { documentKind } from "../documents/documents.ts";
import * as fileStore from "../documents/file-store.ts";
import { fileKindNumbers } from "../documents/index-document.ts";
import { newest, pageOfIds } from "./pages.ts";

interface FileRequest {
  readonly keyword: string;
  readonly sort: "relevance" | "new";
  readonly kind?: Kind | undefined;
  /** The user whose files are searched. */
  readonly userId: Id;
}

/** A page of a user's own files with the words of a request in their names. @throws BadCursor */
export async function foundFiles(
  { db, backend }: { readonly db: HostDb<Tables>; readonly backend: SearchBackend },
  { keyword, sort, kind, userId }: FileRequest,
  page: PageInput,
) {
  const kindNumber = kind && fileKindNumbers[kind];
  const query = {
    kind: documentKind.file,
    text: keyword,
    scope: userId,
    ...(kindNumber !== undefined && { filter: { ranges: { fileKind: { min: kindNumber, max: kindNumber } } } }),
    ...(sort === "new" && { sort: newest }),
  };
  const { ids, ...paging } = await pageOfIds(backend, query, page);
  const names = await fileStore.namesOf(db, userId, ids);
  return {
    ...paging,
    // A file that was trashed after the last update of the index has no name any longer.
    items: ids.flatMap((entryId) => {
      const name = names.get(entryId);
      if (name === undefined) return [];
      return [{ entryId, highlights: nameHighlights(name, keyword).map(([from, to]) => ({ from, to })) }];
    }),
  };
}
