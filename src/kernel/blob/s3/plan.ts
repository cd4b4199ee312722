import type { Span } from "./bucket.ts";

/** One part of an object: a stretch the server copies, or several that are read and sent. */
export type Planned = readonly [Span, ...Span[]];

/** The sizes of a part that a server copies, at the least and at the most; we use less than its 5 GiB. */
const copyMin = 5 * 2 ** 20;
const copyMax = 2 ** 30;
const partsMax = 10_000;

/**
 * Divides stretches into the parts of one object: all but the last have at least {@link copyMin} bytes, a part of one
 * stretch is to be copied, and those of several are below twice the least. None is empty.
 */
export function partsOf(spans: readonly Span[]): Planned[] {
  const total = spans.reduce((sum, { length }) => sum + length, 0);
  const least = Math.max(copyMin, Math.ceil((2 * total) / partsMax));
  const most = Math.max(copyMax, 2 * least);
  const parts: Planned[] = [];
  let small: Span[] = [];
  let smallBytes = 0;
  const endSmall = () => {
    const [first, ...more] = small;
    if (first) parts.push([first, ...more]);
    small = [];
    smallBytes = 0;
  };
  for (const { key, from, length } of spans) {
    let done = 0;
    while (done < length) {
      const remaining = length - done;
      // Small ones are filled up first: what comes after them may only follow a part that is long enough.
      const isCopied = smallBytes === 0 && remaining >= least;
      const partLength = Math.min(remaining, isCopied ? most : least - smallBytes);
      small.push({ key, from: from + done, length: partLength });
      smallBytes += partLength;
      done += partLength;
      if (smallBytes >= least) endSmall();
    }
  }
  endSmall();
  return parts;
}
