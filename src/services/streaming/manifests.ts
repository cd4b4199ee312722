import type { z } from "zod";
import { dashManifest } from "#media/playlists/dash";
import {
  captionsPlaylist,
  type HlsAudio,
  type HlsVideo,
  keyframePlaylist,
  masterPlaylist,
  mediaPlaylist,
  type UriOf,
} from "#media/playlists/hls";
import type { Playable } from "#services/media/contract";
import { allRenditions } from "./renditions.ts";
import {
  bytesUri,
  captionsOf,
  captionsPartFile,
  captionsProfile,
  keyframesProfile,
  manifestBytesUri,
  playlistUri,
  profileOf,
  type Place,
} from "./paths.ts";
import { type NamedSound, soundsOf } from "./sounds.ts";
import type { Indexes } from "./stored-texts.ts";

interface PlayableContent {
  readonly playable: z.output<typeof Playable>;
  readonly place: Place;
  /** The origin of a CDN that public content is fetched from as well. */
  readonly cdnOrigin: string | undefined;
}

const fileName = (track: string): string => `${track}.${captionsOf(track) === undefined ? "mp4" : "vtt"}`;

const uriOf =
  ({ place, cdnOrigin }: PlayableContent): UriOf =>
  (target) => {
    const { kind, track } = target;
    // A part of captions is made for each request, and stays on this server: removed captions end without a purge.
    if (kind === "captions_part") return bytesUri(place, captionsPartFile(track, target.part));
    return kind === "media" || kind === "captions"
      ? bytesUri(place, fileName(track), cdnOrigin)
      : playlistUri(kind === "keyframes" ? keyframesProfile(track) : track, place.token);
  };

/** The list of renditions; undefined while there is none. The smallest comes first: players begin there. */
export async function masterOf(indexes: Indexes, content: PlayableContent): Promise<string | undefined> {
  const { video, audio, captions } = await tracksOf(indexes, content);
  if (video.length === 0 && audio.length === 0) return undefined;
  return masterPlaylist(video, audio, captions, uriOf(content));
}

/** The same renditions for players of DASH; undefined while there is none. */
export async function manifestOf(indexes: Indexes, content: PlayableContent): Promise<string | undefined> {
  const { video, audio, captions } = await tracksOf(indexes, content);
  const { place, cdnOrigin } = content;
  return dashManifest(video, audio, captions, (track) => manifestBytesUri(place, fileName(track), cdnOrigin));
}

async function tracksOf(indexes: Indexes, content: PlayableContent) {
  const { renditions } = content.playable;
  const video = await Promise.all(
    renditions.map(({ profile, video: track }) => hlsVideo(indexes, profile, track?.indexKey)),
  );
  const audio = await Promise.all(soundsOf(content.playable).map((sound) => hlsAudio(indexes, sound)));
  const captions = content.playable.captions.map(({ id, language, label }) => ({
    track: captionsProfile(id),
    name: label,
    label,
    language,
  }));
  return {
    captions,
    video: video.filter((track) => track !== undefined),
    audio: audio.filter((track) => track !== undefined),
  };
}

/** The segments of one rendition, of the sound, or only key frames; undefined where there is no such profile. */
export async function playlistOf(
  indexes: Indexes,
  content: PlayableContent,
  name: string,
): Promise<string | undefined> {
  const captionsId = captionsOf(name);
  if (captionsId !== undefined) {
    const { captions, durationMs } = content.playable;
    const isThere = captions.some(({ id }) => id === captionsId);
    return isThere ? captionsPlaylist(name, durationMs, uriOf(content)) : undefined;
  }
  const { profile, isKeyframes } = profileOf(name);
  const profileRendition = allRenditions(content.playable).find((rendition) => rendition.profile === profile);
  const sound = soundsOf(content.playable).find((namedSound) => namedSound.profile === profile);
  const track = await hlsVideo(indexes, profile, (sound?.sound ?? profileRendition?.video)?.indexKey);
  if (!track) return undefined;
  return isKeyframes ? keyframePlaylist(track, uriOf(content)) : mediaPlaylist(track, uriOf(content));
}

async function hlsVideo(indexes: Indexes, track: string, key: string | undefined): Promise<HlsVideo | undefined> {
  const index = key === undefined ? undefined : await indexes.of(key);
  return index && { track, index };
}

async function hlsAudio(indexes: Indexes, { profile, name, sound }: NamedSound): Promise<HlsAudio | undefined> {
  const track = await hlsVideo(indexes, profile, sound.indexKey);
  return track && { ...track, name, ...(sound.language !== null && { language: sound.language }) };
}
