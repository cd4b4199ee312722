import type { Kind } from "#events/drive";
import { nameKey } from "#kernel/text";
import type { SearchDocument } from "../index/document.ts";
import { documentKind } from "./documents.ts";
import type { MemoryRow } from "./memory-store.ts";

/** Any language, each one, and each without its script and region. */
const languageKeys = (languages: readonly string[]): string[] =>
  languages.length === 0
    ? []
    : [
        ...new Set([
          "any",
          ...languages.flatMap((language) => [language.toLowerCase(), language.toLowerCase().replace(/-.*/, "")]),
        ]),
      ];

/** Kinds of files as numbers to filter by; those in snapshots are the same. */
export const fileKindNumbers: Readonly<Record<string, number>> = {
  folder: 1,
  video: 2,
  audio: 3,
  image: 4,
  other: 5,
} satisfies Record<Kind, number>;

/** The document of a row in the index. Pure. */
export function indexDocument(row: MemoryRow, version: number): SearchDocument {
  const { kind, id, ownerId, title, nickname } = row;
  if (kind === documentKind.user)
    return {
      kind,
      id,
      version,
      // Equal names count once.
      fields: { names: nameKey(title) === nameKey(nickname) ? title : `${title}\n${nickname}` },
      numbers: { ownerId: id, followers: row.followers },
    };
  if (kind === documentKind.file) {
    const fileKind = fileKindNumbers[row.tags[0] ?? ""];
    return { kind, id, version, fields: { names: title }, scope: ownerId, numbers: { ...(fileKind && { fileKind }) } };
  }
  if (kind === documentKind.hashtag) return { kind, id, version, fields: { names: title } };
  const author = row.authorNames ?? "";
  if (kind === documentKind.live)
    return { kind, id, version, fields: { title, author, description: row.description }, numbers: { ownerId } };
  const tags = [...row.tags, ...row.hashtags];
  return {
    kind,
    id,
    version,
    fields: {
      title,
      // A line of its own each, so that no phrase reaches from one into the next.
      tags: [...row.tags, ...row.hashtags.map((tag) => `#${tag}`)].join("\n"),
      author,
      description: row.description,
      captions: row.captions ?? "",
    },
    numbers: {
      ownerId,
      publishedAt: row.publishedAtMs,
      plays: row.plays,
      ...(row.durationMs !== null && { duration: row.durationMs }),
      ...(row.isUpright !== null && { upright: row.isUpright ? 1 : 0 }),
    },
    keywords: { tag: [...new Set(tags.map(nameKey))], captions: languageKeys(row.captionLanguages ?? []) },
  };
}
