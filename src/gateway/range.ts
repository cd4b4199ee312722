/** What part of an object an answer carries (RFC 9110 §14). `start` and `end` are inclusive byte positions. */
export type Part =
  | { readonly status: 200 }
  | { readonly status: 206; readonly start: number; readonly end: number }
  | { readonly status: 416 }
  | { readonly status: 304 };

interface Asked {
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** Decides 200, 206, 304 or 416 for an object of `sizeBytes` with a strong `etag`. Several ranges get the whole. Pure. */
export function partOf({ range, ifRange, ifNoneMatch }: Asked, etag: string, sizeBytes: number): Part {
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) return { status: 304 };
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return { status: 200 };
  const [, first, last] = range.match(/^bytes=(\d{0,16})-(\d{0,16})$/) ?? [];
  // Another unit, a list, or nonsense: the whole, as if no range had been asked for.
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

const matches = (header: string, etag: string): boolean =>
  header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
