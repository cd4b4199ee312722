import type { ListedSegment } from "./listed-segment.ts";
import type { Head } from "./track-window.ts";

/** The target of a URI of a live stream. Paths and tokens are the caller's. */
export type LiveUriTarget =
  /** `isDvr`: it goes back as far as the stream is kept. */
  | { readonly kind: "playlist"; readonly track: string; readonly isDvr: boolean }
  | { readonly kind: "init"; readonly track: string; readonly generation: number }
  | { readonly kind: "segment"; readonly track: string; readonly msn: number }
  | { readonly kind: "part"; readonly track: string; readonly msn: number; readonly part: number };
export type LiveUriOf = (target: LiveUriTarget) => string;

export interface MediaPlaylistFacts {
  readonly track: string;
  readonly isDvr: boolean;
  readonly timescale: number;
  readonly originMs: number;
  readonly partTargetMs: number;
  readonly segmentMaxMs: number;
  /** Every segment that the track has had begins where decoding can begin. */
  readonly isIndependent: boolean;
  /** Oldest first; the last may be open. */
  readonly segments: readonly ListedSegment[];
  readonly head: Head;
  /** Discontinuities before the first segment that is listed. */
  readonly discontinuitySequence: number;
  /** How far the other tracks are. */
  readonly otherHeads: readonly { readonly track: string; readonly head: Head }[];
}

/** A delta update leaves out what is older than this many target durations, the least that is allowed (§4.4.3.8). */
const skipTargets = 6;

/**
 * The segments and parts of one track of a live stream (draft-pantos-hls-rfc8216bis). `isDelta` leaves out old segments
 * that the player knows, where there are any.
 */
export function liveMediaPlaylist(facts: MediaPlaylistFacts, isDelta: boolean, uriOf: LiveUriOf): string {
  const { segments, head } = facts;
  const targetSeconds = Math.ceil(facts.segmentMaxMs / 1_000);
  const skipped = isDelta && !head.isEnded ? skippable(facts, targetSeconds * skipTargets) : 0;
  const lines = [...headOf(facts, targetSeconds), ...(skipped > 0 ? [`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`] : [])];
  let generation = -1;
  for (const segment of segments.slice(skipped)) {
    if (segment.isDiscontinuous) lines.push("#EXT-X-DISCONTINUITY");
    if (segment.generation !== generation)
      lines.push(
        `#EXT-X-MAP:URI=${quote(uriOf({ kind: "init", track: facts.track, generation: segment.generation }))}`,
      );
    generation = segment.generation;
    segmentLines(facts, segment, uriOf, lines);
  }
  lines.push(...tail(facts, uriOf));
  return `${lines.join("\n")}\n`;
}

function headOf(facts: MediaPlaylistFacts, targetSeconds: number): string[] {
  const { segments, head, partTargetMs } = facts;
  const control = [
    ...(head.isEnded ? [] : [`CAN-BLOCK-RELOAD=YES`]),
    `CAN-SKIP-UNTIL=${(targetSeconds * skipTargets).toFixed(1)}`,
    `PART-HOLD-BACK=${((partTargetMs * 3) / 1_000).toFixed(3)}`,
    `HOLD-BACK=${(targetSeconds * 3).toFixed(1)}`,
  ];
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:9",
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    `#EXT-X-SERVER-CONTROL:${control.join(",")}`,
    `#EXT-X-PART-INF:PART-TARGET=${(partTargetMs / 1_000).toFixed(3)}`,
    `#EXT-X-MEDIA-SEQUENCE:${segments[0]?.msn ?? 0}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${facts.discontinuitySequence}`,
    ...(facts.isIndependent ? ["#EXT-X-INDEPENDENT-SEGMENTS"] : []),
  ];
}

function segmentLines(facts: MediaPlaylistFacts, segment: ListedSegment, uriOf: LiveUriOf, lines: string[]): void {
  const { track, timescale, originMs } = facts;
  const { msn, startTicks, durationTicks, parts, isClosed, sizeBytes } = segment;
  if (parts.length > 0 || isClosed)
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(originMs + (startTicks * 1_000) / timescale).toISOString()}`);
  for (const [part, { durationTicks: ticks, isIndependent }] of parts.entries())
    lines.push(
      `#EXT-X-PART:DURATION=${(ticks / timescale).toFixed(5)},URI=${quote(uriOf({ kind: "part", track, msn, part }))}${isIndependent ? ",INDEPENDENT=YES" : ""}`,
    );
  if (!isClosed) return;
  lines.push(`#EXTINF:${(durationTicks / timescale).toFixed(5)},`);
  if (sizeBytes === 0) lines.push("#EXT-X-GAP");
  lines.push(uriOf({ kind: "segment", track, msn }));
}

