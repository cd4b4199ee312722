import { parse } from "../query/parser.ts";
import { joined, type Stretch } from "./highlights.ts";
import { type Occurrence, occurrencesOf } from "./occurrences.ts";

/** The part of a long text that says most about a query. */
export interface Snippet {
  readonly from: number;
  readonly to: number;
  /** Offsets in the whole text. */
  readonly highlights: readonly Stretch[];
}

/** Units before the first match that are shown with it. */
const leadUnits = 30;

/** The first part of at most so many units with the most concepts of a query; the beginning where it has none. Pure. */
export function snippetOf(text: string, query: string, unitsMax = 160): Snippet {
  const occurrences = occurrencesOf(text, parse(query));
  let best: readonly Occurrence[] = [];
  let most = 0;
  for (let n = 0, end = 0; n < occurrences.length; n++) {
    const from = occurrences[n]?.from ?? 0;
    while (end < occurrences.length && (occurrences[end]?.to ?? 0) <= from + unitsMax - leadUnits) end++;
    const inside = occurrences.slice(n, Math.min(end, n + densestMax));
    const concepts = new Set(inside.map(({ concept }) => concept)).size;
    if (concepts > most) [best, most] = [inside, concepts];
  }
  const wanted = Math.max(0, (best[0]?.from ?? 0) - leadUnits);
  const from = wordStart(text, wanted, best[0]?.from ?? 0);
  const to = wordEnd(text, from, Math.min(text.length, from + unitsMax));
  const inside = occurrences.filter((one) => one.from >= from && one.to <= to);
  return { from, to, highlights: joined(inside) };
}

/** Occurrences of one part that are looked at. */
const densestMax = 64;

/** The cue of captions with the most concepts of a query, the first of several; undefined where none has any. Pure. */
export function bestCue(
  cues: readonly string[],
  query: string,
): { readonly cue: number; readonly highlights: readonly Stretch[] } | undefined {
  const concepts = parse(query);
  let best: { cue: number; highlights: Stretch[] } | undefined;
  let most = 0;
  for (const [cue, text] of cues.entries()) {
    const occurrences = occurrencesOf(text, concepts);
    const count = new Set(occurrences.map(({ concept }) => concept)).size;
    if (count > most) [best, most] = [{ cue, highlights: joined(occurrences) }, count];
  }
  return best;
}

const isSpace = /\s/;
/** The first word that begins between two places; half a surrogate pair is no beginning. */
function wordStart(text: string, from: number, latest: number): number {
  if (from === 0) return 0;
  for (let at = from; at < latest; at++) if (isSpace.test(text[at - 1] ?? "")) return at;
  return isHalf(text, from) ? from + 1 : from;
}

/** The last place at which a word ends; the limit where a script has no spaces. */
function wordEnd(text: string, from: number, limit: number): number {
  if (limit === text.length) return limit;
  for (let at = limit; at > from + (limit - from) / 2; at--) if (isSpace.test(text[at] ?? "")) return at;
  return isHalf(text, limit) ? limit - 1 : limit;
}
const isHalf = (text: string, at: number): boolean => /^[\udc00-\udfff]/.test(text[at] ?? "");
