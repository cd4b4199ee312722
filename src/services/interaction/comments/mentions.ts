/** Users that one text may mention; further mentions notify nobody. */
export const mentionsMax = 10;

/**
 * A name after an at sign. Before it stands nothing, a blank, an opening bracket, punctuation, an emoji, or a letter of a
 * script without spaces; no address of mail or of the web has that.
 */
const mention =
  /(?<=^|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\s\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F([{"'“‘（【「《,!?:;…，。！？：；、])[@＠]([\p{L}\p{M}\p{N}_.-]{3,50})/gu;

/** The user names a text mentions with an at sign, each once, as written; a full stop at the end is the sentence's. Pure. */
export function mentionsIn(text: string): string[] {
  const names = new Map<string, string>();
  for (const [, written = ""] of text.matchAll(mention)) {
    const name = written.replace(/[.-]+$/, "");
    if (name.length >= 3) names.set(name.normalize("NFKC").toLowerCase(), name);
  }
  return [...names.values()].slice(0, mentionsMax);
}
