import type { Call } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { hashtag } from "#services/hashtag/contract";
import { streaming } from "#services/streaming/contract";
import { user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import { sendValidated } from "../delivery/validated-text.ts";
import { type FeedItem, rss } from "./markup.ts";
import { type Episode, podcast } from "./podcast.ts";
import { absoluteUrl, authorName, mediaOf, type PagePreviews, type PreviewParts, published } from "./page-preview.ts";

export interface FeedParts extends PreviewParts {
  readonly addressOf: (request: HttpRequest) => string;
  /** The operator set the address of this instance; otherwise it is what a client asked for. */
  readonly hasPublicUrl: boolean;
}
interface Channel {
  readonly title: string;
  readonly description: string;
  readonly path: string;
}

const itemsMax = 30;
/** Recordings without pictures are searched among this many of the latest. */
const lookedThroughMax = 100;
const rssType = "application/rss+xml; charset=utf-8";
/**
 * Caches on the way hold a video that became private for no longer than we do. Without a public URL an answer names the host
 * that its client asked for, which is nothing for other clients.
 */
export const freshness = ({ hasPublicUrl }: Pick<FeedParts, "hasPublicUrl">) => ({
  "cache-control": `${hasPublicUrl ? "public" : "private"}, max-age=5`,
});

/** RSS feeds of the newest public videos. */
export class Feeds {
  readonly #parts: FeedParts;
  readonly #previews: PagePreviews;

  constructor(parts: FeedParts, previews: PagePreviews) {
    this.#parts = parts;
    this.#previews = previews;
  }

  async ofUser(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const { client, site } = this.#parts;
    const profile = await client(user).byName({ username: request.params["username"] ?? "" }, call);
    const { id, username, nickname, bio } = profile;
    const { items } = await client(video).ofUser({ id, limit: itemsMax }, call);
    const path = `/@${encodeURIComponent(username)}`;
    const channel = { title: `${nickname || username} · ${(await site.facts()).name}`, description: bio, path };
    return this.#send(request, reply, channel, items, call);
  }

  async ofHashtag(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const { client, site } = this.#parts;
    const { id, name, description } = await client(hashtag).byName({ name: request.params["name"] ?? "" }, call);
    const { items } = await client(hashtag).videos({ id, limit: itemsMax }, call);
    const { items: rows } = await client(video).visible({ ids: items.map(({ videoId }) => videoId) }, call);
    const channel = {
      title: `#${name} · ${(await site.facts()).name}`,
      description,
      path: `/tag/${encodeURIComponent(name)}`,
    };
    return this.#send(request, reply, channel, rows, call);
  }

  /** The latest recordings without pictures, with files that podcast apps download. */
  async podcastOf(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const { client, addressOf } = this.#parts;
    const profile = await client(user).byName({ username: request.params["username"] ?? "" }, call);
    const { id, username, nickname, bio, avatar } = profile;
    const { items } = await client(video).ofUser({ id, limit: lookedThroughMax }, call);
    const recordings = items.filter(({ width, status }) => width === 0 && status === published).slice(0, itemsMax);
    const base = addressOf(request);
    const show = {
      title: nickname || username,
      description: bio,
      author: nickname || username,
      url: `${base}/@${encodeURIComponent(username)}`,
      self: base + request.url,
      image: absoluteUrl(base, avatar),
    };
    reply.type(rssType).headers(freshness(this.#parts));
    return sendValidated(request, reply, podcast(show, await this.#episodes(recordings, base, call)));
  }

  async #episodes(recordings: readonly Video[], base: string, call: Call): Promise<Episode[]> {
    const sounds = await Promise.all(recordings.map((recording) => this.#soundOf(recording, call)));
    const rows = await this.#previews.compose(recordings, call);
    return rows.flatMap((row) => {
      const sound = sounds.find(({ id }) => id === row.id);
      if (sound === undefined) return [];
      return {
        title: row.title || authorName(row),
        description: row.description,
        url: `${base}/watch/${row.id}`,
        image: absoluteUrl(base, row.coverUrl),
        publishedAtMs: row.publishedAtMs ?? 0,
        durationS: row.durationMs / 1_000,
        file: { url: absoluteUrl(base, sound.url), type: sound.mime, sizeBytes: sound.sizeBytes },
      };
    });
  }

  /** The encoded sound of a public recording, as one file. */
  async #soundOf({ id, generation, hasCover }: Video, call: Call) {
    const service = this.#parts.client(streaming);
    const content = { scope: "video", id, generation } as const;
    const [{ items }, { sizeBytes, mime }] = await Promise.all([
      service.links(
        {
          items: [
            { ...content, isPublic: true, hasCover, isPlayable: true, allowDownload: false, profiles: ["audio"] },
          ],
        },
        call,
      ),
      service.locate({ ...content, file: "audio.mp4" }, call),
    ]);
    return { id, sizeBytes, mime, url: items[0]?.renditions[0]?.url ?? "" };
  }

  async #send(request: HttpRequest, reply: HttpReply, channel: Channel, rows: readonly Video[], call: Call) {
    const { title, description, path } = channel;
    const base = this.#parts.addressOf(request);
    const items = (await this.#previews.compose(rows, call)).map(
      (row): FeedItem => ({
        title: row.title,
        description: row.description,
        url: `${base}/watch/${row.id}`,
        image: absoluteUrl(base, row.coverUrl),
        author: authorName(row),
        media: mediaOf(base, row),
        publishedAtMs: row.publishedAtMs ?? 0,
      }),
    );
    const feed = { title, description, url: base + path, self: base + request.url };
    const changedAtMs = Math.max(0, ...items.map(({ publishedAtMs }) => publishedAtMs));
    reply.type(rssType).headers(freshness(this.#parts));
    if (changedAtMs > 0) reply.header("last-modified", new Date(changedAtMs).toUTCString());
    return sendValidated(request, reply, rss(feed, items));
  }
}
