import type { Call, Handlers } from "#kernel";
import { captionsPart, captionsPartsOf } from "#media/captions/parts";
import { storyboardVtt } from "#media/extras/storyboard";
import type { Playable } from "#services/media/contract";
import type { z } from "zod";
import type { Access, Content, PlayableCache, StreamAccess } from "./access.ts";
import { chaptersVtt } from "./chapters.ts";
import { StreamNotFound, type streaming } from "./contract.ts";
import { manifestOf, masterOf, playlistOf } from "./manifests.ts";
import { captionsPartOf, extraUri, type Place } from "./paths.ts";
import type { Indexes, StoredCaptions } from "./stored-texts.ts";
import type { Viewings } from "./viewings.ts";

interface Parts extends Pick<StreamAccess, "authorize" | "placeOf"> {
  readonly cache: PlayableCache;
  readonly cdnOrigin: string | undefined;
}
/** Content with all that its manifests and files are made of. */
export interface PlayableContent extends Access {
  readonly playable: z.output<typeof Playable>;
  readonly place: Place;
  readonly cdnOrigin: string | undefined;
}
export interface ContentLookup {
  /** @throws StreamNotFound, BadPlaybackToken */
  readonly contentOf: (content: Content, call: Call) => Promise<PlayableContent>;
  /**
   * Content and the part of it that `find` yields, for an address with its generation. An address is public before the events
   * of its video are here: what cached rows lack is looked up at its owners once more.
   * @throws StreamNotFound, BadPlaybackToken
   */
  readonly partOf: <T>(
    content: Content & { readonly generation?: number },
    find: (content: PlayableContent) => T | null | undefined,
    call: Call,
  ) => Promise<{ readonly content: PlayableContent; readonly part: T }>;
}

export function createContentLookup({ authorize, placeOf, cache, cdnOrigin }: Parts): ContentLookup {
  async function contentOf(content: Content, call: Call): Promise<PlayableContent> {
    const access = await authorize(content, call);
    const playable = await cache.playableOf(access.mediaId, call);
    if (!playable) throw StreamNotFound({});
    const place = placeOf({ ...content, token: access.token }, access, call);
    return { ...access, playable, place, cdnOrigin: access.isPublic ? cdnOrigin : undefined };
  }

  return {
    contentOf,

    async partOf({ generation, ...content }, find, call) {
      const look = (from: PlayableContent) => {
        const isCurrent = generation === undefined || generation === from.generation;
        const part = isCurrent ? find(from) : undefined;
        return part === null || part === undefined ? undefined : { content: from, part };
      };
      const cached = await contentOf(content, call);
      // A former generation never comes back.
      if (generation !== undefined && generation < cached.generation) throw StreamNotFound({});
      const part = look(cached);
      if (part) return part;
      if (content.scope === "video") cache.videos.drop(content.id);
      cache.objects.drop(cached.mediaId);
      const current = look(await contentOf(content, call));
      if (!current) throw StreamNotFound({});
      return current;
    },
  };
}

/** Manifests and texts that players fetch: rendered for each request, from stored indexes. */
export const createManifests = (
  indexes: Indexes,
  storedCaptions: StoredCaptions,
  { contentOf, partOf, viewings }: ContentLookup & { readonly viewings: Viewings },
): Pick<Handlers<typeof streaming>, "playlist" | "manifest" | "storyboard" | "chapters" | "captions"> => ({
  async playlist({ profile, ...content }, call) {
    const playableContent = await contentOf(content, call);
    const text = await (profile === undefined
      ? masterOf(indexes, playableContent)
      : playlistOf(indexes, playableContent, profile));
    if (text === undefined) throw StreamNotFound({});
    viewings.record(content, call);
    return { text, isPublic: playableContent.isPublic };
  },

  async manifest(content, call) {
    const playableContent = await contentOf(content, call);
    const text = await manifestOf(indexes, playableContent);
    if (text === undefined) throw StreamNotFound({});
    viewings.record(content, call);
    return { text, isPublic: playableContent.isPublic };
  },

  async storyboard(content, call) {
    const {
      part: storyboard,
      content: { playable, generation, place, isPublic },
    } = await partOf(content, ({ playable }) => playable.extras.storyboard, call);
    const uri = (sheet: number) => extraUri(generation, `storyboard-${sheet}.jpg`, place.token);
    return { text: storyboardVtt(storyboard, playable.durationMs, uri), isPublic };
  },

  async captions({ file, ...content }, call) {
    const { captionsId, part: number = 0 } = captionsPartOf(file) ?? {};
    const withId = ({ playable }: PlayableContent) => playable.captions.find(({ id }) => id === captionsId);
    const {
      part: captions,
      content: { playable, isPublic },
    } = await partOf(content, withId, call);
    const count = captionsPartsOf(playable.durationMs);
    if (number > count) throw StreamNotFound({});
    return { text: captionsPart(await storedCaptions.of(captions.key), number, count), isPublic };
  },

  async chapters(content, call) {
    const withChapters = ({ chapters }: PlayableContent) => (chapters.length > 0 ? chapters : undefined);
    const {
      part: chapters,
      content: { playable, isPublic },
    } = await partOf(content, withChapters, call);
    return { text: chaptersVtt(chapters, playable.durationMs), isPublic };
  },
});
