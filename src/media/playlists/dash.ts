import { segmentsOf, type TrackIndex } from "../mp4/indexer.ts";

export interface DashTrack {
  /** Names the rendition to {@link DashUriOf}. */
  readonly track: string;
  readonly index: TrackIndex;
  /** BCP 47; of sound. */
  readonly language?: string;
  /** A readable name; of sound. */
  readonly name?: string;
}
export interface DashCaptions {
  readonly track: string;
  /** BCP 47. */
  readonly language: string;
  /** A readable name, such as `English`. */
  readonly label: string;
}

/** The address of a track's file, relative to the manifest or absolute. */
export type DashUriOf = (track: string) => string;

/**
 * A presentation of whole files whose segments players find by the `sidx` box (ISO/IEC 23009-1:2022 §8.3, on-demand
 * profile). Players read two small ranges of each file, whatever its length. The box cannot describe a file in which
 * the bytes of other tracks lie between. Such tracks list their ranges (§8.5, main profile). Tracks that have neither
 * are left out; undefined where none is left.
 */
export function dashManifest(
  video: readonly DashTrack[],
  audio: readonly DashTrack[],
  captions: readonly DashCaptions[],
  uriOf: DashUriOf,
): string | undefined {
  const pictures = video.filter(isAddressable);
  const sounds = audio.filter(isAddressable);
  const tracks = [...pictures, ...sounds];
  if (tracks.length === 0) return undefined;
  const profile = tracks.some(({ index }) => index.sidx === undefined) ? "isoff-main" : "isoff-on-demand";
  const seconds = Math.max(...tracks.map(({ index }) => spanTicksOf(index) / index.timescale));
  const sets = [
    // Players switch freely within a set, which a change of codec does not allow.
    ...groupBy(pictures, ({ index }) => family(index)).map((set) => adaptationSet("video", set, [], uriOf)),
    // Each sound is one to choose, the first by default.
    ...sounds.map((sound, n) =>
      adaptationSet("audio", [sound], sounds.length > 1 ? choice(sound, n === 0 ? "main" : "alternate") : [], uriOf),
    ),
    ...captions.map((track) => captionSet(track, uriOf)),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:${profile}:2011" type="static" mediaPresentationDuration="PT${seconds.toFixed(3)}S" minBufferTime="PT2S">`,
    `<Period id="0" start="PT0S">`,
    ...sets,
    "</Period>",
    "</MPD>",
    "",
  ].join("\n");
}

const isAddressable = ({ index }: DashTrack): boolean => index.sidx !== undefined || index.segmentOffsets !== undefined;
const family = ({ codec }: TrackIndex): string => codec.split(".", 1)[0] ?? codec;

function groupBy<T>(tracks: readonly T[], keyOf: (track: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const track of tracks) groups.set(keyOf(track), [...(groups.get(keyOf(track)) ?? []), track]);
  return [...groups.values()];
}

const role = (value: string): string => `<Role schemeIdUri="urn:mpeg:dash:role:2011" value="${value}"/>`;
const choice = ({ name = "" }: DashTrack, value: "main" | "alternate"): string[] => [
  role(value),
  `<Label>${escapeXml(name)}</Label>`,
];

function adaptationSet(
  kind: "video" | "audio",
  tracks: readonly DashTrack[],
  about: readonly string[],
  uriOf: DashUriOf,
): string {
  const language = tracks[0]?.language;
  const isListed = tracks.every(({ index }) => index.sidx === undefined);
  const said = attributes({
    contentType: kind,
    mimeType: `${kind}/mp4`,
    lang: language,
    [isListed ? "segmentAlignment" : "subsegmentAlignment"]: isAligned(tracks) ? "true" : undefined,
    [isListed ? "startWithSAP" : "subsegmentStartsWithSAP"]: tracks.every(({ index }) => startsWithKeyframes(index))
      ? "1"
      : undefined,
  });
  const inside = [...about, ...tracks.map((track) => representation(track, uriOf))];
  return [`<AdaptationSet ${said}>`, ...inside, "</AdaptationSet>"].join("\n");
}

/** Boundaries that are closer than this are one: each has the rounding of its own timescale. */
const sameMs = 1;

/**
 * True if the segments of all tracks begin at the same times, so that a player may go on with any of them (§5.3.3.2).
 */
function isAligned(tracks: readonly DashTrack[]): boolean {
  const [first = [], ...otherStarts] = tracks.map(({ index }) => startsMsOf(index));
  return otherStarts.every(
    (starts) =>
      starts.length === first.length && starts.every((startMs, n) => Math.abs(startMs - (first[n] ?? 0)) <= sameMs),
  );
}

function startsMsOf({ segmentTicks, timescale }: TrackIndex): number[] {
  let at = 0;
  return segmentTicks.map((ticks) => ((at += ticks) - ticks) * (1_000 / timescale));
}

const startsWithKeyframes = ({ kind, keyframeBytes }: TrackIndex): boolean =>
  kind === "audio" || keyframeBytes.every((bytes) => bytes > 0);

function representation({ track, index }: DashTrack, uriOf: DashUriOf): string {
  const { codec, peakBps, timescale } = index;
  const shape =
    index.kind === "video"
      ? { width: String(index.width), height: String(index.height), sar: "1:1", frameRate: frameRate(index) }
      : { audioSamplingRate: String(timescale) };
  return [
    `<Representation ${attributes({ id: track, codecs: codec, bandwidth: String(peakBps), ...shape })}>`,
    ...channelConfiguration(index),
    `<BaseURL>${escapeXml(uriOf(track))}</BaseURL>`,
    ...segments(index),
    "</Representation>",
  ].join("\n");
}

