import type { Call, Handlers } from "#kernel";
import { storyboardVtt } from "#media/storyboard";
import type { Content, playableCache, StreamAccess } from "./access.ts";
import { chaptersVtt } from "./chapters.ts";
import { StreamNotFound, type streaming } from "./contract.ts";
import type { Indexes } from "./indexes.ts";
import { manifestOf, masterOf, playlistOf } from "./manifests.ts";
import { extraUri } from "./paths.ts";

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
  contentOf: ReturnType<typeof contentLookup>,
): Pick<Handlers<typeof streaming>, "playlist" | "manifest" | "storyboard" | "chapters"> => ({
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

  async chapters(content, call) {
    const { playable, chapters, isPublic } = await contentOf(content, call);
    if (chapters.length === 0) throw StreamNotFound({});
    return { text: chaptersVtt(chapters, playable.durationMs), isPublic };
  },
});
