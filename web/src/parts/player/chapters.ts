/** A part of a film that has a name, from `start` seconds on until the next one. */
export interface Chapter {
  start: number;
  title: string;
}

/** The place of the chapter a moment belongs to; -1 where there are none. Pure. */
export const chapterAt = (chapters: readonly Chapter[], timeS: number): number =>
  chapters.findLastIndex(({ start }) => start <= timeS);

interface Piece {
  text: string;
  /** The place in the film that it leads to; `null` for words. */
  toS: number | null;
}

const time = /(?<![\d:.])(?:(\d{1,2}):(?=\d\d:\d\d))?(\d{1,3}):(\d\d)(?![\d:])/g;

/** A text in pieces, the times in it that lie within the film apart from the words around them. Pure. */
export function piecesOf(text: string, durationS: number): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(time)) {
    const [whole, hours, minutes, seconds] = match;
    const toS = 3_600 * Number(hours ?? 0) + 60 * Number(minutes) + Number(seconds);
    if (Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59) || toS >= durationS) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), toS: null });
    pieces.push({ text: whole, toS });
    from = match.index + whole.length;
  }
  return from < text.length ? [...pieces, { text: text.slice(from), toS: null }] : pieces;
}
