import type { Call, Host, Id } from "#kernel";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { MediaMissing, NotAVideo } from "../contract.ts";
import { chaptersJson } from "../details/chapters.ts";
import { addressOf, type Cover } from "./covers.ts";
import type { MediaState } from "./media-store.ts";
import type { Tables } from "../store.ts";

const foreign = /^https?:/i;

/** The caller's own media objects as the film and the cover of a video. */
export interface OwnMedia {
  /** @throws MediaMissing, NotAVideo */
  readonly film: (mediaId: Id, call: Call) => Promise<MediaState>;
  /**
   * The cover that an address refers to, of the video `videoId` where there is one; undefined where the cover stays.
   * @throws MediaMissing, UnreadablePicture and the failures of `upload.fetchPicture`
   */
  readonly cover: (url: string | undefined, videoId: Id | undefined, call: Call) => Promise<Cover | undefined>;
}

export function createOwnMedia({ client, call: newCall }: Pick<Host<Tables>, "client" | "call">): OwnMedia {
  const briefs = async (ids: Id[], { traceId, signal }: Call) =>
    (await client(media).briefs({ ids }, newCall({ traceId, signal }))).items;

  async function film(mediaId: Id, call: Call): Promise<MediaState> {
    const [object] = await briefs([mediaId], call);
    if (!object || object.userId !== call.userId) throw MediaMissing({});
    if (object.kind === "image") throw NotAVideo({});
    const { status, statusReason, width, height, durationMs, sizeBytes } = object;
    if (status === "failed") return { state: "failed", ...statusReason };
    if (status !== "ready") return { state: "processing" };
    return { state: "ready", width, height, durationMs, sizeBytes, chapters: chaptersJson(object.chapters) };
  }

  /** A picture elsewhere is fetched once and stored: the browsers of viewers ask no other server. */
  async function fetchCover(url: string, call: Call): Promise<Cover> {
    const { id: fileId } = await client(upload).fetchPicture({ url }, call);
    const { id: mediaId } = await client(media).upload({ fileId, purpose: "cover" }, call);
    return { mediaId, url: "" };
  }

  async function cover(url: string | undefined, videoId: Id | undefined, call: Call): Promise<Cover | undefined> {
    if (url === undefined) return undefined;
    const address = addressOf(url);
    if (address.kind === "cover" && address.videoId === videoId) return undefined;
    if (address.kind !== "picture") return foreign.test(url) ? fetchCover(url, call) : { mediaId: null, url };
    const { mediaId, isAbsolute } = address;
    const ids = Number.isSafeInteger(mediaId) && mediaId > 0 ? [mediaId] : [];
    const isOwn = (await briefs(ids, call)).some((item) => item.userId === call.userId && item.kind === "image");
    if (isOwn) return { mediaId, url: "" };
    // An absolute URL with such a path may be that of another instance.
    if (isAbsolute) return fetchCover(url, call);
    throw MediaMissing({});
  }

  return { film, cover };
}
