import type { Call, Handlers, Id } from "#kernel";
import type { Playable } from "#services/media/contract";
import type { z } from "zod";
import type { Content, playableCache, StreamAccess } from "./access.ts";
import type { contentLookup } from "./content.ts";
import { StreamNotFound, type streaming } from "./contract.ts";
import { downloadName, fileOf } from "./paths.ts";
import { soundsOf } from "./sounds.ts";

interface Parts extends Pick<StreamAccess, "authorize"> {
  readonly cache: ReturnType<typeof playableCache>;
  readonly contentOf: ReturnType<typeof contentLookup>;
}
type Track = { readonly kind: "video" | "audio"; readonly key: string; readonly sizeBytes: number };

/** The stored objects behind the files of content. */
export function files({ authorize, cache, contentOf }: Parts): Pick<Handlers<typeof streaming>, "locate"> {
  const { videos, objects, playableOf } = cache;

  /** A cover that the author chose, by the same rules as its video. @throws StreamNotFound, BadPlaybackToken */
  async function chosenCover(content: Content, generation: number, mediaId: Id, call: Call) {
    let access = await authorize(content, call);
    if (content.scope === "video" && access.coverMediaId !== mediaId) {
      // The author has the link to a new cover before the event of it is here.
      videos.drop(content.id);
      access = await authorize(content, call);
    }
    if (access.coverMediaId !== mediaId || access.generation !== generation) throw StreamNotFound({});
    const playable = await playableOf(mediaId, call);
    if (!playable?.picture || playable.userId !== access.userId) throw StreamNotFound({});
    return { ...playable.picture, isPublic: access.isPublic };
  }

  /** Captions by their id; new captions have an address before the event of them is here. */
  async function captionsOf(mediaId: Id, cached: z.output<typeof Playable>, captionsId: Id, call: Call) {
    const withId = ({ captions }: z.output<typeof Playable>) => captions.find(({ id }) => id === captionsId);
    const captions = withId(cached);
    if (captions) return captions;
    objects.drop(mediaId);
    const fresh = await playableOf(mediaId, call);
    return fresh && withId(fresh);
  }

  return {
    async locate({ generation, file, ...content }, call) {
      const name = fileOf(file);
      if (name?.kind === "chosen_cover") return chosenCover(content, generation, name.mediaId, call);
      const { playable, isPublic, isOwner, ...access } = await contentOf(content, call);
      if (!name || generation !== access.generation) throw StreamNotFound({});
      switch (name.kind) {
        case "source": {
          if (!access.allowDownload && !isOwner) throw StreamNotFound({});
          const { key, sizeBytes, mime } = playable.source;
          // Downloads may be switched off without a new generation, so no cache may store the source.
          return { key, sizeBytes, mime, isPublic: false, attachment: downloadName(access.title, mime) };
        }
        case "captions": {
          const captions = await captionsOf(access.mediaId, playable, name.captionsId, call);
          if (!captions) throw StreamNotFound({});
          const { key, sizeBytes } = captions;
          return { key, sizeBytes, mime: "text/vtt; charset=utf-8", isPublic };
        }
        case "cover":
          if (!playable.cover) throw StreamNotFound({});
          return { ...playable.cover, mime: "image/jpeg", isPublic };
        case "extra": {
          const extra = playable.extras.files.find((one) => one.name === name.name);
          if (!extra) throw StreamNotFound({});
          return { key: extra.key, sizeBytes: extra.sizeBytes, mime: extra.mime, isPublic };
        }
        case "track": {
          const track = trackOf(playable, name.profile);
          if (!track) throw StreamNotFound({});
          return { key: track.key, sizeBytes: track.sizeBytes, mime: `${track.kind}/mp4`, isPublic };
        }
      }
    },
  };
}

/** Also those that players have begun with and no manifest lists any more. */
export const allRenditions = ({ renditions, formerRenditions }: z.output<typeof Playable>) => [
  ...renditions,
  ...formerRenditions,
];

export const trackOf = (playable: z.output<typeof Playable>, name: string): Track | null | undefined =>
  soundsOf(playable).find(({ profile }) => profile === name)?.sound ??
  allRenditions(playable).find(({ profile }) => profile === name)?.video;
