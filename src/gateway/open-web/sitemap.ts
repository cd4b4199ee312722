import { escapeXml, firstCharacters } from "#kernel/text";

/** A video of a sitemap. Addresses are absolute. */
export interface SitemapVideo {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly image: string;
  readonly embedUrl: string;
  /** The film itself, where everybody may watch it. */
  readonly mediaUrl?: string | undefined;
  readonly durationS: number;
  readonly publishedAtMs: number;
  readonly author: string;
  readonly authorUrl: string;
  readonly tags: readonly string[];
}

/** Limits of Google's video sitemaps. */
const [titleMax, descriptionMax, tagsMax, durationMaxS] = [100, 2_048, 32, 28_800];
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** A sitemap index (sitemaps.org 0.9) of these addresses. Pure. */
export const sitemapIndex = (urls: readonly string[]): string =>
  [
    declaration,
    `<sitemapindex ${namespace}>`,
    ...urls.map((url) => `  <sitemap><loc>${escapeXml(url)}</loc></sitemap>`),
    "</sitemapindex>",
    "",
  ].join("\n");

/** A sitemap of videos (sitemaps.org 0.9 with Google's video elements, 1.1), their authors and the first page. Pure. */
export function sitemap(base: string, videos: readonly SitemapVideo[]): string {
  const pageUrls = new Set([`${base}/`, ...videos.map(({ authorUrl }) => authorUrl)]);
  return [
    declaration,
    `<urlset ${namespace} xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">`,
    ...[...pageUrls].map((url) => `  <url><loc>${escapeXml(url)}</loc></url>`),
    ...videos.map(entry),
    "</urlset>",
    "",
  ].join("\n");
}

function entry(video: SitemapVideo): string {
  const published = new Date(video.publishedAtMs).toISOString();
  const lines = [`<loc>${escapeXml(video.url)}</loc>`, `<lastmod>${published}</lastmod>`];
  // A video entry must have a picture.
  if (video.image !== "") lines.push("<video:video>", ...details(video, published), "</video:video>");
  return ["  <url>", ...lines.map((line) => `    ${line}`), "  </url>"].join("\n");
}

function details(video: SitemapVideo, published: string): string[] {
  const element = (name: string, text: string) => `  <video:${name}>${escapeXml(text)}</video:${name}>`;
  const durationS = Math.round(video.durationS);
  return [
    element("thumbnail_loc", video.image),
    element("title", firstCharacters(video.title, titleMax)),
    element("description", firstCharacters(video.description || video.title, descriptionMax)),
    ...(video.mediaUrl === undefined ? [] : [element("content_loc", video.mediaUrl)]),
    element("player_loc", video.embedUrl),
    ...(durationS >= 1 && durationS <= durationMaxS ? [element("duration", String(durationS))] : []),
    element("publication_date", published),
    ...video.tags.slice(0, tagsMax).map((tag) => element("tag", tag)),
    `  <video:uploader info="${escapeXml(video.authorUrl)}">${escapeXml(firstCharacters(video.author, titleMax))}</video:uploader>`,
  ];
}
