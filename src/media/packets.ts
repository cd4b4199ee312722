import { flags } from "./flags.ts";
import type { Demuxer } from "./container.ts";
import { input } from "./lock.ts";

/** One compressed packet. Times in seconds of the stream; the end is where its picture or sound stops. */
export interface Packet {
  readonly stream: number;
  readonly start: number;
  readonly end: number;
  readonly isKey: boolean;
}

/** Files that claim to be longer are read at both ends only, as long as the end is where they claim. */
export const wholeSecondsMax = 180;

/** Arguments that make ffprobe list packets: all, or those of the first minute and the last seconds. */
export const packetArguments = (demuxer: Demuxer, path: string, claimedSeconds?: number): string[] => [
  ...flags("-v error"),
  ...(claimedSeconds === undefined ? [] : ["-read_intervals", `%+60,${Math.floor(claimedSeconds) - 20}%`]),
  ...flags("-show_entries packet=stream_index,pts_time,dts_time,duration_time,flags -of compact=p=0"),
  ...input(demuxer, path),
];

/** Reads one line of `packetArguments`; the fields come in the order ffprobe has them in. */
export function packetOfLine(line: string): Packet | undefined {
  const match = listed.exec(line);
  if (match === null) return undefined;
  const { 1: stream, 2: pts = "", 3: dts = "", 4: duration, 5: key } = match;
  const start = Number(pts === "N/A" ? dts : pts);
  const lasts = Number(duration);
  if (!Number.isFinite(start)) return undefined;
  return { stream: Number(stream), start, end: start + (lasts > 0 ? lasts : 0), isKey: key === "K" };
}
const listed = /^stream_index=(\d+)\|pts_time=([^|]*)\|dts_time=([^|]*)\|duration_time=([^|]*)\|flags=(.)/;

/** Arguments that make FFmpeg list all packets of some streams, for builds without ffprobe (libavformat/framecrcenc.c). */
export const checksumArguments = (demuxer: Demuxer, path: string, streams: readonly number[]): string[] => [
  ...flags("-hide_banner -nostdin -nostats -loglevel error -copyts"),
  ...input(demuxer, path),
  ...streams.flatMap((index) => ["-map", `0:${index}`]),
  ...flags("-c copy -f framecrc pipe:1"),
];

/** Reads lines of `checksumArguments`; header lines give the time bases and no packet. */
export function checksumReader(streams: readonly number[]): (line: string) => Packet | undefined {
  const tickSeconds = new Map<number, number>();
  return (line) => {
    const base = /^#tb (\d+): (\d+)\/(\d+)/.exec(line);
    if (base !== null) tickSeconds.set(Number(base[1]), Number(base[2]) / Number(base[3]));
    if (line.startsWith("#")) return undefined;
    const [output = Number.NaN, , pts = Number.NaN, lasts = 0] = line.split(",", 4).map(Number);
    const tick = tickSeconds.get(output);
    const stream = streams[output];
    if (tick === undefined || stream === undefined || !Number.isFinite(pts)) return undefined;
    // Flags are written only when they are not those of a plain key frame; bit 0 is the key flag.
    const keyFlags = /, F=0x([0-9A-Fa-f]+)/.exec(line)?.[1];
    const isKey = keyFlags === undefined || (Number.parseInt(keyFlags, 16) & 1) === 1;
    return { stream, start: pts * tick, end: (pts + Math.max(0, lasts)) * tick, isKey };
  };
}

/** The span of one stream's packets. */
export interface StreamSpan {
  start: number;
  end: number;
  packets: number;
  /** The longest time between two key frames among the packets seen, or from the last one to the end. */
  keyframeGap: number;
  lastKey: number;
  startsWithKey: boolean;
  /** How much there is before its start that is decoded and never played, as an edit list says. */
  lead: number;
}

/** Adds packets up by stream. */
export function spans(): { add(packet: Packet): void; readonly byStream: ReadonlyMap<number, StreamSpan> } {
  const byStream = new Map<number, StreamSpan>();
  const leads = new Map<number, number>();
  return {
    get byStream() {
      for (const [stream, span] of byStream) span.lead = leads.get(stream) ?? 0;
      return byStream;
    },
    add({ stream, start: stamped, end, isKey }) {
      // A packet before zero is an encoder's run-up, cut off by an edit list; it is never played.
      if (stamped < 0) leads.set(stream, Math.max(leads.get(stream) ?? 0, -stamped));
      if (stamped < 0 && end <= 0) return;
      const start = Math.max(0, stamped);
      const span = byStream.get(stream);
      if (span === undefined) {
        const first = { start, end, packets: 1, keyframeGap: 0, lastKey: start, startsWithKey: isKey, lead: 0 };
        byStream.set(stream, first);
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
