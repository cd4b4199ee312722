import type { z } from "zod";
import { type HlsAudio, type HlsVideo, keyframePlaylist, masterPlaylist, mediaPlaylist, type UriOf } from "#media/hls";
import type { Playable } from "#services/media/contract";
import type { Indexes } from "./indexes.ts";
import { bytesUri, keyframesProfile, playlistUri, profileOf } from "./paths.ts";

interface Shown {
  readonly playable: z.output<typeof Playable>;
  readonly generation: number;
  readonly token: string | undefined;
}
const sound = "audio";

const uriOf =
  ({ generation, token }: Shown): UriOf =>
  ({ kind, track }) =>
    kind === "media"
      ? bytesUri(generation, `${track}.mp4`, token)
      : playlistUri(kind === "keyframes" ? keyframesProfile(track) : track, token);

/** The list of renditions; undefined while there is none. The smallest comes first: players begin there. */
export async function masterOf(indexes: Indexes, shown: Shown): Promise<string | undefined> {
  const { renditions } = shown.playable;
  const video = await Promise.all(
    renditions.map(({ profile, video: track }) => hlsVideo(indexes, profile, track?.indexKey)),
  );
  const audio = await hlsAudio(indexes, shown);
  const tracks = video.filter((track) => track !== undefined);
  if (tracks.length === 0 && !audio) return undefined;
  return masterPlaylist(tracks, audio ? [audio] : [], uriOf(shown));
}

/** The segments of one rendition, of the sound, or only key frames; undefined where there is no such profile. */
export async function playlistOf(indexes: Indexes, shown: Shown, name: string): Promise<string | undefined> {
  const { profile, isKeyframes } = profileOf(name);
  const found = shown.playable.renditions.find((rendition) => rendition.profile === profile);
  const track =
    profile === sound ? await hlsAudio(indexes, shown) : await hlsVideo(indexes, profile, found?.video?.indexKey);
  if (!track) return undefined;
  return isKeyframes ? keyframePlaylist(track, uriOf(shown)) : mediaPlaylist(track, uriOf(shown));
}

async function hlsVideo(indexes: Indexes, track: string, key: string | undefined): Promise<HlsVideo | undefined> {
  const index = key === undefined ? undefined : await indexes.of(key);
  return index && { track, index };
}

async function hlsAudio(indexes: Indexes, { playable }: Shown): Promise<HlsAudio | undefined> {
  const found = await hlsVideo(indexes, sound, playable.audio?.indexKey);
  return found && { ...found, name: "Audio" };
}
