import type { Id } from "#kernel";
import type { SearchBackend } from "../backend/port.ts";
import { documentKind } from "../documents/documents.ts";

/** True if a search of a user finds their own name or one of their own videos. @throws SearchUnavailable */
export async function findsOwn(backend: SearchBackend, userId: Id, keyword: string): Promise<boolean> {
  const query = { text: keyword, filter: { ranges: { ownerId: { min: userId, max: userId } } }, isExact: true };
  const pages = await Promise.all([
    backend.find({ ...query, kind: documentKind.user, isName: true }, { offset: 0, limit: 1 }),
    backend.find({ ...query, kind: documentKind.video }, { offset: 0, limit: 1 }),
  ]);
  return pages.some(({ total }) => total > 0);
}