function segments(index: TrackIndex): string[] {
  const { init, sidx, timescale } = index;
  const initialization = `<Initialization range="${inclusive(init)}"/>`;
  if (sidx !== undefined)
    return [
      `<SegmentBase ${attributes({ timescale: String(timescale), indexRange: inclusive(sidx) })}>${initialization}</SegmentBase>`,
    ];
  const times = timesOf(index);
  const evenTicks = evenTicksOf(times);
  const [first] = times;
  const attributesOfAll = {
    timescale: String(timescale),
    presentationTimeOffset: first !== undefined && first.start > 0 ? String(first.start) : undefined,
    duration: evenTicks?.toString(),
  };
  return [
    `<SegmentList ${attributes(attributesOfAll)}>${initialization}`,
    ...(evenTicks === undefined ? timeline(times) : []),
    ...[...segmentsOf(index)].flatMap((range) =>
      range.size > 0 ? [`<SegmentURL mediaRange="${inclusive(range)}"/>`] : [],
    ),
    "</SegmentList>",
  ];
}

interface SegmentTime {
  readonly start: number;
  readonly ticks: number;
}

/** The times of the segments that have bytes. */
function timesOf({ segmentBytes, segmentTicks, segmentStarts }: TrackIndex): SegmentTime[] {
  let at = 0;
  return segmentTicks.flatMap((ticks, n) => {
    const start = segmentStarts?.[n] ?? at;
    at = start + ticks;
    return segmentBytes[n] === 0 ? [] : [{ start, ticks }];
  });
}

/** From the first start to the last end, with the time between them in which there is nothing. */
function spanTicksOf(index: TrackIndex): number {
  if (index.segmentStarts === undefined) return index.durationTicks;
  const times = timesOf(index);
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined ? 0 : last.start + last.ticks - first.start;
}

/** The largest distance of a segment's start from its place by a common duration, as a share of that duration. */
const unevenShareMax = 0.25;

/** One duration for all segments, where there is: dash.js knows no other in a list (§5.3.9.6). */
function evenTicksOf(times: readonly SegmentTime[]): number | undefined {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const even = times.length === 1 ? first.ticks : Math.round((last.start - first.start) / (times.length - 1));
  const isNear = (ticks: number, expected: number): boolean => Math.abs(ticks - expected) <= even * unevenShareMax;
  const isEven = times.every(({ start }, n) => isNear(start - first.start, n * even));
  return isEven && last.ticks <= even * (1 + unevenShareMax) ? even : undefined;
}

/** §5.3.9.6.2, equal durations together. */
function timeline(times: readonly SegmentTime[]): string[] {
  const entries: { readonly start: number | undefined; readonly ticks: number; repeats: number }[] = [];
  let at = -1;
  for (const { start, ticks } of times) {
    const last = entries.at(-1);
    if (last?.ticks === ticks && start === at) last.repeats++;
    else entries.push({ start: start === at ? undefined : start, ticks, repeats: 0 });
    at = start + ticks;
  }
  return [
    "<SegmentTimeline>",
    ...entries.map(({ start, ticks, repeats }) => {
      const values = { t: start?.toString(), d: String(ticks), r: repeats > 0 ? String(repeats) : undefined };
      return `<S ${attributes(values)}/>`;
    }),
    "</SegmentTimeline>",
  ];
}

/** ISO/IEC 23091-3: up to six channels the configuration has their number; eight are 5.1 with two more in front. */
function channelConfiguration({ channels }: TrackIndex): string[] {
  if (channels === undefined) return [];
  const value = String(channels === 8 ? 7 : channels);
  return [
    `<AudioChannelConfiguration ${attributes({ schemeIdUri: "urn:mpeg:mpegB:cicp:ChannelConfiguration", value })}/>`,
  ];
}

function captionSet({ track, language, label }: DashCaptions, uriOf: DashUriOf): string {
  return [
    `<AdaptationSet ${attributes({ contentType: "text", mimeType: "text/vtt", lang: language })}>`,
    role("subtitle"),
    `<Label>${escapeXml(label)}</Label>`,
    // Text needs next to no bandwidth; players want a number.
    `<Representation ${attributes({ id: track, bandwidth: "256" })}>`,
    `<BaseURL>${escapeXml(uriOf(track))}</BaseURL>`,
    "</Representation>",
    "</AdaptationSet>",
  ].join("\n");
}

/** A whole number or a fraction, as §5.3.7.2 has it. */
function frameRate({ samples, timescale, durationTicks }: TrackIndex): string {
  const thousandths = Math.round((samples * timescale * 1_000) / durationTicks);
  return thousandths % 1_000 === 0 ? String(thousandths / 1_000) : `${thousandths}/1000`;
}

const inclusive = ({ offset, size }: { readonly offset: number; readonly size: number }): string =>
  `${offset}-${offset + size - 1}`;

const attributes = (values: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : `${name}="${escapeXml(value)}"`))
    .join(" ");

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** XML 1.0 §2.2 has no way to write control characters. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\ufffe\uffff]/gu, " ")
    .replaceAll(/[&<>"]/g, (letter) => entities[letter] ?? "");
