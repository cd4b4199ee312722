/** Whom one text may call at most: more is a crowd, and nobody is told. */
export const mentionsMax = 10;

/** A name after an at sign at the start, after white space or an opening bracket; no address of mail has that. */
const mention = /(?<=^|[\s([{"'“‘（【「])@([\p{L}\p{N}_.-]{3,50})/gu;

/** The user names a text calls with an at sign, each once, as written; a full stop at the end is the sentence's. Pure. */
export function mentionsIn(text: string): string[] {
  const names = new Map<string, string>();
  for (const [, written = ""] of text.matchAll(mention)) {
    const name = written.replace(/[.-]+$/, "");
    if (name.length >= 3) names.set(name.normalize("NFKC").toLowerCase(), name);
  }
  return [...names.values()].slice(0, mentionsMax);
}
