import { open, stat } from "node:fs/promises";
import { bannerArguments, factsOfBanner, isBanner } from "./banner.ts";
import { type Chapter, chaptersOf } from "./chapters.ts";
import type { Demuxer, MediaContainer } from "../container.ts";
import { describeArguments, factsOfJson } from "./ffprobe.ts";
import { languageOf, titleOf } from "../language.ts";
import { pixelsMax } from "../lock.ts";
import { isEncryptedMatroska } from "../matroska/encryption.ts";
import { isEncrypted } from "../mp4/encryption.ts";
import { hasSeveralFormats } from "../mp4/formats.ts";
import { hasEdits } from "../mp4/edits.ts";
import type { Read } from "../mp4/indexer.ts";
import type { StreamSpan } from "./packets.ts";
import type { Notice } from "../notice.ts";
import { type Chroma, pixelFormat } from "./pixel-format.ts";
import { MediaRejected } from "../rejection.ts";
import { type Presented, readPresented, type Streams } from "./presented.ts";
import { isVerdict } from "../process/run.ts";
import { type Selection, selectStreams } from "./selection.ts";
import { ask, type Source } from "./source.ts";
import type { FieldOrder, FileFacts, StreamFacts } from "./stream-facts.ts";
import type { Tools } from "../process/tools.ts";

export interface Probe {
  readonly kind: "video" | "audio";
  readonly demuxer: Demuxer;
  /** From the first packet to the end of the last, never from a header. */
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly bitrateBps: number;
  readonly streamCount: number;
  readonly video?: VideoProbe;
  /** The sound that plays unless another is selection. */
  readonly audio?: AudioProbe;
  /** Alternative sounds, such as the same film in another language. */
  readonly otherAudio?: readonly AudioProbe[];
  /** Captions inside the file that are text. */
  readonly captions?: readonly CaptionsProbe[];
  /** The chapters of the file, two at least. */
  readonly chapters?: readonly Chapter[];
  /** The stream that holds an attached picture, such as an album cover. */
  readonly coverIndex?: number;
  /** Parts of the file that do not play. */
  readonly notices?: readonly Notice[];
}

export interface VideoProbe {
  /** Number of the stream in its file. */
  readonly index: number;
  readonly codec: string;
  readonly profile?: string;
  readonly pixelFormat: string;
  readonly bitDepth: number;
  readonly chroma: Chroma;
  /** As stored. */
  readonly width: number;
  readonly height: number;
  /** Upright and with square pixels. */
  readonly displayWidth: number;
  readonly displayHeight: number;
  /** Clockwise degrees the stored picture must be turned by. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** True if a player has to turn or mirror it. */
  readonly isTransformed: boolean;
  readonly sar: number;
  /** The average. */
  readonly fps: number;
  readonly fieldOrder: FieldOrder;
  readonly transfer?: string;
  readonly primaries?: string;
  readonly matrix?: string;
  readonly isFullRange?: boolean;
  /** How much later than the file its first picture is. */
  readonly startMs: number;
  /** When its last picture ends, from the start of the file. */
  readonly endMs: number;
  /** True if the file holds pictures that its author cut out, or shows them in another order. */
  readonly isEdited?: boolean;
  /** The longest seen; long files are looked at in part. */
  readonly keyframeGapMs: number;
  readonly startsWithKeyframe: boolean;
  readonly frames: number;
  /** True if it cannot be copied, as a key frame is damaged or it changes within its file; known once that was tried. */
  readonly isDamaged?: boolean;
}

export interface AudioProbe {
  readonly index: number;
  readonly codec: string;
  readonly profile?: string;
  readonly channels: number;
  readonly sampleRate: number;
  readonly startMs: number;
  /** When it ends, from the start of the file. */
  readonly endMs: number;
  /** True if the file holds more of it than is played, beside the short run-up of an encoder. */
  readonly isEdited?: boolean;
  /** BCP 47; absent where the file does not say. */
  readonly language?: string;
  /** The file's name of it, for viewers. */
  readonly title?: string;
}

export interface CaptionsProbe {
  readonly index: number;
  readonly codec: string;
  readonly language?: string;
  readonly title?: string;
}

/**
 * Players that ignore edit lists play the media before the start of a sound, which delays the sound by as much. A delay
 * is noticed from 125 ms on (ITU-R BT.1359-1), and the run-up of AAC has up to 66 ms.
 */
const soundHiddenMsMax = 100;
const sideMax = 16_384;
const durationMsMax = 12 * 3_600_000;

interface ProbeOptions {
  readonly signal?: AbortSignal;
  /** Called first with what the file holds if its headers are true, while that is still checked. */
  readonly onLikely?: (likely: Probe) => void;
}

