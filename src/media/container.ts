/** The FFmpeg demuxers that may ever be opened. Playlists, scripts, image sequences and network formats are not here. */
export const demuxers = [
  "mov",
  "matroska",
  "mpegts",
  "mpeg",
  "avi",
  "flv",
  "asf",
  "gif",
  "mp3",
  "aac",
  "ogg",
  "wav",
  "flac",
] as const;
export type Demuxer = (typeof demuxers)[number];

/** The type of a file by its first bytes. Media has the demuxer it must be opened with; a still picture has none. */
export type Container =
  | { readonly kind: "video" | "audio"; readonly mime: string; readonly extension: string; readonly demuxer: Demuxer }
  | { readonly kind: "image"; readonly mime: string; readonly extension: string };
export type MediaContainer = Extract<Container, { demuxer: Demuxer }>;
