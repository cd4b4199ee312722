/** A statement of a step, as far as the lint reads SQL. */
export interface Statement {
  /** As it was written, without comments, on one line. */
  readonly text: string;
  /** The same in lower case, with texts in quotes emptied. */
  readonly plain: string;
}

/** One at a time: a comment, a text in quotes, a text in dollars, a name in quotes, or any other character. */
const token = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[^]*?\$\1\$|"[^"]*"|[^]/g;

/** The statements of a step, split at the semicolons outside of texts. */
export function statementsOf(sql: string): Statement[] {
  const all: Statement[] = [];
  let [text, plain] = ["", ""];
  const end = () => {
    if (text.trim() !== "") all.push({ text: oneLine(text), plain: oneLine(plain).toLowerCase() });
    [text, plain] = ["", ""];
  };
  for (const [match] of sql.matchAll(token)) {
    if (match === ";") end();
    else if (match.startsWith("--") || match.startsWith("/*")) [text, plain] = [`${text} `, `${plain} `];
    else {
      text += match;
      plain += /^(?:'|\$\w*\$)/.test(match) ? "''" : match.replaceAll('"', "");
    }
  }
  end();
  return all;
}

const oneLine = (sql: string): string => sql.replaceAll(/\s+/g, " ").trim();

/** Splits at the commas outside of brackets. */
export function splitAtCommas(text: string): string[] {
  const pieces = [""];
  let depth = 0;
  for (const character of text) {
    depth += Number(character === "(") - Number(character === ")");
    if (character === "," && depth === 0) pieces.push("");
    else pieces.push(`${pieces.pop() ?? ""}${character}`);
  }
  return pieces.map((piece) => piece.trim());
}
