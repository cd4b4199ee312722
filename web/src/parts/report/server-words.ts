import type { ModerationCase } from "#base/api/types.ts";

type Texts = Readonly<Record<string, string>>;

/** Why something waits or is watched, in the viewer's language: the server says `link`, or `word: ` and those found. Pure. */
export function heldForText(heldFor: string, texts: Texts): string {
  if (heldFor === "link") return texts["held.link"] ?? heldFor;
  const [, words] = /^word: (.+)$/s.exec(heldFor) ?? [];
  return words === undefined ? heldFor : (texts["held.word"]?.replace("{{words}}", () => words) ?? heldFor);
}

/** The reported text as it was written; of a message that is no text the server gives its kind in brackets. Pure. */
export function excerptText({ kind, excerpt }: Pick<ModerationCase, "kind" | "excerpt">, texts: Texts): string {
  if (kind !== "message") return excerpt;
  const [, shape] = /^\((picture|video|voice)\)$/.exec(excerpt) ?? [];
  return shape === undefined ? excerpt : (texts[`excerpt.${shape}`] ?? excerpt);
}