/**
 * Finds out by a sandboxed child what a file really holds. Throws `MediaRejected` when it can never be played here, and
 * `RunFailed` when finding out took too long, was aborted, or its child was killed.
 */
export async function probe(
  tools: Tools,
  path: string,
  container: MediaContainer,
  { signal, onLikely }: ProbeOptions = {},
): Promise<Probe> {
  const { size: sizeBytes } = await stat(path);
  if (sizeBytes === 0) throw new MediaRejected("media.empty");
  const source = { tools, path, demuxer: container.demuxer, sizeBytes, signal };
  const { isEncrypted, isEdited } = await headersOf(source);
  if (isEncrypted) throw new MediaRejected("media.encrypted");
  const facts = await describe(source);
  const selection = selectStreams(facts, tools.ffmpeg.decodableCodecs);
  if (selection.video !== undefined) checkPicture(selection.video);
  const streams = {
    main: [selection.video, selection.audio].flatMap((stream) => stream?.index ?? []),
    furtherStreams: selection.otherAudio.map(({ index }) => index),
  };
  const claimed = claimedBy(facts, streams);
  const described = { facts, selection, isEdited };
  if (claimed !== undefined) onLikely?.(probeOf(source, described, claimed));
  const presented = await readPresented(source, streams, { seconds: facts.claimedSeconds, isEdited });
  const result = probeOf(source, described, presented);
  if (result.durationMs > durationMsMax) throw new MediaRejected("media.too_long");
  return result;
}

/** The presentation if the header is true and the file ordinary. */
function claimedBy({ claimedSeconds: end }: FileFacts, { main, furtherStreams }: Streams): Presented | undefined {
  if (end === undefined || end * 1_000 > durationMsMax || main.length === 0) return undefined;
  const span = {
    start: 0,
    end,
    packets: 1,
    keyframeGap: 0,
    lastKey: 0,
    startsWithKey: true,

    lead: 0,
    hidden: 0,
  };
  return {
    start: 0,
    end,
    byStream: new Map([...main, ...furtherStreams].map((index) => [index, span])),
    isCutOff: false,
  };
}

interface Described {
  readonly facts: FileFacts;
  readonly selection: Selection;
  readonly isEdited: boolean;
}

function probeOf(source: Source, { facts, selection, isEdited }: Described, presented: Presented): Probe {
  const { video, audio, otherAudio } = selection;
  const { start, end } = presented;
  const { demuxer, sizeBytes } = source;
  const durationMs = Math.round((end - start) * 1000);
  const cover = facts.streams.find((stream) => stream.isAttachedPicture)?.index;
  const spanOf = (stream: StreamFacts | undefined): StreamSpan | undefined =>
    stream === undefined ? undefined : presented.byStream.get(stream.index);
  const pictureSpan = spanOf(video);
  const soundSpan = spanOf(audio);
  const hasPicture = video !== undefined && pictureSpan !== undefined;
  const otherSounds = otherAudio.flatMap((stream) => {
    const span = spanOf(stream);
    return span === undefined ? [] : [audioOf(stream, span, { start, isEdited })];
  });
  const captions = selection.captions.map((stream) => ({
    index: stream.index,
    codec: stream.codec,
    ...namesOf(stream),
  }));
  const chapters = chaptersOf(facts.chapters, { startSeconds: start, durationMs });
  const notices: readonly Notice[] = [
    ...selection.notices,
    ...(presented.isCutOff ? (["media.end_missing"] as const) : []),
  ];
  if (!hasPicture && soundSpan === undefined) throw new MediaRejected("media.no_streams");
  return {
    kind: hasPicture ? "video" : "audio",
    demuxer,
    durationMs,
    sizeBytes,
    bitrateBps: durationMs > 0 ? Math.round((sizeBytes * 8000) / durationMs) : 0,
    streamCount: facts.streams.length,
    ...(hasPicture && { video: videoOf(video, pictureSpan, { start, isEdited }) }),
    ...(audio !== undefined && soundSpan !== undefined && { audio: audioOf(audio, soundSpan, { start, isEdited }) }),
    ...(otherSounds.length > 0 && { otherAudio: otherSounds }),
    ...(captions.length > 0 && { captions }),
    ...(chapters.length > 0 && { chapters }),
    ...(cover !== undefined && { coverIndex: cover }),
    ...(notices.length > 0 && { notices }),
  };
}

/** Facts in the headers of some formats that FFmpeg does not report. */
interface Headers {
  /** FFmpeg decodes noise where it has no key, and says nothing. */
  readonly isEncrypted: boolean;
  /** True if it is put together from several stretches, or of several formats. */
  readonly isEdited: boolean;
}

