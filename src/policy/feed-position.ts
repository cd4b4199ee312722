import type { Id } from "#kernel";
import { BadCursor } from "#kernel/errors";
import { idHash, mixedBits } from "#kernel/ids/id-hash";

/*
 * How far a feed was read. All of it is in the cursor, so that a feed goes on without a repeat at another process, after a
 * restart, and from the newest videos while nobody recommends.
 */

/** A video with its place in the order of publication. */
export interface FeedRow {
  readonly videoId: Id;
  readonly publishedAtMs: number;
}
export interface FeedPosition {
  /** The last video that was taken in the order of publication; undefined before the first. */
  readonly after: FeedRow | undefined;
  /** The last videos that were taken out of that order. */
  readonly taken: readonly Id[];
  /** Those taken before them, as a Bloom filter. */
  readonly filter: Uint8Array | undefined;
  /** How many there are in all, out of the order of publication. */
  readonly takenCount: number;
}
export const feedStart: FeedPosition = { after: undefined, taken: [], filter: undefined, takenCount: 0 };

/** So many are kept by number; then the older half moves into the filter. */
const exactMax = 60;
/** At most so many are taken out of the order of publication: 1 % of all others seem to be in the filter then. */
export const takenMax = 500;
/** With 60 ids of any size a cursor has fewer than the 1,500 characters of the longest one. */
const filterBytes = 600;
const hashes = 7;

/** Whether a feed has had a video out of the order of publication; 1 in 100 of a long feed seems to. Pure. */
export const isTaken = ({ taken, filter }: FeedPosition, videoId: Id): boolean =>
  taken.includes(videoId) || (filter !== undefined && isInFilter(filter, videoId));

/** Whether a feed is still before the order of publication, and so many more videos can be taken out of it. Pure. */
export const canTake = ({ after, takenCount }: FeedPosition, count: number): boolean =>
  after === undefined && takenCount + count <= takenMax;

/** The position after these videos, which were taken out of the order of publication. Pure. */
export function taking(position: FeedPosition, videoIds: readonly Id[]): FeedPosition {
  const taken = [...position.taken, ...videoIds];
  const takenCount = position.takenCount + videoIds.length;
  if (taken.length <= exactMax) return { ...position, taken, takenCount };
  const filter = Uint8Array.from(position.filter ?? new Uint8Array(filterBytes));
  for (const videoId of taken.splice(0, taken.length - exactMax / 2)) addToFilter(filter, videoId);
  return { ...position, taken, filter, takenCount };
}

function addToFilter(filter: Uint8Array, videoId: Id): void {
  const first = idHash(videoId);
  for (let n = 0; n < hashes; n++) {
    const bit = bitOf(first, n);
    filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
}

/** Without a list of bits: a page asks this about hundreds of videos. */
function isInFilter(filter: Uint8Array, videoId: Id): boolean {
  const first = idHash(videoId);
  for (let n = 0; n < hashes; n++) {
    const bit = bitOf(first, n);
    if ((((filter[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 0) return false;
  }
  return true;
}

/** The nth bit of a video in the filter, by two hashes (Kirsch and Mitzenmacher, *Less Hashing, Same Performance*, 2006). */
function bitOf(first: number, n: number): number {
  const second = mixedBits(first ^ 0x9e3779b9) | 1;
  return ((first + Math.imul(n, second)) >>> 0) % (filterBytes * 8);
}

/** The opaque form. Numbers are in base 128, the lowest digits first; ids as distances, those below 0 odd. */
export function writePosition({ after, taken, filter, takenCount }: FeedPosition): string {
  const bytes: number[] = [];
  const write = (value: number): void => {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
    bytes.push(rest);
  };
  write(after?.publishedAtMs ?? 0);
  write(after?.videoId ?? 0);
  write(takenCount);
  write(taken.length);
  let before = 0;
  for (const videoId of taken) {
    write(videoId >= before ? 2 * (videoId - before) : 2 * (before - videoId) - 1);
    before = videoId;
  }
  return Buffer.concat([Buffer.from(bytes), filter ?? Buffer.alloc(0)]).toString("base64url");
}

/** @throws BadCursor */
export function readPosition(cursor: string | undefined): FeedPosition {
  if (cursor === undefined) return feedStart;
  const bytes = Buffer.from(cursor, "base64url");
  let at = 0;
  const read = (): number => {
    let [value, unit] = [0, 1];
    for (; ; unit *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || unit > 2 ** 49) throw BadCursor({});
      value += (byte & 127) * unit;
      if (byte < 128) break;
    }
    if (value > 2 * Number.MAX_SAFE_INTEGER) throw BadCursor({});
    return value;
  };
  const [publishedAtMs, videoId, takenCount, count] = [read(), read(), read(), read()];
  if (count > exactMax || takenCount < count) throw BadCursor({});
  const taken: Id[] = [];
  for (let n = 0; n < count; n++) {
    const distance = read();
    taken.push((taken.at(-1) ?? 0) + (distance % 2 === 0 ? distance / 2 : -(distance + 1) / 2));
  }
  const rest = bytes.subarray(at);
  const isWhole = rest.length === (takenCount > count ? filterBytes : 0);
  const isKnown = new Set(taken).size === count && taken.every((id) => id > 0 && Number.isSafeInteger(id));
  if (!isWhole || !isKnown || bytes.toString("base64url") !== cursor) throw BadCursor({});
  return {
    after: videoId === 0 ? undefined : { publishedAtMs, videoId },
    taken,
    filter: rest.length > 0 ? Uint8Array.from(rest) : undefined,
    takenCount,
  };
}
