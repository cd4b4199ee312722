/** ISO/IEC 14496-12:2022 §4.2. Offsets are counted from the start of the bytes it was found in. */
export interface Box {
  readonly type: string;
  readonly start: number;
  /** The offset of the contents, after size, type and long size. */
  readonly body: number;
  readonly end: number;
}

export class Mp4Malformed extends Error {
  override readonly name = "Mp4Malformed";
}

/** A box header has at most this many bytes. */
export const headerBytesMax = 16;

/**
 * Reads the header at `at` of a file or box that ends at `end`. Throws `Mp4Malformed` when the box does not fit. `view`
 * begins at `viewStart` of the file and must hold the header.
 */
export function boxAt(view: DataView, at: number, end: number, viewStart = 0): Box {
  const local = at - viewStart;
  if (at + 8 > end || local + 8 > view.byteLength) throw new Mp4Malformed(`no room for a box at ${at}`);
  const short = view.getUint32(local);
  const code = [4, 5, 6, 7].map((n) => view.getUint8(local + n));
  const type = String.fromCharCode(...code);
  if (short === 1 && local + 16 > view.byteLength) throw new Mp4Malformed(`no room for a long box at ${at}`);
  const size = short === 1 ? Number(view.getBigUint64(local + 8)) : short === 0 ? end - at : short;
  const header = short === 1 ? 16 : 8;
  if (size < header || at + size > end) throw new Mp4Malformed(`the ${type} box at ${at} does not fit`);
  return { type, start: at, body: at + header, end: at + size };
}

/** The boxes between `start` and `end`, one after another and never deeper. */
export function* boxes(view: DataView, start: number, end: number): Generator<Box> {
  for (let at = start; at < end; ) {
    const box = boxAt(view, at, end);
    yield box;
    at = box.end;
  }
}

/** Follows types downwards, the first of each: `find(view, moov, "trak", "mdia")`. The depth is that of the call. */
export function find(view: DataView, inside: Box, ...path: readonly string[]): Box | undefined {
  let box: Box | undefined = inside;
  for (const type of path) {
    if (box === undefined) return undefined;
    box = firstOf(view, box, type);
  }
  return box;
}

function firstOf(view: DataView, inside: Box, type: string): Box | undefined {
  for (const box of boxes(view, inside.body, inside.end)) if (box.type === type) return box;
  return undefined;
}

/** Like `find`, for what a file cannot do without: throws `Mp4Malformed`. */
export function need(view: DataView, inside: Box, ...path: readonly string[]): Box {
  const box = find(view, inside, ...path);
  if (box === undefined) throw new Mp4Malformed(`no ${path.join("/")} in ${inside.type}`);
  return box;
}

/** A cursor over a box's contents that cannot leave it. */
export class Fields {
  readonly #view: DataView;
  readonly #end: number;
  at: number;

  constructor(view: DataView, box: Box, skip = 0) {
    this.#view = view;
    this.#end = box.end;
    this.at = box.body + skip;
  }

  get remainingBytes(): number {
    return this.#end - this.at;
  }

  #take(bytes: number): number {
    const from = this.at;
    if (bytes > this.remainingBytes) throw new Mp4Malformed(`a box ends within its fields at ${from}`);
    this.at += bytes;
    return from;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2));
  }
  u24(): number {
    return this.u16() * 256 + this.u8();
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4));
  }
  i32(): number {
    return this.#view.getInt32(this.#take(4));
  }
  /** Throws when the value cannot be exact. */
  u64(): number {
    const value = Number(this.#view.getBigUint64(this.#take(8)));
    if (!Number.isSafeInteger(value)) throw new Mp4Malformed("a number is too large");
    return value;
  }
  /** As {@link u64}, with a sign. */
  i64(): number {
    const value = Number(this.#view.getBigInt64(this.#take(8)));
    if (!Number.isSafeInteger(value)) throw new Mp4Malformed("a number is too large");
    return value;
  }
  skip(bytes: number): this {
    this.#take(bytes);
    return this;
  }
}
