import type { Notice } from "../notice.ts";
import { MediaRejected } from "../rejection.ts";
import type { FileFacts, StreamFacts } from "./stream-facts.ts";

/** The streams of a file that are published. */
export interface Selection {
  readonly video: StreamFacts | undefined;
  readonly audio: StreamFacts | undefined;
  readonly otherAudio: readonly StreamFacts[];
  readonly captions: readonly StreamFacts[];
  readonly notices: readonly Notice[];
}

/** Pictures and sounds are opened for decoding; attachments, data and captions are not counted. */
const decodedStreamsMax = 64;
/** A film in eight languages; more are left out. */
export const soundsMax = 8;
/** FFmpeg's names of captions that are text; pictures of text stay what they are. */
const textCaptions = new Set(["subrip", "srt", "webvtt", "ass", "ssa", "mov_text", "text"]);
/** Captions are written in one run, with an output each. */
const captionsMax = 64;

/**
 * The picture and the sounds that are published: those that can be decoded, the default ones before others, and the
 * largest picture. Pure. @throws MediaRejected where nothing or too much of the file can be decoded
 */
export function selectStreams({ streams }: FileFacts, decodableCodecs: ReadonlySet<string>): Selection {
  const pictures = streams.filter(({ type, isAttachedPicture }) => type === "video" && !isAttachedPicture);
  const sounds = streams.filter(({ type }) => type === "audio");
  if (pictures.length + sounds.length > decodedStreamsMax) throw new MediaRejected("media.too_many_streams");
  const hasDecoder = ({ codec }: StreamFacts): boolean => decodableCodecs.has(codec);
  const decodablePictures = pictures.filter(hasDecoder);
  if (pictures.length > 0 && decodablePictures.length === 0) throw new MediaRejected("media.unknown_picture");
  const video = decodablePictures.filter(hasSize).toSorted(byImportance)[0];
  if (decodablePictures.length > 0 && video === undefined) throw new MediaRejected("media.unreadable");
  const decodableSounds = sounds.filter((stream) => hasDecoder(stream) && stream.channels > 0);
  const audio = decodableSounds.find(({ isDefault }) => isDefault) ?? decodableSounds[0];
  if (video === undefined && audio === undefined && sounds.length > 0) throw new MediaRejected("media.unknown_sound");
  return {
    video,
    audio,
    otherAudio: decodableSounds.filter((stream) => stream !== audio).slice(0, soundsMax - 1),
    captions: streams.filter(({ type, codec }) => type === "subtitle" && textCaptions.has(codec)).slice(0, captionsMax),
    notices:
      decodableSounds.length === sounds.length ? [] : [audio === undefined ? "media.no_sound" : "media.sound_left_out"],
  };
}

/** FFmpeg says neither of a picture whose first data it cannot decode. */
const hasSize = ({ width, height, pixelFormat }: StreamFacts): boolean =>
  width > 0 && height > 0 && pixelFormat !== undefined;

/** A picture that is switched off or belongs to another one comes last; the sort keeps the order of the file otherwise. */
function byImportance(a: StreamFacts, b: StreamFacts): number {
  return (
    Number(a.isSecondary) - Number(b.isSecondary) ||
    Number(b.isDefault) - Number(a.isDefault) ||
    b.width * b.height - a.width * a.height
  );
}
