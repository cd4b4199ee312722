import { escapeXml, firstCharacters } from "#kernel/text";

/** The preview of a page on other sites. Addresses are absolute. */
export interface Preview {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly image: string;
  readonly site: string;
  readonly kind: "video" | "live" | "profile" | "hashtag";
  /** The start of a live room, planned or real, and its end. */
  readonly broadcast?: { readonly startsAt?: string; readonly endedAt?: string };
  /** The frame with a video's player, its size in pixels, its length, and the time of publication. */
  readonly embedUrl?: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationS?: number;
  readonly publishedAt?: string;
  readonly author?: string;
  /** The page of its author. */
  readonly authorUrl?: string;
  /** The film itself, where everybody may watch it. */
  readonly media?: FeedMedia | undefined;
  /** The address of the same as oEmbed, or as a feed of news. */
  readonly oembedUrl?: string;
  readonly feedUrl?: string;
}

/** A film or stream that players open; its size in pixels. A stream has no duration. */
export interface FeedMedia {
  readonly url: string;
  readonly type: string;
  readonly durationS?: number;
  readonly width: number;
  readonly height: number;
}

const descriptionMax = 300;
/** By the names of Open Graph. */
const types = { video: "video.other", live: "video.other", profile: "profile", hashtag: "website" } as const;

/** The elements of a page's head: Open Graph, Twitter's card, and links to oEmbed and the feed. Pure. */
export function headOf(preview: Preview): string {
  const description = firstCharacters(preview.description.replaceAll(/\s+/g, " ").trim(), descriptionMax);
  const properties: [string, string | undefined][] = [
    ["og:site_name", preview.site],
    ["og:type", types[preview.kind]],
    ["og:title", preview.title],
    ["og:description", description],
    ["og:url", preview.url],
    ["og:image", preview.image || undefined],
    ...openGraphVideo(preview, preview.media?.url, preview.media?.type),
    ...openGraphVideo(preview, preview.embedUrl, "text/html"),
    ["video:duration", preview.durationS === undefined ? undefined : String(Math.round(preview.durationS))],
    ["video:release_date", preview.publishedAt],
    ["twitter:card", preview.embedUrl ? "player" : preview.image ? "summary_large_image" : "summary"],
    ["twitter:player", preview.embedUrl],
    ["twitter:player:width", preview.embedUrl && preview.width ? String(preview.width) : undefined],
    ["twitter:player:height", preview.embedUrl && preview.height ? String(preview.height) : undefined],
  ];
  const metas = properties.flatMap(([name, value]) =>
    value ? [`<meta property="${name}" content="${escapeXml(value)}" />`] : [],
  );
  const links = [
    `<link rel="canonical" href="${escapeXml(preview.url)}" />`,
    ...(preview.oembedUrl
      ? [
          `<link rel="alternate" type="application/json+oembed" href="${escapeXml(preview.oembedUrl)}" title="${escapeXml(preview.title)}" />`,
        ]
      : []),
    ...(preview.feedUrl
      ? [
          `<link rel="alternate" type="application/rss+xml" href="${escapeXml(preview.feedUrl)}" title="${escapeXml(preview.title)}" />`,
        ]
      : []),
  ];
  return [
    `<title>${escapeXml(preview.title)} · ${escapeXml(preview.site)}</title>`,
    `<meta name="description" content="${escapeXml(description)}" />`,
    ...metas,
    ...links,
    ...structuredData(preview, description),
  ].join("\n    ");
}

/** One video of Open Graph, which has a group of properties for each. Pure. */
function openGraphVideo(
  { width, height }: Preview,
  url: string | undefined,
  type: string | undefined,
): [string, string | undefined][] {
  if (url === undefined) return [];
  return [
    ["og:video", url],
    ["og:video:secure_url", url.startsWith("https:") ? url : undefined],
    ["og:video:type", type],
    ["og:video:width", width ? String(width) : undefined],
    ["og:video:height", height ? String(height) : undefined],
  ];
}

/** A video, or a live room as one that is broadcast, in the words of schema.org, as JSON-LD. Browsers run no script of this type, whatever the policy says. Pure. */
function structuredData(preview: Preview, description: string): string[] {
  const { kind, title, url, image, media, embedUrl, publishedAt, durationS, author, authorUrl, width, height } =
    preview;
  const { broadcast } = preview;
  if (kind !== "video" && kind !== "live") return [];
  const video = {
    "@context": "https://schema.org",
    "@type": "VideoObject",
    name: title,
    description: description || title,
    url,
    ...(image && { thumbnailUrl: [image] }),
    ...(publishedAt && { uploadDate: publishedAt }),
    ...(durationS !== undefined && { duration: `PT${Math.round(durationS)}S` }),
    ...(media && { contentUrl: media.url, encodingFormat: media.type }),
    ...(embedUrl && { embedUrl }),
    ...(width && height && { width, height }),
    ...(broadcast && {
      publication: {
        "@type": "BroadcastEvent",
        isLiveBroadcast: true,
        ...(broadcast.startsAt && { startDate: broadcast.startsAt }),
        ...(broadcast.endedAt && { endDate: broadcast.endedAt }),
      },
    }),
    ...(author && { author: { "@type": "Person", name: author, ...(authorUrl && { url: authorUrl }) } }),
  };
  return [`<script type="application/ld+json">${JSON.stringify(video).replaceAll("<", String.raw`\u003c`)}</script>`];
}

/** The app's page with this head in place of its own title and description. Pure. */
export const withHead = (html: string, head: string): string =>
  html
    .replace(/\s*<title>[^<]*<\/title>/, "")
    .replace(/\s*<meta name="description"[^>]*>/, "")
    // A function, so that `$&` in a title stays what it is.
    .replace("</head>", () => `  ${head}\n  </head>`);

export interface FeedItem {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly image: string;
  readonly author: string;
  readonly media?: FeedMedia | undefined;
  readonly publishedAtMs: number;
}

/** RSS 2.0 with one item for each video. Pure. */
export function rss(
  feed: { title: string; description: string; url: string; self: string },
  items: readonly FeedItem[],
): string {
  const itemText = ({ title, description, url, image, author, media, publishedAtMs }: FeedItem) => `
    <item>
      <title>${escapeXml(title)}</title>
      <link>${escapeXml(url)}</link>
      <guid isPermaLink="true">${escapeXml(url)}</guid>
      <pubDate>${new Date(publishedAtMs).toUTCString()}</pubDate>
      <dc:creator>${escapeXml(author)}</dc:creator>
      <description>${escapeXml(description)}</description>${image && `\n      <media:thumbnail url="${escapeXml(image)}" />`}${
        media
          ? `\n      <media:content url="${escapeXml(media.url)}" type="${escapeXml(media.type)}" medium="video"${media.durationS === undefined ? "" : ` duration="${Math.round(media.durationS)}"`} width="${media.width}" height="${media.height}" />`
          : ""
      }
    </item>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
  <channel>
    <title>${escapeXml(feed.title)}</title>
    <link>${escapeXml(feed.url)}</link>
    <description>${escapeXml(feed.description || feed.title)}</description>
    <atom:link href="${escapeXml(feed.self)}" rel="self" type="application/rss+xml" />${items.map(itemText).join("")}
  </channel>
</rss>
`;
}
