import { metadataCreated, metadataUpdated, videoPublished, videoUpdated } from "#events/video";
import type { Host, Tx } from "#kernel";
import { hashtagsOf } from "./details/tags.ts";
import * as store from "./store.ts";

type FilterFacts = "categoryId" | "durationMs" | "width" | "height" | "mediaId";
type PublishedRow = Pick<
  store.Row,
  "id" | "userId" | "visibility" | "version" | "publishedAtMs" | store.Wording | FilterFacts
>;

const filterFactsOf = ({ categoryId, durationMs, width, height, mediaId }: Pick<store.Row, FilterFacts>) => ({
  categoryId,
  durationMs,
  width,
  height,
  shownMediaId: mediaId,
});

/** The fields of `changed` that describe a video, as opposed to those about who may see it. */
const metadataFields: ReadonlySet<string> = new Set([
  "title",
  "description",
  "tags",
  "hashtags",
  "categoryId",
  "coverUrl",
  "media",
]);

/** The events of a video that consumers build their copies from. */
export interface VideoEvents {
  readonly emitPublished: (tx: Tx<store.Tables>, row: PublishedRow) => Promise<void>;
  readonly emitUpdated: (tx: Tx<store.Tables>, before: store.Row, row: store.Row, changed: string[]) => Promise<void>;
}

export function createVideoEvents({ emit, now }: Pick<Host<store.Tables>, "emit" | "now">): VideoEvents {
  async function emitPublished(tx: Tx<store.Tables>, row: PublishedRow): Promise<void> {
    const { id: videoId, userId, title, description, tags, visibility, version } = row;
    await emit(tx, videoPublished, videoId, {
      videoId,
      userId,
      title,
      description,
      tags,
      hashtags: hashtagsOf(row),
      ...filterFactsOf(row),
      visibility,
      version,
      publishedAtMs: row.publishedAtMs ?? now(),
    });
    await emit(tx, metadataCreated, videoId, { contentId: videoId, version });
  }

  async function emitUpdated(
    tx: Tx<store.Tables>,
    { mediaId, coverMediaId, publishedAtMs: publishedBeforeMs }: store.Row,
    row: store.Row,
    changed: string[],
  ): Promise<void> {
    const { id: videoId, userId, title, description, tags, visibility, generation, version } = row;
    await emit(tx, videoUpdated, videoId, {
      videoId,
      userId,
      changed,
      title,
      description,
      tags,
      hashtags: hashtagsOf(row),
      ...filterFactsOf(row),
      visibility,
      publishedAtMs: visibleSince(row),
      generation,
      version,
      mediaId,
      coverMediaId,
    });
    const changedMetadata = changed.filter((name) => metadataFields.has(name));
    if (publishedBeforeMs !== null && changedMetadata.length > 0)
      await emit(tx, metadataUpdated, videoId, { contentId: videoId, version, changed: changedMetadata });
  }

  return { emitPublished, emitUpdated };
}

/** Since when the video can be watched; null while it cannot. Pure. */
export const visibleSince = ({ status, publishedAtMs }: store.Row): number | null =>
  status === store.takenDown ? null : publishedAtMs;
