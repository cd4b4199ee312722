import type { Call, Host, Id } from "#kernel";
import { media } from "#services/media/contract";
import { MediaMissing, NotAVideo } from "../contract.ts";
import { addressOf, type Cover } from "./covers.ts";
import type { MediaState } from "./media-store.ts";
import type { Tables } from "../store.ts";

/** What the caller's own media objects can be for a video: its film and its cover. */
export function ownMedia({ client, call: newCall }: Pick<Host<Tables>, "client" | "call">) {
  const briefs = async (ids: Id[], { traceId, signal }: Call) =>
    (await client(media).briefs({ ids }, newCall({ traceId, signal }))).items;

  /** @throws MediaMissing, NotAVideo */
  async function film(mediaId: Id, call: Call): Promise<MediaState> {
    const [found] = await briefs([mediaId], call);
    if (!found || found.userId !== call.userId) throw MediaMissing({});
    if (found.kind === "image") throw NotAVideo({});
    const { status, statusReason, width, height, durationMs, sizeBytes } = found;
    if (status === "failed") return { state: "failed", ...statusReason };
    return status === "ready" ? { state: "ready", width, height, durationMs, sizeBytes } : { state: "processing" };
  }

  /**
   * What is meant by an address given for a cover, of the video `videoId` if there is one; undefined: it stays.
   * @throws MediaMissing
   */
  async function cover(url: string | undefined, videoId: Id | undefined, call: Call): Promise<Cover | undefined> {
    if (url === undefined) return undefined;
    const address = addressOf(url);
    if (address.kind === "shown" && address.videoId === videoId) return undefined;
    if (address.kind !== "picture") return { mediaId: null, url };
    const { mediaId, isAbsolute } = address;
    const ids = Number.isSafeInteger(mediaId) && mediaId > 0 ? [mediaId] : [];
    const isOwn = (await briefs(ids, call)).some((item) => item.userId === call.userId && item.kind === "image");
    if (isOwn) return { mediaId, url: "" };
    // Another instance has pictures under such paths too; ours shows this one to its owner alone.
    if (isAbsolute) return { mediaId: null, url };
    throw MediaMissing({});
  }

  return { film, cover };
}
