import type { Id } from "#kernel";

/** The kinds of documents, by their numbers in the index and its table. */
export const documentKind = { video: 1, user: 2, hashtag: 3, file: 4, live: 5 } as const;
export type DocumentKind = (typeof documentKind)[keyof typeof documentKind];

/** A row of `search.documents` as events and owners describe it; its counts come by others. */
export interface DocumentState {
  readonly kind: DocumentKind;
  readonly id: Id;
  readonly version: number;
  readonly ownerId: Id;
  readonly title: string;
  readonly nickname: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly hashtags: readonly string[];
  readonly publishedAtMs: number;
  readonly durationMs: number | null;
  /** The media object that a video plays; null leaves the stored one. */
  readonly mediaId: Id | null;
  /** Higher than wide; null where its size is not known. */
  readonly isUpright: boolean | null;
  readonly isVisible: boolean;
}

/** A video as its events describe it. */
export interface VideoState {
  readonly videoId: Id;
  readonly userId: Id;
  readonly title: string;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly hashtags: readonly string[];
  readonly visibility: string;
  readonly publishedAtMs: number | null;
  readonly version: number;
  readonly durationMs?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly shownMediaId?: Id | undefined;
}

/** The version of a profile before its first change. */
export const firstVersion = 1;

const noTexts = { title: "", nickname: "", description: "", tags: [], hashtags: [] };
const noNumbers = { publishedAtMs: 0, durationMs: null, mediaId: null, isUpright: null };

/** The remainder of a thing that is deleted or no longer public. Pure. */
export const hiddenDocument = (kind: DocumentKind, id: Id, version: number, ownerId = 0): DocumentState => ({
  kind,
  id,
  version,
  ownerId,
  ...noTexts,
  ...noNumbers,
  isVisible: false,
});

/** Pure. */
export function videoDocument(video: VideoState): DocumentState {
  const { videoId, userId, version, title, description = "", tags = [], hashtags, publishedAtMs } = video;
  const { durationMs = null, width, height, shownMediaId: mediaId = null } = video;
  if (video.visibility !== "public" || publishedAtMs === null)
    return { ...hiddenDocument(documentKind.video, videoId, version, userId), mediaId };
  return {
    kind: documentKind.video,
    id: videoId,
    version,
    ownerId: userId,
    title,
    nickname: "",
    description,
    tags,
    hashtags,
    publishedAtMs,
    durationMs,
    mediaId,
    isUpright: width === undefined || height === undefined ? null : height > width,
    isVisible: true,
  };
}

/** Pure. */
export const userDocument = (profile: {
  readonly userId: Id;
  readonly username: string;
  readonly nickname: string;
  readonly version: number;
}): DocumentState => ({
  ...hiddenDocument(documentKind.user, profile.userId, profile.version, profile.userId),
  title: profile.username,
  nickname: profile.nickname,
  isVisible: true,
});

const isOn: ReadonlySet<string> = new Set(["live", "paused"]);

/** A live room as its events describe it. It is found while it is live; then its recording is. */
export interface LiveState {
  readonly liveId: Id;
  readonly ownerId: Id;
  readonly title: string;
  readonly description: string;
  readonly status: string;
  readonly visibility: string;
  readonly version: number;
}

/** Pure. */
export const liveDocument = ({
  liveId,
  ownerId,
  title,
  description,
  status,
  visibility,
  version,
}: LiveState): DocumentState =>
  visibility === "public" && isOn.has(status)
    ? { ...hiddenDocument(documentKind.live, liveId, version, ownerId), title, description, isVisible: true }
    : hiddenDocument(documentKind.live, liveId, version, ownerId);

/** Hashtags never change their names. Pure. */
export const hashtagDocument = ({ id, name }: { readonly id: Id; readonly name: string }): DocumentState => ({
  ...hiddenDocument(documentKind.hashtag, id, 1),
  title: name,
  isVisible: true,
});
