/** A text in the form that is searched, with the way back to the offsets of its source. */
export interface Folded {
  readonly text: string;
  /** The source offsets of the characters behind each unit; undefined if every unit is at its own offset. */
  readonly starts: ArrayLike<number> | undefined;
  readonly ends: ArrayLike<number> | undefined;
}

/** More marks on one character than this are left out: ordering them takes time that grows with the square. */
const marksMax = 30;
const clustersMax = 10_000;

/**
 * NFKC and lower case, Latin, Greek, Arabic and Hebrew letters without their marks. The text is folded cluster by cluster
 * (a character with what composes with it), so that each unit has its place in the source. Pure.
 */
export function fold(source: string): Folded {
  let at = 0;
  while (at < source.length && isStable(source, at)) at++;
  // Lower case moves no offset where only ASCII has it.
  if (at === source.length) return { text: source.toLowerCase(), starts: undefined, ends: undefined };
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "";
  for (at = 0; at < source.length; ) {
    const end = isStable(source, at) ? at + 1 : clusterEnd(source, at);
    const folded = foldCluster(source.slice(at, end));
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(at);
      ends.push(end);
    }
    text += folded;
    at = end;
  }
  return { text, starts, ends };
}

/** The source offsets of a part of the folded text. */
export const sourceStart = ({ starts }: Folded, from: number): number => starts?.[from] ?? from;
export const sourceEnd = ({ ends }: Folded, to: number): number => (to === 0 ? 0 : (ends?.[to - 1] ?? to));

/** True if folding changes nothing of a unit but the case of ASCII. */
function isStable(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const isPlain =
    code < 0x80 || (code >= 0x4e00 && code < 0xa000) || (code >= 0x3041 && code < 0x3097) || isSyllable(code);
  return isPlain && (at + 1 >= text.length || !extends_(text.charCodeAt(at + 1)));
}
const isSyllable = (code: number): boolean => code >= 0xac00 && code < 0xd7a4;

const isMark = /^\p{M}$/u;
/** True if a unit may compose with the one before it: marks, Hangul jamo, voice marks of half-width kana. */
function extends_(code: number): boolean {
  if (code < 0x300) return false;
  if (code >= 0x1160 && code < 0x1200) return true;
  if (code === 0xff9e || code === 0xff9f) return true;
  // The common characters without marks, before the regular expression.
  if ((code >= 0x3400 && code < 0xa000) || (code >= 0xac00 && code < 0xe000)) return false;
  return isMark.test(String.fromCharCode(code));
}

function clusterEnd(text: string, from: number): number {
  let at = from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
  while (at < text.length && extends_(text.charCodeAt(at))) at++;
  return at;
}

const unmarked = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]/u;
/** Letters that no normalisation takes apart. */
const plain: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  ς: "σ",
};
/** A cache of folded clusters; cleared when it is full. */
const foldedClusters = new Map<string, string>();

function foldCluster(cluster: string): string {
  if (cluster.length === 1 && cluster.charCodeAt(0) < 0x80) return cluster.toLowerCase();
  const before = foldedClusters.get(cluster);
  if (before !== undefined) return before;
  const short = cluster.length > marksMax + 2 ? cluster.slice(0, marksMax + 2) : cluster;
  let folded = short
    .normalize("NFKC")
    .toLowerCase()
    .normalize("NFKC")
    // Variation selectors and the soft hyphen show nothing.
    .replaceAll(/[\ufe00-\ufe0f\u00ad]/g, "");
  if (unmarked.test(folded)) folded = folded.normalize("NFD").replaceAll(/\p{Mn}/gu, "");
  folded = folded.replaceAll(/[ßæœøđðþłħıς]/g, (character) => plain[character] ?? character);
  if (foldedClusters.size >= clustersMax) foldedClusters.clear();
  if (cluster.length <= marksMax) foldedClusters.set(cluster, folded);
  return folded;
}
