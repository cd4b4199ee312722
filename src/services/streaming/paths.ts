import type { Id } from "#kernel";
import type { Scope } from "./tokens.ts";

/** The path prefix of a scope on the public port. */
const prefixes = { video: "/api/v1/streaming", media: "/api/v1/streaming/media" } as const;
const query = (token: string | undefined): string => (token === undefined ? "" : `?token=${token}`);

export interface Place {
  readonly scope: Scope;
  readonly id: Id;
  readonly generation: number;
  readonly token: string | undefined;
}

/** The place of a public video. */
export const publicPlace = (id: Id, generation: number): Place => ({
  scope: "video",
  id,
  generation,
  token: undefined,
});

export const masterPath = ({ scope, id, token }: Place): string =>
  `${prefixes[scope]}/${id}/master.m3u8${query(token)}`;
export const manifestPath = ({ scope, id, token }: Place): string =>
  `${prefixes[scope]}/${id}/manifest.mpd${query(token)}`;
/** The generation is part of the path, so that a shared cache never answers for an earlier visibility. */
export const bytesPath = ({ scope, id, generation, token }: Place, file: string): string =>
  `${prefixes[scope]}/${id}/g${generation}/${file}${query(token)}`;

/** As written in a master playlist: relative, so that it also holds behind a prefix. */
export const playlistUri = (profile: string, token: string | undefined): string =>
  `${profile}/index.m3u8${query(token)}`;
/** As written in the playlist of a profile. */
export const bytesUri = (place: Place, file: string, cdnOrigin?: string): string =>
  cdnOrigin === undefined ? `../${fileUri(place, file)}` : cdnOrigin + bytesPath(place, file);

/** As written in a DASH manifest. */
export const manifestBytesUri = (place: Place, file: string, cdnOrigin?: string): string =>
  cdnOrigin === undefined ? fileUri(place, file) : cdnOrigin + bytesPath(place, file);
const fileUri = ({ generation, token }: Place, file: string): string => `g${generation}/${file}${query(token)}`;

const keyframes = "-keyframes";
export const keyframesProfile = (profile: string): string => `${profile}${keyframes}`;
/** The rendition of a profile, and whether the profile has its key frames only. */
export const profileOf = (name: string): { readonly profile: string; readonly isKeyframes: boolean } =>
  name.endsWith(keyframes)
    ? { profile: name.slice(0, -keyframes.length), isKeyframes: true }
    : { profile: name, isKeyframes: false };

/** As written beside the master playlist. */
export const extraUri = (generation: number, name: string, token: string | undefined): string =>
  `g${generation}/${name}${query(token)}`;

export type FileName =
  | { readonly kind: "track"; readonly profile: string }
  | { readonly kind: "captions"; readonly captionsId: Id }
  | { readonly kind: "cover" }
  | { readonly kind: "chosen_cover"; readonly mediaId: Id }
  | { readonly kind: "extra"; readonly name: string }
  | { readonly kind: "source" };

/** Another picture has another name, as caches store public files without an end. */
export const coverFile = (mediaId: Id): string => `cover-${mediaId}.webp`;

/** The first sound has no number. */
export const soundProfile = (number: number): string => (number === 1 ? "audio" : `audio-${number}`);

/** Captions are a profile of this name; others of the same language have another. */
export const captionsProfile = (captionsId: Id): string => `caption-${captionsId}`;
/** The captions of a profile; undefined for other profiles. */
export function captionsOf(profile: string): Id | undefined {
  const [, id] = /^caption-([1-9]\d{0,15})$/.exec(profile) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** A part of the captions of a profile, from 1 on. */
export const captionsPartFile = (profile: string, part: number): string => `${profile}-${part}.vtt`;
/** The captions and the part that such a name means; undefined for other names. */
export function captionsPartOf(name: string): { readonly captionsId: Id; readonly part: number } | undefined {
  const [, profile = "", part] = /^(caption-\d{1,16})-([1-9]\d{0,4})\.vtt$/.exec(name) ?? [];
  const captionsId = captionsOf(profile);
  return captionsId === undefined ? undefined : { captionsId, part: Number(part) };
}

/** The meaning of a file's name in a path; undefined where it has none. */
export function fileOf(name: string): FileName | undefined {
  if (name === "cover.jpg") return { kind: "cover" };
  if (name === "source") return { kind: "source" };
  if (/^(?:storyboard-[1-9]\d?\.jpg|preview\.avif|waveform\.json)$/.test(name)) return { kind: "extra", name };
  const [, picture] = /^cover-([1-9]\d{0,15})\.webp$/.exec(name) ?? [];
  if (picture !== undefined) return { kind: "chosen_cover", mediaId: Number(picture) };
  const captionsId = name.endsWith(".vtt") ? captionsOf(name.slice(0, -4)) : undefined;
  if (captionsId !== undefined) return { kind: "captions", captionsId };
  const [, profile] = /^(\d{1,5}p|first|recorded|audio(?:-[2-8])?)\.mp4$/.exec(name) ?? [];
  return profile === undefined ? undefined : { kind: "track", profile };
}

const extensions: Readonly<Record<string, string>> = {
  "video/mp4": "mp4",
  "video/quicktime": "mov",
  "video/3gpp": "3gp",
  "video/webm": "webm",
  "video/x-matroska": "mkv",
  "video/mp2t": "ts",
  "video/mpeg": "mpg",
  "video/ogg": "ogv",
  "video/x-msvideo": "avi",
  "video/x-flv": "flv",
  "video/x-ms-asf": "wmv",
  "image/gif": "gif",
  "audio/mp4": "m4a",
  "audio/mpeg": "mp3",
  "audio/aac": "aac",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "audio/flac": "flac",
};

/** The file name of a download: its title, with the extension of its content. */
export function downloadName(title: string, mime: string): string {
  const extension = extensions[mime] ?? "bin";
  const plain = title.toLowerCase().endsWith(`.${extension}`) ? title.slice(0, -extension.length - 1) : title;
  return `${plain.trim() || "download"}.${extension}`;
}