function tail({ track, isDvr, head, otherHeads }: MediaPlaylistFacts, uriOf: LiveUriOf): string[] {
  if (head.isEnded) return ["#EXT-X-ENDLIST"];
  const next = head.isClosed ? { msn: head.msn + 1, part: 0 } : { msn: head.msn, part: head.parts };
  return [
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI=${quote(uriOf({ kind: "part", track, ...next }))}`,
    ...otherHeads.map(({ track: other, head: at }) => {
      // The last part of a track between two segments is the one before.
      const lastPart = Math.max(0, at.parts - 1);
      return `#EXT-X-RENDITION-REPORT:URI=${quote(uriOf({ kind: "playlist", track: other, isDvr }))},LAST-MSN=${at.msn},LAST-PART=${lastPart}`;
    }),
  ];
}

/** How many segments end before the part of the playlist that a delta must carry. */
function skippable({ segments, timescale }: MediaPlaylistFacts, untilSeconds: number): number {
  let remainingTicks = untilSeconds * timescale;
  let n = segments.length;
  while (n > 0 && remainingTicks > 0) remainingTicks -= segments[--n]?.durationTicks ?? 0;
  return n;
}

export interface Variant {
  readonly track: string;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly peakBps: number;
  readonly averageBps: number;
}
export interface Sound {
  readonly track: string;
  readonly codec: string;
  readonly channels: number | undefined;
  readonly peakBps: number;
  readonly averageBps: number;
}

/**
 * The renditions of a live stream; the best comes first. Each encoding of the sound has a group of its own with all
 * pictures, since a variant states the codecs of both: players take the ones that they can play.
 */
export function liveMasterPlaylist(
  { video, sounds, isDvr }: { video: readonly Variant[]; sounds: readonly Sound[]; isDvr: boolean },
  uriOf: LiveUriOf,
): string {
  const uri = (track: string): string => uriOf({ kind: "playlist", track, isDvr });
  const groups = video.length > 0 ? sounds : [];
  const lines = ["#EXTM3U", "#EXT-X-VERSION:9", ...groups.map((sound) => groupLine(sound, uri(sound.track)))];
  const variant = (picture: Variant, sound?: Sound): string[] => [
    streamLine([
      `BANDWIDTH=${picture.peakBps + (sound?.peakBps ?? 0)},AVERAGE-BANDWIDTH=${picture.averageBps + (sound?.averageBps ?? 0)}`,
      `CODECS=${quote([picture.codec, ...(sound === undefined ? [] : [sound.codec])].join(","))}`,
      `RESOLUTION=${picture.width}x${picture.height},FRAME-RATE=${picture.framesPerSecond.toFixed(3)}`,
      ...(sound === undefined ? [] : [`AUDIO=${quote(groupOf(sound))}`]),
    ]),
    uri(picture.track),
  ];
  if (sounds.length === 0) lines.push(...video.flatMap((picture) => variant(picture)));
  for (const sound of sounds) lines.push(...video.flatMap((picture) => variant(picture, sound)));
  for (const sound of sounds)
    lines.push(
      streamLine([
        `BANDWIDTH=${sound.peakBps},AVERAGE-BANDWIDTH=${sound.averageBps},CODECS=${quote(sound.codec)}`,
        ...(groups.length > 0 ? [`AUDIO=${quote(groupOf(sound))}`] : []),
      ]),
      uri(sound.track),
    );
  return `${lines.join("\n")}\n`;
}

const groupOf = ({ track }: Sound): string => `sound-${track}`;
const streamLine = (attributes: readonly string[]): string =>
  `#EXT-X-STREAM-INF:${[...attributes, "CLOSED-CAPTIONS=NONE"].join(",")}`;

function groupLine(sound: Sound, uri: string): string {
  const channels = sound.channels === undefined ? "" : `,CHANNELS="${sound.channels}"`;
  return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=${quote(groupOf(sound))},NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,URI=${quote(uri)}${channels}`;
}

/** RFC 8216 §4.2: a quoted string has no way to carry a quote or a line end. */
const quote = (text: string): string => `"${text.replace(/["\r\n]/g, " ")}"`;
