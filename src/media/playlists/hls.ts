import { captionsPartsOf, partMs } from "../captions/parts.ts";
import type { TrackIndex } from "../mp4/indexer.ts";

export interface HlsVideo {
  /** Names the rendition to `UriOf`. */
  readonly track: string;
  readonly index: TrackIndex;
}
export interface HlsAudio extends HlsVideo {
  /** A readable name, such as `English`. */
  readonly name: string;
  /** BCP 47. */
  readonly language?: string;
}

export interface HlsCaptions {
  readonly track: string;
  readonly name: string;
  /** BCP 47. */
  readonly language: string;
}

/** The target of a URI. Paths, tokens and generations are the caller's. */
export type UriTarget =
  | { readonly kind: "playlist" | "keyframes"; readonly track: string }
  | { readonly kind: "media" | "captions"; readonly track: string }
  /** A part of captions, from 1 on. */
  | { readonly kind: "captions_part"; readonly track: string; readonly part: number };
export type UriOf = (target: UriTarget) => string;

const audioGroup = "sound";
const captionsGroup = "captions";
/** Renditions carry no captions inside their picture; a player that is not sure offers some (RFC 8216 §4.3.4.2). */
const noClosedCaptions = "CLOSED-CAPTIONS=NONE";

/**
 * The list of renditions (RFC 8216 §4.3.4). The first sound plays unless another is chosen; their names differ. Without
 * `video` it lists the sound alone; without `audio` it names no group.
 */
export function masterPlaylist(
  video: readonly HlsVideo[],
  audio: readonly HlsAudio[],
  captions: readonly HlsCaptions[],
  uriOf: UriOf,
): string {
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];
  const soundPeak = Math.max(0, ...audio.map(({ index }) => index.peakBps));
  const soundAverage = Math.max(0, ...audio.map(({ index }) => index.averageBps));
  const soundCodecs = audio.map(({ index }) => index.codec);
  const codecs = (...names: string[]): string => quote([...new Set(names)].join(","));
  const withCaptions = captions.length > 0 ? [`SUBTITLES=${quote(captionsGroup)}`] : [];
  // Sound alone is its own stream; where one may choose, it is a group besides.
  const soundGroup = audio.length > (video.length === 0 ? 1 : 0) ? [`AUDIO=${quote(audioGroup)}`] : [];
  if (soundGroup.length > 0)
    for (const [n, { track, index, name, language }] of audio.entries())
      lines.push(
        `#EXT-X-MEDIA:${[
          `TYPE=AUDIO,GROUP-ID=${quote(audioGroup)},NAME=${quote(name)}`,
          ...(language === undefined ? [] : [`LANGUAGE=${quote(language)}`]),
          `DEFAULT=${n === 0 ? "YES" : "NO"},AUTOSELECT=YES,URI=${quote(uriOf({ kind: "playlist", track }))}`,
          ...(index.channels === undefined ? [] : [`CHANNELS="${index.channels}"`]),
        ].join(",")}`,
      );
  for (const { track, name, language } of captions)
    lines.push(
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=${quote(captionsGroup)},NAME=${quote(name)},LANGUAGE=${quote(language)},DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=${quote(uriOf({ kind: "playlist", track }))}`,
    );
  for (const { track, index } of video)
    lines.push(
      `#EXT-X-STREAM-INF:${[
        rates(index.peakBps + soundPeak, index.averageBps + soundAverage),
        `CODECS=${codecs(index.codec, ...soundCodecs)}`,
        `RESOLUTION=${index.width}x${index.height}`,
        `FRAME-RATE=${frameRate(index)}`,
        ...soundGroup,
        ...withCaptions,
        noClosedCaptions,
      ].join(",")}`,
      uriOf({ kind: "playlist", track }),
    );
  // Behind all pictures, for players that begin with the first: a line too slow for any of them still carries the sound.
  for (const { track, index } of audio.slice(0, 1))
    lines.push(
      `#EXT-X-STREAM-INF:${[rates(index.peakBps, index.averageBps), `CODECS=${codecs(index.codec)}`, ...soundGroup, ...withCaptions, noClosedCaptions].join(",")}`,
      uriOf({ kind: "playlist", track }),
    );
  for (const { track, index } of video) {
    const peakBps = keyframePeakBps(index);
    if (peakBps === 0) continue;
    const uri = quote(uriOf({ kind: "keyframes", track }));
    lines.push(
      `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${peakBps},CODECS=${codecs(index.codec)},RESOLUTION=${index.width}x${index.height},URI=${uri}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** A shorter last segment of sound may lie beyond the end of its picture, where players never ask for it. */
const tailMsMin = 250;

/**
 * Sound that ends in next to nothing ends with the segment before: hls.js would wait for ever for one that begins after the
 * last picture, and the film would neither end nor begin again.
 */
function withoutTail(index: TrackIndex): TrackIndex {
  const { kind, segmentTicks, segmentBytes, timescale } = index;
  const [before, last] = [segmentTicks.at(-2), segmentTicks.at(-1)];
  const isTail = kind === "audio" && before !== undefined && last !== undefined && last * 1_000 < tailMsMin * timescale;
  if (!isTail) return index;
  // Other bytes lie between the two, which no range can cover.
  if (index.segmentOffsets !== undefined)
    return { ...index, segmentTicks: segmentTicks.slice(0, -1), segmentBytes: segmentBytes.slice(0, -1) };
  return {
    ...index,
    segmentTicks: [...segmentTicks.slice(0, -2), before + last],
    segmentBytes: [...segmentBytes.slice(0, -2), (segmentBytes.at(-2) ?? 0) + (segmentBytes.at(-1) ?? 0)],
  };
}

/** The segments of one rendition as byte ranges of its one file (RFC 8216 §4.3.3). */
export function mediaPlaylist({ track, index: whole }: HlsVideo, uriOf: UriOf): string {
  const index = withoutTail(whole);
  const uri = uriOf({ kind: "media", track });
  const isBreak = breaksOf(index);
  // A film has thousands: most last equally long, and their columns are read without an object for each.
  let text = head(index, uri, []).join("\n");
  let offset = index.segmentsOffset;
  let lastTicks = -1;
  let lasts = "";
  for (const [n, size] of index.segmentBytes.entries()) {
    offset = index.segmentOffsets?.[n] ?? offset;
    const ticks = index.segmentTicks[n] ?? 0;
    if (ticks !== lastTicks) lasts = seconds(ticks, index);
    lastTicks = ticks;
    const range = size > 0 ? `#EXT-X-BYTERANGE:${size}@${offset}` : "#EXT-X-GAP";
    text += `${isBreak(n) ? discontinuity : ""}\n#EXTINF:${lasts},\n${range}\n${uri}`;
    offset += size;
  }
  return `${text}\n#EXT-X-ENDLIST\n`;
}

