type Texts = Readonly<Record<string, string>>;

/*
 * The pseudo-language: English with accents, a third longer and in brackets, on mirrored pages. It shows texts that are
 * cut or not translated, and pages that know left from right, before there is a translation.
 */
const plain = "acdeghijklnorstuwyzACDEGHIJKLNORSTUWYZ";
const accented = "åçðéğĥîĵķļñöŕšţûŵýžÅÇÐÉĞĤÎĴĶĻÑÖŔŠŢÛŴÝŽ";
/** Values that are filled in, and tags, stay as they are. */
const untranslated = /(\{\{[^}]*\}\}|<[^>]*>)/;
const growth = 1 / 3;

/** These texts in the pseudo-language. */
export const pseudoTexts = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudoText(text)]));

export function pseudoText(text: string): string {
  let missing = 0;
  const longer = (words: string) =>
    words.replaceAll(/\p{L}|[^\p{L}]/gu, (character) => {
      missing += growth;
      const letter = accented[plain.indexOf(character)] ?? character;
      if (missing < 1 || !/\p{L}/u.test(letter)) return letter;
      missing--;
      return letter + letter;
    });
  const parts = text.split(untranslated).map((part, place) => (place % 2 === 0 ? longer(part) : part));
  return `[${parts.join("")}]`;
}
