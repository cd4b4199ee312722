import type { Interest, Muted } from "#base/api/types.ts";

const weights = ["muchLess", "less", "usual", "more", "muchMore"] as const;
export const weightMax = 2;

/** The key of the words for a weight from -2 to 2. Pure. */
export const weightKey = (weight: number): `yourFeed.weight.${(typeof weights)[number]}` =>
  `yourFeed.weight.${weights[Math.min(weightMax, Math.max(-weightMax, Math.round(weight))) + weightMax] ?? "usual"}`;

const lengths = ["short", "medium", "long"] as const;

/** The words for an interest: a tag, a person's name or a length; `null` where its account was deleted. Pure. */
export function interestName(
  { kind, name, author }: Pick<Interest, "kind" | "name" | "author">,
  t: (key: `yourFeed.interest.${(typeof lengths)[number]}`) => string,
): string | null {
  if (kind === "tag") return `#${name}`;
  if (kind === "author") return author && (author.nickname || author.username);
  const length = lengths.find((candidate) => candidate === name);
  return length === undefined ? null : t(`yourFeed.interest.${length}`);
}

/** The words for what is muted; `null` where its account was deleted. Pure. */
export const mutedName = ({ tag, author }: Pick<Muted, "tag" | "author">): string | null =>
  tag === null ? author && (author.nickname || author.username) : `#${tag}`;

/** How the API names what is muted. */
export interface MutedSubject {
  readonly kind: "tag" | "author";
  /** The tag, or the ID of the author. */
  readonly name: string;
}

/** The subject of a mute; `null` where its account was deleted. Pure. */
export const mutedSubject = ({ tag, author }: Pick<Muted, "tag" | "author">): MutedSubject | null =>
  tag !== null ? { kind: "tag", name: tag } : author && { kind: "author", name: String(author.id) };

/** A tag or a username as people type it, without its sign. Pure. */
export const withoutSign = (typed: string): string =>
  typed
    .trim()
    .replace(/^[#＃@＠]/u, "")
    .trim();
