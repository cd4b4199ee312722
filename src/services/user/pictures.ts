import type { Call, Host } from "#kernel";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";

const foreign = /^https?:/i;
const ownPicture = /^https?:\/\/[^/]+(\/api\/v1\/media\/(\d{1,16})\/picture)(?:[?#].*)?$/i;

/**
 * The path under which this instance serves a picture of a profile. A picture elsewhere is fetched once and stored: the
 * browsers of viewers ask no other server.
 */
export interface ProfilePictures {
  /** @throws UnreadablePicture and the failures of `upload.fetchPicture`; nothing is stored then */
  readonly pathOf: <T extends string | undefined>(
    url: T,
    purpose: "avatar" | "background",
    call: Call,
  ) => Promise<T | string>;
}

export const createProfilePictures = ({ client, call: newCall }: Pick<Host, "client" | "call">): ProfilePictures => {
  /** True if a path names a picture that the caller has on this instance; paths of other instances look the same. */
  async function isOwn(mediaId: number, { userId, traceId, signal }: Call): Promise<boolean> {
    if (!Number.isSafeInteger(mediaId) || mediaId < 1) return false;
    const { items } = await client(media).briefs({ ids: [mediaId] }, newCall({ traceId, signal }));
    return items.some((item) => item.userId === userId && item.kind === "image");
  }

  async function pathOf<T extends string | undefined>(
    url: T,
    purpose: "avatar" | "background",
    call: Call,
  ): Promise<T | string> {
    if (url === undefined || !foreign.test(url)) return url;
    const [, path, mediaId] = ownPicture.exec(url) ?? [];
    if (path !== undefined && (await isOwn(Number(mediaId), call))) return path;
    const { id: fileId } = await client(upload).fetchPicture({ url }, call);
    const { id } = await client(media).upload({ fileId, purpose }, call);
    return `/api/v1/media/${id}/picture`;
  }
  return { pathOf };
};
