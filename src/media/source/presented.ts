import {
  checksumArguments,
  createChecksumReader,
  hasBrokenClock,
  packetArguments,
  packetOfLine,
  createSpans,
  type StreamSpan,
  wholeSecondsMax,
} from "./packets.ts";
import { MediaRejected } from "../rejection.ts";
import { isVerdict, RunFailed } from "../process/run.ts";
import { ask, type Source } from "./source.ts";

/** Numbers of streams: `main` are the streams of the film, whose length it has; `furtherStreams` can be chosen. */
export interface Streams {
  readonly main: readonly number[];
  readonly furtherStreams: readonly number[];
}

/** The presented part of a file, in seconds of its clock: lengths, checks, covers and the choice of copying come from it. */
export interface Presented {
  readonly start: number;
  readonly end: number;
  readonly byStream: ReadonlyMap<number, StreamSpan>;
  /** True if the file ends before what it announces. */
  readonly isCutOff: boolean;
}

/** The facts in the header of a file. */
export interface Claims {
  /** Its duration; a hint on where to look, never an answer. */
  readonly seconds: number | undefined;
  /** True if an edit list puts it together from several stretches. */
  readonly isEdited: boolean;
}

/** Adds up the packets that are shown. @throws MediaRejected where there are none */
export async function readPresented(
  source: Source,
  { main, furtherStreams }: Streams,
  { seconds, isEdited }: Claims,
): Promise<Presented> {
  if (main.length === 0) throw new MediaRejected("media.no_streams");
  const all = [...main, ...furtherStreams];
  try {
    // Edits may hide something in the middle, and clocks may jump there.
    if (seconds !== undefined && seconds > wholeSecondsMax && !isEdited && !hasBrokenClock(source.demuxer)) {
      const ends = await addUp(source, all, seconds).catch(unlessEnded);
      const presented = ends && presentedOf(ends, main);
      // The header is true, give or take the duration of the last packets.
      if (presented !== undefined && Math.abs(presented.end - presented.start - seconds) < 2) return presented;
    }
    const whole = await addUp(source, all);
    return presentedOf(whole.isCutOff ? await oneByOne(source, all) : whole, main);
  } catch (error) {
    if (isVerdict(error)) throw new MediaRejected("media.unreadable", { cause: error });
    throw error;
  }
}

/** A jump to where the header lies about may fail; reading everything is then the answer. */
function unlessEnded(error: unknown): undefined {
  if (error instanceof RunFailed && (error.reason === "deadline" || error.reason === "aborted")) throw error;
}

type Sum = Pick<Presented, "byStream" | "isCutOff">;

function presentedOf({ byStream, isCutOff }: Sum, main: readonly number[]): Presented {
  const film = main.flatMap((index) => byStream.get(index) ?? []);
  if (film.length === 0) throw new MediaRejected("media.no_streams");
  return {
    start: Math.min(...film.map((span) => span.start)),
    end: Math.max(...film.map((span) => span.end)),
    byStream,
    isCutOff,
  };
}

/** In a file that is cut off, FFmpeg ends with the first stream that does: each has more by itself. */
async function oneByOne(source: Source, streams: readonly number[]): Promise<Sum> {
  const byStream = new Map<number, StreamSpan>();
  for (const stream of streams)
    for (const [index, span] of (await addUp(source, [stream])).byStream) byStream.set(index, span);
  return { byStream, isCutOff: true };
}

async function addUp(source: Source, streams: readonly number[], endsOf?: number): Promise<Sum> {
  const { tools, demuxer, path } = source;
  const { ffprobe } = tools.ffmpeg;
  const [command, packetOf] =
    ffprobe === undefined || hasBrokenClock(demuxer)
      ? [[tools.ffmpeg.path, ...checksumArguments(demuxer, path, streams)], createChecksumReader(streams)]
      : [[ffprobe, ...packetArguments(demuxer, path, streams, endsOf)], packetOfLine];
  const shown = createSpans(demuxer);
  let unfinishedLine = "";
  const { messages } = await ask(source, command, (text) => {
    const lines = (unfinishedLine + text).split("\n");
    // A line is far shorter; what comes without an end is not kept.
    unfinishedLine = (lines.pop() ?? "").slice(0, 4096);
    for (const line of lines) {
      const packet = packetOf(line);
      if (packet !== undefined && streams.includes(packet.stream)) shown.add(packet);
    }
  });
  return { byStream: shown.byStream, isCutOff: cutOff.test(messages) };
}

/** Messages of demuxers for a file that ends inside a packet (libavformat/mov.c, utils.c, matroskadec.c). */
const cutOff = /partial file|Packet corrupt|File ended prematurely/;
