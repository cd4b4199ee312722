import { segmentsOf, type TrackIndex } from "./mp4/indexer.ts";

export interface HlsVideo {
  /** Names the rendition to `UriOf`. */
  readonly track: string;
  readonly index: TrackIndex;
}
export interface HlsAudio extends HlsVideo {
  /** For people, such as `English`. */
  readonly name: string;
  /** BCP 47. */
  readonly language?: string;
}

/** What a URI is wanted for. Paths, tokens and generations are the caller's. */
export type UriTarget =
  | { readonly kind: "playlist" | "keyframes"; readonly track: string }
  | { readonly kind: "media"; readonly track: string };
export type UriOf = (target: UriTarget) => string;

const audioGroup = "sound";

/**
 * The list of renditions (RFC 8216 §4.3.4). Without `video` it lists the sound alone; without `audio` it names no group.
 */
export function masterPlaylist(video: readonly HlsVideo[], audio: readonly HlsAudio[], uriOf: UriOf): string {
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"];
  const soundPeak = Math.max(0, ...audio.map(({ index }) => index.peakBps));
  const soundAverage = Math.max(0, ...audio.map(({ index }) => index.averageBps));
  const soundCodecs = audio.map(({ index }) => index.codec);
  const codecs = (...names: string[]): string => quoted([...new Set(names)].join(","));
  if (video.length === 0)
    for (const { track, index } of audio)
      lines.push(
        `#EXT-X-STREAM-INF:${[rates(index.peakBps, index.averageBps), `CODECS=${codecs(index.codec)}`].join(",")}`,
        uriOf({ kind: "playlist", track }),
      );
  else
    for (const [n, { track, name, language }] of audio.entries())
      lines.push(
        `#EXT-X-MEDIA:${[
          `TYPE=AUDIO,GROUP-ID=${quoted(audioGroup)},NAME=${quoted(name)}`,
          ...(language === undefined ? [] : [`LANGUAGE=${quoted(language)}`]),
          `DEFAULT=${n === 0 ? "YES" : "NO"},AUTOSELECT=YES,URI=${quoted(uriOf({ kind: "playlist", track }))}`,
        ].join(",")}`,
      );
  for (const { track, index } of video)
    lines.push(
      `#EXT-X-STREAM-INF:${[
        rates(index.peakBps + soundPeak, index.averageBps + soundAverage),
        `CODECS=${codecs(index.codec, ...soundCodecs)}`,
        `RESOLUTION=${index.width}x${index.height}`,
        `FRAME-RATE=${frameRate(index)}`,
        ...(audio.length > 0 ? [`AUDIO=${quoted(audioGroup)}`] : []),
      ].join(",")}`,
      uriOf({ kind: "playlist", track }),
    );
  for (const { track, index } of video) {
    const peakBps = keyframePeakBps(index);
    if (peakBps === 0) continue;
    const uri = quoted(uriOf({ kind: "keyframes", track }));
    lines.push(
      `#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=${peakBps},CODECS=${codecs(index.codec)},RESOLUTION=${index.width}x${index.height},URI=${uri}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** The segments of one rendition as byte ranges of its one file (RFC 8216 §4.3.3). */
export function mediaPlaylist({ track, index }: HlsVideo, uriOf: UriOf): string {
  const uri = uriOf({ kind: "media", track });
  const lines = [...head(index, uri, [])];
  for (const { durationTicks, size, offset } of segmentsOf(index))
    lines.push(`#EXTINF:${seconds(durationTicks, index)},`, `#EXT-X-BYTERANGE:${size}@${offset}`, uri);
  return `${lines.join("\n")}\n#EXT-X-ENDLIST\n`;
}

/** Only the key frames, for fast seeking with pictures (RFC 8216 §4.3.3.6). */
export function keyframePlaylist({ track, index }: HlsVideo, uriOf: UriOf): string {
  const uri = uriOf({ kind: "media", track });
  const lines = [...head(index, uri, ["#EXT-X-I-FRAMES-ONLY"])];
  // A frame lasts until the next one in the list.
  let pending: { range: string; ticks: number } | undefined;
  const put = (): void => {
    if (pending !== undefined) lines.push(`#EXTINF:${seconds(pending.ticks, index)},`, pending.range, uri);
  };
  for (const { durationTicks, keyframe } of segmentsOf(index))
    if (keyframe !== undefined) {
      put();
      pending = { range: `#EXT-X-BYTERANGE:${keyframe.size}@${keyframe.offset}`, ticks: durationTicks };
    } else if (pending !== undefined) pending.ticks += durationTicks;
  put();
  return `${lines.join("\n")}\n#EXT-X-ENDLIST\n`;
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
    `#EXT-X-MAP:URI=${quoted(uri)},BYTERANGE=${quoted(`${index.init.size}@${index.init.offset}`)}`,
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
  for (const { keyframe, durationTicks } of segmentsOf(index))
    if (keyframe !== undefined) peak = Math.max(peak, (keyframe.size * 8 * index.timescale) / durationTicks);
  return Math.ceil(peak);
}

/** RFC 8216 §4.2: a quoted string has no way to carry a quote or a line end. */
const quoted = (text: string): string => `"${text.replace(/["\r\n]/g, " ")}"`;
