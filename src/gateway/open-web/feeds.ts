import type { Call } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { hashtag } from "#services/hashtag/contract";
import { user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import { sendValidated } from "../delivery/validated-text.ts";
import { type FeedItem, rss } from "./markup.ts";
import { absoluteUrl, authorName, mediaOf, type PagePreviews, type PreviewParts } from "./page-preview.ts";

interface FeedParts extends PreviewParts {
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