const discontinuity = "\n#EXT-X-DISCONTINUITY";

/** A test that is true for a segment whose time does not follow from the one before (RFC 8216 §4.3.2.3). */
function breaksOf({ discontinuities = [] }: TrackIndex): (n: number) => boolean {
  const breaks = new Set(discontinuities);
  return (n) => breaks.has(n);
}

/** Only the key frames, for fast seeking with pictures (RFC 8216 §4.3.3.6). */
export function keyframePlaylist({ track, index }: HlsVideo, uriOf: UriOf): string {
  const uri = uriOf({ kind: "media", track });
  let text = head(index, uri, ["#EXT-X-I-FRAMES-ONLY"]).join("\n");
  const isBreak = breaksOf(index);
  // A frame lasts until the next one in the list.
  let range = "";
  let tag = "";
  let pendingTicks = 0;
  let lastTicks = -1;
  let lasts = "";
  const put = (): void => {
    if (range === "") return;
    if (pendingTicks !== lastTicks) lasts = seconds(pendingTicks, index);
    lastTicks = pendingTicks;
    text += `${tag}\n#EXTINF:${lasts},\n${range}\n${uri}`;
    tag = "";
  };
  let offset = index.segmentsOffset;
  for (const [n, size] of index.segmentBytes.entries()) {
    offset = index.segmentOffsets?.[n] ?? offset;
    const keyframe = index.keyframeBytes[n] ?? 0;
    const ticks = index.segmentTicks[n] ?? 0;
    if (keyframe > 0) {
      put();
      range = `#EXT-X-BYTERANGE:${keyframe}@${offset}`;
      pendingTicks = ticks;
    } else pendingTicks += ticks;
    if (isBreak(n)) tag = discontinuity;
    offset += size;
  }
  put();
  return `${text}\n#EXT-X-ENDLIST\n`;
}

/** The parts of captions as segments (RFC 8216 §3.5); those of a short film are their whole file. */
export function captionsPlaylist(track: string, durationMs: number, uriOf: UriOf): string {
  const count = captionsPartsOf(durationMs);
  const isWhole = count <= 2;
  const longestMs = isWhole ? durationMs : partMs;
  const segment = (lastsMs: number, uri: string) => [`#EXTINF:${(lastsMs / 1_000).toFixed(3)},`, uri];
  const segments = isWhole
    ? segment(durationMs, uriOf({ kind: "captions", track }))
    : Array.from({ length: count }, (_, n) =>
        segment(Math.min(partMs, durationMs - n * partMs), uriOf({ kind: "captions_part", track, part: n + 1 })),
      ).flat();
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.ceil(longestMs / 1_000))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    ...segments,
    "#EXT-X-ENDLIST",
    "",
  ].join("\n");
}

function head(index: TrackIndex, uri: string, extra: readonly string[]): string[] {
  const longest = index.segmentTicks.reduce((most, ticks) => Math.max(most, ticks), 0);
  const target = Math.max(1, Math.ceil(longest / index.timescale));
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${target}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:VOD",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...extra,
    `#EXT-X-MAP:URI=${quote(uri)},BYTERANGE=${quote(`${index.init.size}@${index.init.offset}`)}`,
  ];
}

const rates = (peakBps: number, averageBps: number): string => `BANDWIDTH=${peakBps},AVERAGE-BANDWIDTH=${averageBps}`;

const seconds = (ticks: number, { timescale }: TrackIndex): string => (ticks / timescale).toFixed(6);

function frameRate({ samples, durationTicks, timescale }: TrackIndex): string {
  return ((samples * timescale) / durationTicks).toFixed(3);
}

/** Key frames are fetched one by one, so each counts over the time it stands for. */
function keyframePeakBps(index: TrackIndex): number {
  let peak = 0;
  for (const [n, size] of index.keyframeBytes.entries())
    if (size > 0) peak = Math.max(peak, (size * 8 * index.timescale) / (index.segmentTicks[n] ?? 1));
  return Math.ceil(peak);
}

/** RFC 8216 §4.2: a quoted string has no way to carry a quote or a line end. */
const quote = (text: string): string => `"${text.replace(/["\r\n]/g, " ")}"`;
