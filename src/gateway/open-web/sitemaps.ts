import type { Call } from "#kernel";
import type { HttpReply, HttpRequest } from "#kernel/http/port";
import { video } from "#services/video/contract";
import { sendValidated } from "../delivery/validated-text.ts";
import { type FeedParts, freshness } from "./feeds.ts";
import { NotOfHere } from "./oembed.ts";
import { absoluteUrl, authorName, authorPage, mediaOf, type PagePreviews, published } from "./page-preview.ts";
import { sitemap, sitemapIndex, type SitemapVideo } from "./sitemap.ts";

/** The video service gives as many at once; an index may have 50,000 sitemaps. */
const videosPerSitemap = 200;
const sitemapsMax = 50_000;
const xmlType = "application/xml; charset=utf-8";

/** Sitemaps of the public videos. */
export class Sitemaps {
  readonly #parts: FeedParts;
  readonly #previews: PagePreviews;

  constructor(parts: FeedParts, previews: PagePreviews) {
    this.#parts = parts;
    this.#previews = previews;
  }

  async index(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const { firstIds } = await this.#parts.client(video).publicBlocks({ size: videosPerSitemap }, call);
    const base = this.#parts.addressOf(request);
    // Without a video there is still the first page.
    const firsts = firstIds.length === 0 ? [1] : firstIds.slice(-sitemapsMax);
    const urls = firsts.map((id) => `${base}/sitemaps/videos/${id}`);
    return this.#send(request, reply, sitemapIndex(urls));
  }

  /** @throws NotOfHere */
  async part(request: HttpRequest, reply: HttpReply, call: Call): Promise<HttpReply> {
    const id = request.params["id"] ?? "";
    if (!/^[1-9]\d{0,15}$/.test(id)) throw NotOfHere({});
    const service = this.#parts.client(video);
    const { ids } = await service.publicFrom({ id: Number(id), limit: videosPerSitemap }, call);
    const { items } = await service.visible({ ids }, call);
    const rows = items.filter(({ visibility, status }) => visibility === "public" && status === published);
    const base = this.#parts.addressOf(request);
    return this.#send(request, reply, sitemap(base, await this.#entries(base, rows, call)));
  }

  async #entries(base: string, rows: Parameters<PagePreviews["compose"]>[0], call: Call): Promise<SitemapVideo[]> {
    const composed = await this.#previews.compose(rows, call);
    return composed.map((row) => ({
      url: `${base}/watch/${row.id}`,
      title: row.title || authorName(row),
      description: row.description,
      image: absoluteUrl(base, row.coverUrl),
      embedUrl: `${base}/embed/${row.id}`,
      mediaUrl: mediaOf(base, row)?.url,
      durationS: row.durationMs / 1_000,
      publishedAtMs: row.publishedAtMs ?? 0,
      author: authorName(row),
      authorUrl: authorPage(base, row),
      tags: row.tags,
    }));
  }

  #send(request: HttpRequest, reply: HttpReply, text: string): HttpReply {
    reply.type(xmlType).headers(freshness(this.#parts));
    return sendValidated(request, reply, text);
  }
}
