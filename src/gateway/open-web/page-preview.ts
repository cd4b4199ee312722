import type { Call } from "#kernel";
import { NoRoute } from "#kernel/http/errors";
import { hashtag } from "#services/hashtag/contract";
import { live, streamAddresses } from "#services/live/contract";
import { user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import { z } from "zod";
import type { ClientOf } from "../client-of.ts";
import type { View } from "../rest/view.ts";
import type { FeedMedia, Preview } from "./markup.ts";
import type { Site } from "./site.ts";

export interface PreviewParts {
  readonly client: ClientOf;
  readonly views: readonly View[];
  readonly site: Pick<Site, "facts">;
  readonly reportDegraded: (part: string, error: unknown, call: Call) => void;
}

export const defaultSize = { width: 1_280, height: 720 };
export const published = 1;

/** A video with its author and addresses, as the view composes it. */
const ComposedVideo = z.object({
  id: z.int(),
  title: z.string(),
  description: z.string(),
  coverUrl: z.string(),
  hlsUrl: z.string(),
  visibility: z.string(),
  width: z.number(),
  height: z.number(),
  durationMs: z.number(),
  tags: z.array(z.string()),
  publishedAtMs: z.number().nullable(),
  user: z.object({ username: z.string(), nickname: z.string() }),
});
type ComposedVideo = z.output<typeof ComposedVideo>;

export const authorName = ({ user: { username, nickname } }: ComposedVideo): string => nickname || username;
export const authorPage = (base: string, { user: { username } }: ComposedVideo): string =>
  `${base}/@${encodeURIComponent(username)}`;
export const absoluteUrl = (base: string, path: string): string =>
  path === "" || /^https?:/.test(path) ? path : base + path;

const hlsType = "application/vnd.apple.mpegurl";

/** The film for players of other sites. An unlisted video has none: its address would hold a token, which expires. */
export function mediaOf(
  base: string,
  { hlsUrl, visibility, durationMs, width, height }: ComposedVideo,
): FeedMedia | undefined {
  if (hlsUrl === "" || visibility !== "public") return undefined;
  return {
    url: absoluteUrl(base, hlsUrl),
    type: hlsType,
    durationS: durationMs / 1_000,
    width,
    height,
  };
}

/** Previews of pages as other sites show them, with what an anonymous visitor sees. */
export class PagePreviews {
  readonly #parts: PreviewParts;
  readonly #videoView: View | undefined;

  constructor(parts: PreviewParts) {
    this.#parts = parts;
    this.#videoView = parts.views.find(({ base }) => base === video.methods.get.output);
  }

  /**
   * The preview of the page at this path; undefined for a page without one.
   * @throws KinoraError for what does not exist, or not for everybody
   */
  async of(path: string, base: string, call: Call): Promise<Preview | undefined> {
    const { kind, name } = subjectOf(path) ?? {};
    if (kind === undefined || name === undefined) return undefined;
    if (kind === "user") return this.#ofUser(name, base, call);
    if (kind === "hashtag") return this.#ofHashtag(name, base, call);
    if (!/^[1-9]\d{0,15}$/.test(name)) throw NoRoute({});
    const id = Number(name);
    if (kind === "video") return this.#ofVideo(id, base, call);
    if (kind === "room") return this.#ofRoom(id, base, call);
    await this.#assertListed(kind, id, call);
    return undefined;
  }

  /** @throws KinoraError for a playlist or category that does not exist, or not for everybody */
  async #assertListed(kind: "playlist" | "category", id: number, call: Call): Promise<void> {
    const { client } = this.#parts;
    if (kind === "playlist") await client(video).playlist({ id }, call);
    else if (!(await client(video).categories({}, call)).items.some((category) => category.id === id))
      throw NoRoute({});
  }

  async compose(rows: readonly Video[], call: Call): Promise<ComposedVideo[]> {
    const { client } = this.#parts;
    const reportDegraded = (part: string, error: unknown): void => this.#parts.reportDegraded(part, error, call);
    const context = { client, call, reportDegraded };
    const composed = (await this.#videoView?.hydrate(rows, context)) ?? [];
    return composed.map((row) => ComposedVideo.parse(row));
  }

  async #ofVideo(id: number, base: string, call: Call): Promise<Preview | undefined> {
    const { client, site } = this.#parts;
    const row = await client(video).get({ id }, call);
    // Anybody may pass on the address of an unlisted video. Unpublished and password-protected ones have no preview.
    if (row.status !== published || (row.visibility !== "public" && row.visibility !== "unlisted")) return;
    const [composed] = await this.compose([row], call);
    if (!composed) return undefined;
    const url = `${base}/watch/${id}`;
    return {
      kind: "video",
      site: (await site.facts()).name,
      title: composed.title || authorName(composed),
      description: composed.description,
      url,
      image: absoluteUrl(base, composed.coverUrl),
      embedUrl: `${base}/embed/${id}`,
      media: mediaOf(base, composed),
      width: composed.width || defaultSize.width,
      height: composed.height || defaultSize.height,
      durationS: composed.durationMs / 1_000,
      author: authorName(composed),
      authorUrl: authorPage(base, composed),
      oembedUrl: `${base}/api/v1/oembed?url=${encodeURIComponent(url)}`,
      ...(composed.publishedAtMs !== null && { publishedAt: new Date(composed.publishedAtMs).toISOString() }),
    };
  }

  async #ofRoom(id: number, base: string, call: Call): Promise<Preview | undefined> {
    const { client, site } = this.#parts;
    const room = await client(live).get({ id }, call);
    if (room.isRemoved) throw NoRoute({});
    if (room.visibility !== "public" && room.visibility !== "unlisted") return undefined;
    const { items } = await client(user).briefs({ ids: [room.ownerId] }, call);
    const [owner] = items;
    if (!owner) return undefined;
    const url = `${base}/live/${id}`;
    const isOnAir = room.status === "live" || room.status === "paused";
    const beginsAtMs = room.startedAtMs ?? room.scheduledAtMs;
    return {
      kind: "live",
      site: (await site.facts()).name,
      title: room.title,
      description: room.description,
      url,
      image: absoluteUrl(base, room.coverUrl || (room.pictureUrl ?? "")),
      embedUrl: `${base}/embed/live/${id}`,
      // A stream has an address for all while it is on air alone.
      media: isOnAir ? { url: base + streamAddresses(id).hlsUrl, type: hlsType, ...defaultSize } : undefined,
      ...defaultSize,
      author: owner.nickname || owner.username,
      authorUrl: `${base}/@${encodeURIComponent(owner.username)}`,
      oembedUrl: `${base}/api/v1/oembed?url=${encodeURIComponent(url)}`,
      publishedAt: new Date(room.createdAtMs).toISOString(),
      broadcast: {
        ...(beginsAtMs !== null && { startsAt: new Date(beginsAtMs).toISOString() }),
        ...(room.endedAtMs !== null && { endedAt: new Date(room.endedAtMs).toISOString() }),
      },
    };
  }

  async #ofUser(name: string, base: string, call: Call): Promise<Preview | undefined> {
    const profile = await this.#parts.client(user).byName({ username: name }, call);
    const { username, nickname, bio, avatar } = profile;
    const url = `${base}/@${encodeURIComponent(username)}`;
    return {
      kind: "profile",
      site: (await this.#parts.site.facts()).name,
      title: `${nickname || username} (@${username})`,
      description: bio,
      url,
      image: absoluteUrl(base, avatar),
      oembedUrl: `${base}/api/v1/oembed?url=${encodeURIComponent(url)}`,
      feedUrl: `${base}/feeds/users/${encodeURIComponent(username)}`,
    };
  }

  async #ofHashtag(name: string, base: string, call: Call): Promise<Preview | undefined> {
    const tag = await this.#parts.client(hashtag).byName({ name }, call);
    const encodedName = encodeURIComponent(tag.name);
    return {
      kind: "hashtag",
      site: (await this.#parts.site.facts()).name,
      title: `#${tag.name}`,
      description: tag.description,
      url: `${base}/tag/${encodedName}`,
      image: "",
      feedUrl: `${base}/feeds/hashtags/${encodedName}`,
    };
  }
}

type SubjectKind = "video" | "room" | "playlist" | "category" | "user" | "hashtag";
const subjects: readonly (readonly [SubjectKind, RegExp])[] = [
  ["room", /^(?:\/embed)?\/live\/(?!new\/?$)([^/]+)\/?$/i],
  ["video", /^\/(?:watch|embed)\/([^/]+)\/?$/i],
  ["playlist", /^\/playlist\/([^/]+)\/?$/i],
  ["category", /^\/category\/([^/]+)\/?$/i],
  ["user", /^\/@([^/]+)\/?$/],
  ["hashtag", /^\/tag\/([^/]+)\/?$/i],
];

/** The subject of a page, by its path; undefined for a page without a thing that has a name or an id. Pure. */
function subjectOf(path: string): { kind: SubjectKind; name: string } | undefined {
  for (const [kind, pattern] of subjects) {
    const [, name] = pattern.exec(path) ?? [];
    if (name !== undefined) return { kind, name: decode(name) };
  }
  return undefined;
}

/** True for the path of a page about a thing that may not exist. */
export const hasSubject = (path: string): boolean => subjectOf(path) !== undefined;

/** A name that cannot be decoded stays as it is, so that no subject has it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
