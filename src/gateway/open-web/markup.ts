import { firstCharacters } from "#kernel/text";

/** Text inside an element or a quoted attribute of HTML or XML, whatever it holds. Pure. */
export const escaped = (text: string): string =>
  text
    // Characters that XML 1.0 forbids would make the whole document unreadable.
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/** The preview of a page on other sites. Addresses are absolute. */
export interface Preview {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly image: string;
  readonly site: string;
  readonly kind: "video" | "profile" | "hashtag";
  /** Of a video: its player in a frame, its size in pixels, how long it is, and when it was published. */
  readonly embedUrl?: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationS?: number;
  readonly publishedAt?: string;
  readonly author?: string;
  /** The address of the same as oEmbed, or as a feed of news. */
  readonly oembedUrl?: string;
  readonly feedUrl?: string;
}

const descriptionMax = 300;
/** By the names of Open Graph. */
const types = { video: "video.other", profile: "profile", hashtag: "website" } as const;

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
    ["og:video", preview.embedUrl],
    ["og:video:secure_url", preview.embedUrl?.startsWith("https:") === true ? preview.embedUrl : undefined],
    ["og:video:type", preview.embedUrl && "text/html"],
    ["og:video:width", preview.embedUrl && preview.width ? String(preview.width) : undefined],
    ["og:video:height", preview.embedUrl && preview.height ? String(preview.height) : undefined],
    ["video:duration", preview.durationS === undefined ? undefined : String(Math.round(preview.durationS))],
    ["video:release_date", preview.publishedAt],
    ["twitter:card", preview.embedUrl ? "player" : preview.image ? "summary_large_image" : "summary"],
    ["twitter:player", preview.embedUrl],
    ["twitter:player:width", preview.embedUrl && preview.width ? String(preview.width) : undefined],
    ["twitter:player:height", preview.embedUrl && preview.height ? String(preview.height) : undefined],
  ];
  const metas = properties.flatMap(([name, value]) =>
    value ? [`<meta property="${name}" content="${escaped(value)}" />`] : [],
  );
  const links = [
    `<link rel="canonical" href="${escaped(preview.url)}" />`,
    ...(preview.oembedUrl
      ? [
          `<link rel="alternate" type="application/json+oembed" href="${escaped(preview.oembedUrl)}" title="${escaped(preview.title)}" />`,
        ]
      : []),
    ...(preview.feedUrl
      ? [
          `<link rel="alternate" type="application/rss+xml" href="${escaped(preview.feedUrl)}" title="${escaped(preview.title)}" />`,
        ]
      : []),
  ];
  return [
    `<title>${escaped(preview.title)} · ${escaped(preview.site)}</title>`,
    `<meta name="description" content="${escaped(description)}" />`,
    ...metas,
    ...links,
  ].join("\n    ");
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
  readonly publishedAtMs: number;
}

/** RSS 2.0 with one item for each video. Pure. */
export function rss(
  feed: { title: string; description: string; url: string; self: string },
  items: readonly FeedItem[],
): string {
  const one = ({ title, description, url, image, author, publishedAtMs }: FeedItem) => `
    <item>
      <title>${escaped(title)}</title>
      <link>${escaped(url)}</link>
      <guid isPermaLink="true">${escaped(url)}</guid>
      <pubDate>${new Date(publishedAtMs).toUTCString()}</pubDate>
      <dc:creator>${escaped(author)}</dc:creator>
      <description>${escaped(description)}</description>${image && `\n      <media:thumbnail url="${escaped(image)}" />`}
    </item>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
  <channel>
    <title>${escaped(feed.title)}</title>
    <link>${escaped(feed.url)}</link>
    <description>${escaped(feed.description || feed.title)}</description>
    <atom:link href="${escaped(feed.self)}" rel="self" type="application/rss+xml" />${items.map(one).join("")}
  </channel>
</rss>
`;
}
