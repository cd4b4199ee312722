/** Attributes of a tag by name, as they are written, without quotes. */
export type Attributes = ReadonlyMap<string, string>;

export interface ReadPart {
  readonly uri: string;
  readonly durationS: number;
  readonly isIndependent: boolean;
  readonly isGap: boolean;
}

export interface ReadSegment {
  readonly msn: number;
  /** Its Discontinuity Sequence Number. */
  readonly discontinuity: number;
  readonly hasDiscontinuity: boolean;
  /** Undefined where it is still open and has parts alone. */
  readonly uri: string | undefined;
  readonly durationS: number;
  readonly isGap: boolean;
  readonly map: string | undefined;
  readonly range: { readonly size: number; readonly offset: number | undefined } | undefined;
  readonly dateMs: number | undefined;
  readonly parts: readonly ReadPart[];
}

export interface ReadTag {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** A playlist as its lines say it, without judging them. */
export interface ReadPlaylist {
  readonly text: string;
  readonly tags: readonly ReadTag[];
  /** The newest is open where the playlist ends with parts of it. */
  readonly segments: readonly ReadSegment[];
  readonly variants: readonly { readonly attributes: Attributes; readonly uri: string }[];
  /** The first of this name. */
  value(name: string): string | undefined;
  /** All attributes of all tags of this name. */
  all(name: string): readonly Attributes[];
}

/** Attributes in the order in which they are written, so that one that stands twice is seen. */
export function attributePairs(value: string): (readonly [name: string, value: string])[] {
  return Array.from(value.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)(?:,|$)/g), ([, name = "", text = ""]) => [
    name,
    text.replace(/^"|"$/g, ""),
  ]);
}

export const readAttributes = (value: string): Attributes => new Map(attributePairs(value));

interface OpenSegment {
  durationS: number | undefined;
  isGap: boolean;
  hasDiscontinuity: boolean;
  range: ReadSegment["range"];
  dateMs: number | undefined;
  parts: ReadPart[];
}

const emptySegment = (): OpenSegment => ({
  durationS: undefined,
  isGap: false,
  hasDiscontinuity: false,
  range: undefined,
  dateMs: undefined,
  parts: [],
});

/** Reads a media playlist or a list of renditions (draft-pantos-hls-rfc8216bis §4). Pure. */
export function readPlaylist(text: string): ReadPlaylist {
  const tags: ReadTag[] = [];
  const segments: ReadSegment[] = [];
  const variants: { attributes: Attributes; uri: string }[] = [];
  const value = (name: string): string | undefined => tags.find((tag) => tag.name === name)?.value;
  let open = emptySegment();
  let map: string | undefined;
  let variant: Attributes | undefined;
  let breaks = 0;
  const close = (uri: string | undefined): void => {
    const skipped = Number(readAttributes(value("EXT-X-SKIP") ?? "").get("SKIPPED-SEGMENTS") ?? 0);
    segments.push({
      ...open,
      uri,
      map,
      durationS: open.durationS ?? Number.NaN,
      msn: Number(value("EXT-X-MEDIA-SEQUENCE") ?? 0) + skipped + segments.length,
      discontinuity: Number(value("EXT-X-DISCONTINUITY-SEQUENCE") ?? 0) + breaks,
    });
    open = emptySegment();
  };
  for (const [line, content] of text.split(/\r?\n/).entries()) {
    if (content === "") continue;
    if (!content.startsWith("#")) {
      if (variant === undefined) close(content);
      else variants.push({ attributes: variant, uri: content });
      variant = undefined;
      continue;
    }
    if (!content.startsWith("#EXT")) continue;
    const [, name = "", value = ""] = /^#([A-Z0-9-]+)(?::(.*))?$/.exec(content) ?? [];
    tags.push({ name, value, line });
    if (name === "EXTINF") open.durationS = Number(value.split(",")[0]);
    else if (name === "EXT-X-GAP") open.isGap = true;
    else if (name === "EXT-X-PROGRAM-DATE-TIME") open.dateMs = Date.parse(value);
    else if (name === "EXT-X-MAP") map = readAttributes(value).get("URI");
    else if (name === "EXT-X-STREAM-INF") variant = readAttributes(value);
    else if (name === "EXT-X-DISCONTINUITY") {
      open.hasDiscontinuity = true;
      breaks++;
    } else if (name === "EXT-X-BYTERANGE") {
      const [size, offset] = value.split("@");
      open.range = { size: Number(size), offset: offset === undefined ? undefined : Number(offset) };
    } else if (name === "EXT-X-PART") open.parts.push(partOf(readAttributes(value)));
  }
  if (open.parts.length > 0) close(undefined);
  return {
    text,
    tags,
    segments,
    variants,
    value,
    all: (name) => tags.filter((tag) => tag.name === name).map((tag) => readAttributes(tag.value)),
  };
}

const partOf = (attributes: Attributes): ReadPart => ({
  uri: attributes.get("URI") ?? "",
  durationS: Number(attributes.get("DURATION") ?? Number.NaN),
  isIndependent: attributes.get("INDEPENDENT") === "YES",
  isGap: attributes.get("GAP") === "YES",
});
