import type { Call, Handlers } from "#kernel";
import { captionsPart, captionsPartsOf } from "#media/captions/parts";
import { storyboardVtt } from "#media/storyboard";
import type { Content, playableCache, StreamAccess } from "./access.ts";
import { chaptersVtt } from "./chapters.ts";
import { StreamNotFound, type streaming } from "./contract.ts";
import { manifestOf, masterOf, playlistOf } from "./manifests.ts";
import { captionsPartOf, extraUri } from "./paths.ts";
import type { Indexes, StoredCaptions } from "./stored-texts.ts";

interface Parts extends Pick<StreamAccess, "authorize" | "placeOf"> {
  readonly cache: Pick<ReturnType<typeof playableCache>, "playableOf">;
  readonly cdnOrigin: string | undefined;
}

/** Content with all that its manifests and files are made of. @throws StreamNotFound, BadPlaybackToken */
export const contentLookup =
  ({ authorize, placeOf, cache, cdnOrigin }: Parts) =>
  async (content: Content, call: Call) => {
    const access = await authorize(content, call);
    const playable = await cache.playableOf(access.mediaId, call);
    if (!playable) throw StreamNotFound({});
    const place = placeOf({ ...content, token: access.token }, access, call);
    return { ...access, playable, place, cdnOrigin: access.isPublic ? cdnOrigin : undefined };
  };

/** Manifests and texts that players fetch: rendered for each request, from stored indexes. */
export const manifests = (
  indexes: Indexes,
  storedCaptions: StoredCaptions,
  contentOf: ReturnType<typeof contentLookup>,
): Pick<Handlers<typeof streaming>, "playlist" | "manifest" | "storyboard" | "chapters" | "captions"> => ({
  async playlist({ profile, ...content }, call) {
    const playableContent = await contentOf(content, call);
    const text = await (profile === undefined
      ? masterOf(indexes, playableContent)
      : playlistOf(indexes, playableContent, profile));
    if (text === undefined) throw StreamNotFound({});
    return { text, isPublic: playableContent.isPublic };
  },

  async manifest(content, call) {
    const playableContent = await contentOf(content, call);
    const text = await manifestOf(indexes, playableContent);
    if (text === undefined) throw StreamNotFound({});
    return { text, isPublic: playableContent.isPublic };
  },

  async storyboard(content, call) {
    const { playable, generation, token, isPublic } = await contentOf(content, call);
    const { storyboard } = playable.extras;
    if (!storyboard) throw StreamNotFound({});
    const uri = (sheet: number) => extraUri(generation, `storyboard-${sheet}.jpg`, token);
    return { text: storyboardVtt(storyboard, playable.durationMs, uri), isPublic };
  },

  async captions({ generation, file, ...content }, call) {
    const { playable, isPublic, ...access } = await contentOf(content, call);
    const { captionsId, part = 0 } = captionsPartOf(file) ?? {};
    const captions = playable.captions.find(({ id }) => id === captionsId);
    const count = captionsPartsOf(playable.durationMs);
    if (generation !== access.generation || !captions || part > count) throw StreamNotFound({});
    return { text: captionsPart(await storedCaptions.of(captions.key), part, count), isPublic };
  },

  async chapters(content, call) {
    const { playable, chapters, isPublic } = await contentOf(content, call);
    if (chapters.length === 0) throw StreamNotFound({});
    return { text: chaptersVtt(chapters, playable.durationMs), isPublic };
  },
});