async function headersOf({ path, demuxer, sizeBytes }: Source): Promise<Headers> {
  if (demuxer !== "mov" && demuxer !== "matroska") return { isEncrypted: false, isEdited: false };
  const file = await open(path);
  const read: Read = async (offset, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  try {
    if (demuxer === "matroska") return { isEncrypted: await isEncryptedMatroska(read, sizeBytes), isEdited: false };
    const isEdited = (await hasEdits(read, sizeBytes)) || (await hasSeveralFormats(read, sizeBytes));
    return { isEncrypted: await isEncrypted(read, sizeBytes), isEdited };
  } finally {
    await file.close();
  }
}

async function describe(source: Source): Promise<FileFacts> {
  const { tools, demuxer, path } = source;
  const { ffprobe } = tools.ffmpeg;
  try {
    if (ffprobe !== undefined) {
      const { output, messages } = await ask(source, [ffprobe, ...describeArguments(demuxer, path)]);
      // A picture over the limit is only a message here: ffprobe goes on without its details.
      if (tooManyPixels.test(messages)) throw new MediaRejected("media.too_many_pixels");
      return factsOfJson(output);
    }
    await ask(source, [tools.ffmpeg.path, ...bannerArguments(demuxer, path)]);
  } catch (error) {
    if (!isVerdict(error)) throw error;
    if (tooManyPixels.test(error.messages)) throw new MediaRejected("media.too_many_pixels", { cause: error });
    if (isBanner(error.messages)) return factsOfBanner(error.messages);
    throw new MediaRejected("media.unreadable", { cause: error });
  }
  throw new MediaRejected("media.unreadable");
}
const tooManyPixels = /exceeds specified max pixel count|Picture size \d+x\d+ is invalid/;

function checkPicture({ width, height }: StreamFacts): void {
  if (width > sideMax || height > sideMax || width * height > pixelsMax)
    throw new MediaRejected("media.too_many_pixels");
}

/** The clock of a film, and whether an edit list puts it together. */
interface Film {
  readonly start: number;
  readonly isEdited: boolean;
}

function videoOf(stream: StreamFacts, span: StreamSpan, { start, isEdited }: Film): VideoProbe {
  const { index, codec, profile, width, height, sar, fieldOrder, transfer, primaries, matrix, isFullRange, fps } =
    stream;
  const quarters = Math.round((((360 - (stream.matrixRotation ?? 0)) % 360) + 360) / 90) % 4;
  const rotation = ([0, 90, 180, 270] as const)[quarters] ?? 0;
  const squareWidth = Math.max(1, Math.round(width * sar));
  const isSideways = rotation === 90 || rotation === 270;
  const name = stream.pixelFormat ?? "unknown";
  const lasts = span.end - span.start;
  return {
    index,
    codec,
    ...(profile !== undefined && { profile }),
    pixelFormat: name,
    ...pixelFormat(name),
    width,
    height,
    displayWidth: isSideways ? height : squareWidth,
    displayHeight: isSideways ? squareWidth : height,
    rotation,
    isTransformed: stream.matrixRotation !== undefined,
    sar,
    fps: Math.round((fps > 0 ? fps : lasts > 0 ? span.packets / lasts : 0) * 1000) / 1000,
    fieldOrder,
    ...(transfer !== undefined && { transfer }),
    ...(primaries !== undefined && { primaries }),
    ...(matrix !== undefined && { matrix }),
    ...(isFullRange && { isFullRange }),
    startMs: Math.round((span.start - start) * 1000),
    endMs: Math.round((span.end - start) * 1000),
    ...((isEdited || span.lead > 0 || span.hidden > 0) && { isEdited: true }),
    keyframeGapMs: Math.round(span.keyframeGap * 1000),
    startsWithKeyframe: span.startsWithKey,
    frames: span.packets,
  };
}

function audioOf(stream: StreamFacts, span: StreamSpan, { start, isEdited }: Film): AudioProbe {
  const { index, codec, profile, channels, sampleRate } = stream;
  return {
    index,
    codec,
    ...(profile !== undefined && { profile }),
    channels,
    sampleRate,
    startMs: Math.round((span.start - start) * 1000),
    endMs: Math.round((span.end - start) * 1000),
    ...((isEdited || Math.max(span.lead, span.hidden) * 1_000 > soundHiddenMsMax) && { isEdited: true }),
    ...namesOf(stream),
  };
}

function namesOf(stream: StreamFacts): { readonly language?: string; readonly title?: string } {
  const language = languageOf(stream.language);
  const title = titleOf(stream.title);
  return { ...(language !== undefined && { language }), ...(title !== undefined && { title }) };
}
