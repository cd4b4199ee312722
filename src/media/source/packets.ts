import { flags } from "../flags.ts";
import type { Demuxer } from "../container.ts";
import { input } from "../lock.ts";

/** One compressed packet. Times in seconds of the stream; the end is where its picture or sound stops. */
export interface Packet {
  readonly stream: number;
  readonly start: number;
  readonly end: number;
  readonly isKey: boolean;
  /** True if it is decoded for others alone and never shown, as an edit list says. */
  readonly isHidden: boolean;
}

/** Files that claim to be longer are read at both ends only, as long as the end is where they claim. */
export const wholeSecondsMax = 180;

/**
 * Formats whose clocks may start again, jump, or pass the end of their 33 bits. FFmpeg closes such gaps where it copies or
 * decodes; ffprobe lists the clocks as they are.
 */
const brokenClocks: ReadonlySet<Demuxer> = new Set(["mpegts", "mpeg", "ogg"]);
export const hasBrokenClock = (demuxer: Demuxer): boolean => brokenClocks.has(demuxer);

/** Formats whose films begin at zero: what they hold before it is the run-up of an encoder, or cut off. */
const zeroBased: ReadonlySet<Demuxer> = new Set(["mov", "matroska"]);

/** Arguments that make ffprobe list packets of some streams: all, or those of the first minute and the last seconds. */
export const packetArguments = (
  demuxer: Demuxer,
  path: string,
  streams: readonly number[],
  claimedSeconds?: number,
): string[] => [
  ...flags("-v error"),
  // ffprobe selects one stream or all.
  ...(streams.length === 1 ? ["-select_streams", streams.join()] : []),
  ...(claimedSeconds === undefined ? [] : ["-read_intervals", `%+60,${Math.floor(claimedSeconds) - 20}%`]),
  ...flags("-show_entries packet=stream_index,pts_time,dts_time,duration_time,flags -of compact=p=0"),
  ...input(demuxer, path),
];

/** Reads one line of `packetArguments`; the fields come in the order ffprobe has them in. */
export function packetOfLine(line: string): Packet | undefined {
  const match = listed.exec(line);
  if (match === null) return undefined;
  const { 1: stream, 2: pts = "", 3: dts = "", 4: duration, 5: key, 6: discard } = match;
  const start = Number(pts === "N/A" ? dts : pts);
  const lasts = Number(duration);
  if (!Number.isFinite(start)) return undefined;
  const end = start + (lasts > 0 ? lasts : 0);
  return { stream: Number(stream), start, end, isKey: key === "K", isHidden: discard === "D" };
}
const listed = /^stream_index=(\d+)\|pts_time=([^|]*)\|dts_time=([^|]*)\|duration_time=([^|]*)\|flags=(.)(.)/;

/**
 * Arguments that make FFmpeg list all packets of some streams (libavformat/framecrcenc.c): for builds without ffprobe, and
 * for formats with broken clocks, whose gaps it closes as it does when it makes renditions.
 */
export const checksumArguments = (demuxer: Demuxer, path: string, streams: readonly number[]): string[] => [
  ...flags("-hide_banner -nostdin -nostats -loglevel error"),
  ...(hasBrokenClock(demuxer) ? [] : ["-copyts"]),
  ...input(demuxer, path),
  ...streams.flatMap((index) => ["-map", `0:${index}`]),
  ...flags("-c copy -copyinkf -f framecrc pipe:1"),
];

/** Bits of AVPacket.flags. */
const keyFlag = 1;
const discardFlag = 4;

/** Reads lines of `checksumArguments`; header lines give the time bases and no packet. */
export function createChecksumReader(streams: readonly number[]): (line: string) => Packet | undefined {
  const tickSeconds = new Map<number, number>();
  return (line) => {
    const base = /^#tb (\d+): (\d+)\/(\d+)/.exec(line);
    if (base !== null) tickSeconds.set(Number(base[1]), Number(base[2]) / Number(base[3]));
    if (line.startsWith("#")) return undefined;
    const [output = Number.NaN, , pts = Number.NaN, lasts = 0] = line.split(",", 4).map(Number);
    const tick = tickSeconds.get(output);
    const stream = streams[output];
    if (tick === undefined || stream === undefined || !Number.isFinite(pts)) return undefined;
    // Flags are written only when they are not those of a plain key frame.
    const written = /, F=0x([0-9A-Fa-f]+)/.exec(line)?.[1];
    const bits = written === undefined ? keyFlag : Number.parseInt(written, 16);
    return {
      stream,
      start: pts * tick,
      end: (pts + Math.max(0, lasts)) * tick,
      isKey: (bits & keyFlag) !== 0,
      isHidden: (bits & discardFlag) !== 0,
    };
  };
}

/** The presented part of one stream. */
export interface StreamSpan {
  start: number;
  end: number;
  packets: number;
  /** The longest time between two key frames among the packets seen, or from the last one to the end. */
  keyframeGap: number;
  lastKey: number;
  startsWithKey: boolean;
  /** The duration of the packets that are hidden before the start. */
  lead: number;
  /** The duration of the packets that are hidden after the start. */
  hidden: number;
}

export interface Spans {
  add(packet: Packet): void;
  readonly byStream: ReadonlyMap<number, StreamSpan>;
}

/** Adds up by stream what of the packets is shown. */
export function createSpans(demuxer: Demuxer): Spans {
  const byStream = new Map<number, StreamSpan>();
  const hiddenStarts = new Map<number, number>();
  const isZeroBased = zeroBased.has(demuxer);

  function addHidden(stream: number, start: number, end: number): void {
    const span = byStream.get(stream);
    if (span === undefined) hiddenStarts.set(stream, Math.min(hiddenStarts.get(stream) ?? start, start));
    else span.hidden += end - start;
  }

  return {
    byStream,
    add({ stream, start: stamped, end, isKey, isHidden }) {
      if (isHidden || (isZeroBased && stamped < 0 && end <= 0)) return addHidden(stream, stamped, end);
      const start = isZeroBased ? Math.max(0, stamped) : stamped;
      const span = byStream.get(stream);
      if (span === undefined) {
        const lead = Math.max(0, start - Math.min(hiddenStarts.get(stream) ?? start, stamped));
        const first = { start, end, packets: 1, keyframeGap: 0, lastKey: start, startsWithKey: isKey };
        byStream.set(stream, { ...first, lead, hidden: 0 });
        return;
      }
      // Reading jumps to the end of long files: a hole is no gap between key frames.
      const jumped = start - span.end > 60;
      span.start = Math.min(span.start, start);
      span.end = Math.max(span.end, end);
      span.packets += 1;
      if (jumped) span.lastKey = start;
      else span.keyframeGap = Math.max(span.keyframeGap, (isKey ? start : end) - span.lastKey);
      if (isKey) span.lastKey = Math.max(span.lastKey, start);
    },
  };
}
