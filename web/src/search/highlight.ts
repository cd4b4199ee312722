/** Scripts in which two adjacent characters are looked for; all others are looked for by the beginnings of words. */
const paired = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}`;
const runs = new RegExp(String.raw`[${paired}]+|(?:(?![${paired}])[\p{L}\p{M}\p{N}])+`, "gu");
const isPaired = new RegExp(`^[${paired}]`, "u");
const inWord = /[\p{L}\p{M}\p{N}]$/u;
const needlesMax = 12;

interface Part {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The needles of a search. */
function needlesOf(query: string): string[] {
  const terms = (query.toLowerCase().match(runs) ?? []).flatMap((run) => {
    const letters = [...run];
    if (!isPaired.test(run) || letters.length < 3) return [run];
    return letters.slice(0, -1).map((letter, place) => letter + (letters[place + 1] ?? ""));
  });
  return [...new Set(terms)].slice(0, needlesMax);
}

/** A text in parts: those a search found it by, and the rest; together they are the text. Pure. */
export function highlight(text: string, query: string, isAnywhere = false): Part[] {
  const folded = text.toLowerCase();
  // Where folding moves letters (İ), nothing is marked rather than something wrong.
  const marks = new Uint8Array(text.length);
  if (folded.length === text.length) {
    for (const needle of isAnywhere ? [query.trim().toLowerCase().replace(/^[@#]/, "")] : needlesOf(query)) {
      if (needle === "") continue;
      for (let at = folded.indexOf(needle); at >= 0; at = folded.indexOf(needle, at + 1)) {
        const before = folded.slice(Math.max(0, at - 2), at);
        const begins = isAnywhere || isPaired.test(needle) || !inWord.test(before) || isPaired.test(before.slice(-1));
        if (begins) marks.fill(1, at, at + needle.length);
      }
    }
  }
  const parts: Part[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at + 1;
    while (end < text.length && marks[end] === marks[at]) end++;
    parts.push({ text: text.slice(at, end), isMatch: marks[at] === 1 });
    at = end;
  }
  return parts;
}
