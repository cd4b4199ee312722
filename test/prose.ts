/** A line of text for readers: of a comment, a test title, a file name or a document. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

/** The comments and test titles of a source file, or the lines of a document; without code in backticks. */
export function proseOf(path: string, text: string): Prose[] {
  const name = { line: 1, text: path.split("/").at(-1)?.replaceAll(/[-.]/g, " ") ?? "" };
  const sentences = path.endsWith(".md") ? linesOf(text) : [...comments(text), ...titles(text)];
  return [name, ...sentences.map((one) => ({ ...one, text: one.text.replaceAll(/`[^`]*`|\$\{[^}]*\}/g, "…") }))];
}

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

/** The lines of a document; those of its code blocks are empty. */
const linesOf = (text: string): Prose[] =>
  text
    .replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/.+/g, ""))
    .split("\n")
    .map((line, n) => ({ line: n + 1, text: line }));

/** Each line of a comment; an address such as `https://…` has no blank before its slashes. */
const comments = (text: string): Prose[] =>
  text.split("\n").flatMap((line, n) => {
    const [, comment] = /(?:^|[\s{])(?:\/\/|\/\*\*?)\s(.*)|^\s*\*\s(.*)/.exec(line)?.filter(Boolean) ?? [];
    return comment === undefined ? [] : [{ line: n + 1, text: comment.replace(/\s*\*\/$/, "") }];
  });

const titles = (text: string): Prose[] =>
  [...text.matchAll(/\b(?:it|test|describe)\(\s*(["`])((?:(?!\1)[^\\]|\\.)*)\1/g)].map((match) => ({
    line: lineAt(text, match.index + match[0].length - 1),
    text: match[2] ?? "",
  }));

export interface Refused {
  readonly word: string;
  readonly instead: string;
}

/** The refused words of the glossary, each with what is used instead. */
export function refusedWords(glossary: string): Refused[] {
  const table = glossary.split("\n## Refused words\n")[1] ?? "";
  return [...table.matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gm)]
    .slice(1)
    .flatMap(([, words = "", instead = ""]) => words.split(", ").map((word) => ({ word, instead })));
}

/** The places of refused words in a text, as `path:line: word → what to use`. */
export function refusedIn(path: string, text: string, words: readonly Refused[]): string[] {
  const patterns = words.map(({ word, instead }) => ({
    word,
    instead,
    is: new RegExp(`(?<![\\w-])${word}(?!\\w)`, "i"),
  }));
  return proseOf(path, text).flatMap((prose) =>
    patterns
      .filter(({ is }) => is.test(prose.text))
      .map(({ word, instead }) => `${path}:${prose.line}: "${word}" → ${instead}`),
  );
}
