import type { Call, Handlers, Id } from "#kernel";
import type { Playable } from "#services/media/contract";
import type { z } from "zod";
import { allRenditions } from "./renditions.ts";
import type { Content, PlayableCache, StreamAccess } from "./access.ts";
import type { ContentLookup } from "./content.ts";
import { StreamNotFound, type streaming } from "./contract.ts";
import { downloadName, type FileName, fileOf } from "./paths.ts";
import { soundsOf } from "./sounds.ts";
import type { Viewings } from "./viewings.ts";

interface Parts extends Pick<StreamAccess, "authorize"> {
  readonly cache: PlayableCache;
  readonly viewings: Viewings;
  readonly partOf: ContentLookup["partOf"];
}
interface StoredFile {
  readonly key: string;
  readonly sizeBytes: number;
  readonly mime: string;
}
type Track = { readonly kind: "video" | "audio"; readonly key: string; readonly sizeBytes: number };

/** The stored objects behind the files of content. */
export function createFiles({ authorize, cache, partOf, viewings }: Parts): Pick<Handlers<typeof streaming>, "locate"> {
  const { videos, playableOf } = cache;

  /** A cover that the author chose, by the same rules as its video. @throws StreamNotFound, BadPlaybackToken */
  async function chosenCover(content: Content, generation: number, mediaId: Id, call: Call) {
    let access = await authorize(content, call);
    if (content.scope === "video" && (access.coverMediaId !== mediaId || access.generation < generation)) {
      // The author has the link to a new cover before the event of it is here.
      videos.drop(content.id);
      access = await authorize(content, call);
    }
    if (access.coverMediaId !== mediaId || access.generation !== generation) throw StreamNotFound({});
    const playable = await playableOf(mediaId, call);
    if (!playable?.picture || playable.userId !== access.userId) throw StreamNotFound({});
    return { ...playable.picture, isPublic: access.isPublic };
  }

  return {
    async locate({ file, ...content }, call) {
      const name = fileOf(file);
      if (!name) throw StreamNotFound({});
      if (name.kind === "chosen_cover") return chosenCover(content, content.generation, name.mediaId, call);
      const { content: access, part } = await partOf(content, ({ playable }) => fileIn(playable, name), call);
      const { isPublic, isOwner } = access;
      if (name.kind === "track") viewings.record(content, call);
      if (name.kind !== "source") return { ...part, isPublic };
      if (!access.allowDownload && !isOwner) throw StreamNotFound({});
      // Downloads may be switched off without a new generation, so no cache may store the source.
      return { ...part, isPublic: false, attachment: downloadName(access.title, part.mime) };
    },
  };
}

/** The stored object of a media object's file. */
function fileIn(
  playable: z.output<typeof Playable>,
  name: Exclude<FileName, { kind: "chosen_cover" }>,
): StoredFile | undefined {
  switch (name.kind) {
    case "source": {
      const { key, sizeBytes, mime } = playable.source;
      return { key, sizeBytes, mime };
    }
    case "captions": {
      const captions = playable.captions.find(({ id }) => id === name.captionsId);
      return captions && { key: captions.key, sizeBytes: captions.sizeBytes, mime: "text/vtt; charset=utf-8" };
    }
    case "cover":
      return playable.cover ? { ...playable.cover, mime: "image/jpeg" } : undefined;
    case "extra": {
      const extra = playable.extras.files.find((file) => file.name === name.name);
      return extra && { key: extra.key, sizeBytes: extra.sizeBytes, mime: extra.mime };
    }
    case "track": {
      const track = trackOf(playable, name.profile);
      return track ? { key: track.key, sizeBytes: track.sizeBytes, mime: `${track.kind}/mp4` } : undefined;
    }
  }
}

export const trackOf = (playable: z.output<typeof Playable>, name: string): Track | null | undefined =>
  soundsOf(playable).find(({ profile }) => profile === name)?.sound ??
  allRenditions(playable).find(({ profile }) => profile === name)?.video;
