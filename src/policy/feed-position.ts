import type { Id } from "#kernel";
import { BadCursor } from "#kernel/errors";
import { idHash, mixedBits } from "#kernel/ids/id-hash";

/*
 * How far a feed was read. The cursor holds all of it, so a feed goes on without a repeat in another process and after
 * a restart. It also goes on with the newest videos while the service recommend is unavailable.
 */

/** A video with its place in the order of publication. */
export interface FeedRow {
  readonly videoId: Id;
  readonly publishedAtMs: number;
}
export interface FeedPosition {
  /** The last video of the feed in the order of publication; undefined before the first. */
  readonly after: FeedRow | undefined;
  /** The last videos of the feed out of that order. */
  readonly servedIds: readonly Id[];
  /** Earlier videos out of that order, as a Bloom filter. */
  readonly filter: Uint8Array | undefined;
  /** The number of all videos out of the order of publication. */
  readonly servedCount: number;
}
export const feedStart: FeedPosition = { after: undefined, servedIds: [], filter: undefined, servedCount: 0 };

/** At most this many ids are listed; then the older half moves into the filter. */
const exactMax = 60;
/**
 * The most videos of a feed out of the order of publication. With so many, 1 % of all other videos seem to be in the
 * filter.
 */
export const servedMax = 500;
/** With 60 ids of any size a cursor has fewer than the 1,500 characters of the longest one. */
const filterBytes = 600;
const hashes = 7;

/** True if a feed has had a video out of the order of publication, and for 1 in 100 others of a long feed. Pure. */
export const wasServed = ({ servedIds, filter }: FeedPosition, videoId: Id): boolean =>
  servedIds.includes(videoId) || (filter !== undefined && isInFilter(filter, videoId));

/** True if a feed is still before the order of publication and has room for so many more videos out of it. Pure. */
export const hasRoomFor = ({ after, servedCount }: FeedPosition, count: number): boolean =>
  after === undefined && servedCount + count <= servedMax;

/** The position after these videos, which a feed had out of the order of publication. Pure. */
export function addServed(position: FeedPosition, videoIds: readonly Id[]): FeedPosition {
  const servedIds = [...position.servedIds, ...videoIds];
  const servedCount = position.servedCount + videoIds.length;
  if (servedIds.length <= exactMax) return { ...position, servedIds, servedCount };
  const filter = Uint8Array.from(position.filter ?? new Uint8Array(filterBytes));
  for (const videoId of servedIds.splice(0, servedIds.length - exactMax / 2)) addToFilter(filter, videoId);
  return { ...position, servedIds, filter, servedCount };
}

function addToFilter(filter: Uint8Array, videoId: Id): void {
  const first = idHash(videoId);
  for (let n = 0; n < hashes; n++) {
    const bit = bitOf(first, n);
    filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
}

/** Computes each bit without a list, because a page asks about hundreds of videos. */
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
export function writePosition({ after, servedIds, filter, servedCount }: FeedPosition): string {
  const bytes: number[] = [];
  const write = (value: number): void => {
    let remainder = value;
    for (; remainder >= 128; remainder = Math.floor(remainder / 128)) bytes.push((remainder % 128) | 128);
    bytes.push(remainder);
  };
  write(after?.publishedAtMs ?? 0);
  write(after?.videoId ?? 0);
  write(servedCount);
  write(servedIds.length);
  let before = 0;
  for (const videoId of servedIds) {
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
  const [publishedAtMs, videoId, servedCount, count] = [read(), read(), read(), read()];
  if (count > exactMax || servedCount < count) throw BadCursor({});
  const servedIds: Id[] = [];
  for (let n = 0; n < count; n++) {
    const distance = read();
    servedIds.push((servedIds.at(-1) ?? 0) + (distance % 2 === 0 ? distance / 2 : -(distance + 1) / 2));
  }
  const filterPart = bytes.subarray(at);
  const isWhole = filterPart.length === (servedCount > count ? filterBytes : 0);
  const isKnown = new Set(servedIds).size === count && servedIds.every((id) => id > 0 && Number.isSafeInteger(id));
  if (!isWhole || !isKnown || bytes.toString("base64url") !== cursor) throw BadCursor({});
  return {
    after: videoId === 0 ? undefined : { publishedAtMs, videoId },
    servedIds,
    filter: filterPart.length > 0 ? Uint8Array.from(filterPart) : undefined,
    servedCount,
  };
}
