/** A part of a user's text: plain words, a hashtag or a user's name, each as written. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tag" | "user"; readonly text: string; readonly name: string };

const token = /[#＃](?<tag>[\p{L}\p{M}\p{N}_]+)[#＃]?|[@＠](?<user>[\p{L}\p{M}\p{N}_.-]{3,50})/gu;
const beforeTag = /[\p{Script=Latin}\p{N}_&/]$/u;
// As the server finds mentions.
const beforeUser =
  /(?:^|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\s\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F([{"'“‘（【「《,!?:;…，。！？：；、])$/u;
const han = /\p{Script=Han}/u;
const tagLettersMax = 50;

/** Hashtags and names in a text, in the order it has them; together the pieces are the text. Pure. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  /** The end of the last hashtag: the next one may follow it without a space. */
  let tagEnd = -1;
  const add = (piece: Piece, start: number, end: number) => {
    if (start > done) pieces.push({ kind: "text", text: text.slice(done, start) });
    pieces.push(piece);
    done = end;
  };
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const { index, groups: { tag, user } = {} } = match;
    const before = text.slice(Math.max(0, index - 2), index);
    if (tag !== undefined) {
      // `#话题#` marks its end; in other scripts the second sign begins a hashtag of its own.
      const isClosed = /[#＃]$/.test(match[0]) && han.test(tag);
      const end = index + 1 + tag.length + (isClosed ? 1 : 0);
      token.lastIndex = end;
      const isOne = /\p{L}/u.test(tag) && [...tag].length <= tagLettersMax;
      if (!isOne || (tagEnd !== index && beforeTag.test(before))) continue;
      add({ kind: "tag", text: text.slice(index, end), name: tag.normalize("NFKC") }, index, end);
      tagEnd = isClosed ? -1 : end;
    } else if (user !== undefined && beforeUser.test(before)) {
      const name = user.replace(/[.-]+$/, "");
      const end = index + 1 + name.length;
      if (name.length >= 3) add({ kind: "user", text: text.slice(index, end), name }, index, end);
    }
  }
  if (done < text.length) pieces.push({ kind: "text", text: text.slice(done) });
  return pieces;
}
