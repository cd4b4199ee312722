/** The part of an object that a response carries (RFC 9110 §14). `start` and `end` are inclusive byte positions. */
export type Part =
  | { readonly status: 200 }
  | { readonly status: 206; readonly start: number; readonly end: number }
  | { readonly status: 416 }
  | { readonly status: 304 }
  | { readonly status: 412 };

interface Conditions {
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}

/**
 * Decides 200, 206, 304, 412 or 416 for an object of `sizeBytes` with a strong `etag`, and with the time its bytes came
 * where that is known; the conditions in the order of RFC 9110 §13.2.2. Several ranges get the whole. Pure.
 */
export function partOf(conditions: Conditions, etag: string, sizeBytes: number, changedAtMs?: number): Part {
  const { range, ifRange, ifNoneMatch, ifMatch } = conditions;
  // In whole seconds, as in headers; a text that is no date is no condition.
  const changed = changedAtMs === undefined ? Number.NaN : Math.floor(changedAtMs / 1_000) * 1_000;
  const since = (header: string | undefined) => (header === undefined ? Number.NaN : Date.parse(header));
  if (ifMatch !== undefined ? !matches(ifMatch, etag, false) : changed > since(conditions.ifUnmodifiedSince))
    return { status: 412 };
  if (ifNoneMatch !== undefined ? matches(ifNoneMatch, etag, true) : changed <= since(conditions.ifModifiedSince))
    return { status: 304 };
  const isSame = ifRange === undefined || ifRange === etag || changed === since(ifRange);
  if (range === undefined || !isSame) return { status: 200 };
  const [, first, last] = range.match(/^bytes=(\d{0,16})-(\d{0,16})$/) ?? [];
  // Another unit, a list, or nonsense: the whole object, as without a range.
  if (first === undefined || last === undefined || (first === "" && last === "")) return { status: 200 };
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? { status: 416 } : { status: 206, start: sizeBytes - length, end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (last !== "" && Number(last) < start) return { status: 200 };
  return start >= sizeBytes ? { status: 416 } : { status: 206, start, end };
}

/** A weak validator says that two copies are equivalent, which is enough to reuse one and not to change one. */
const matches = (header: string, etag: string, takesWeak: boolean): boolean =>
  header.trim() === "*" ||
  header.split(",").some((tag) => (takesWeak ? tag.trim().replace(/^W\//, "") : tag.trim()) === etag);
