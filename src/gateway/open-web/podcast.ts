import { escapeXml } from "#kernel/text";

export interface Episode {
  readonly title: string;
  readonly description: string;
  readonly url: string;
  readonly image: string;
  readonly publishedAtMs: number;
  readonly durationS: number;
  /** The file that apps download and play. */
  readonly file: { readonly url: string; readonly type: string; readonly sizeBytes: number };
}

interface Show {
  readonly title: string;
  readonly description: string;
  readonly author: string;
  readonly url: string;
  readonly self: string;
  readonly image: string;
}

/** RSS 2.0 with enclosures and the elements that podcast apps ask for (Apple's namespace 1.0). Pure. */
export function podcast(show: Show, episodes: readonly Episode[]): string {
  const picture = (url: string) => (url === "" ? [] : [`<itunes:image href="${escapeXml(url)}" />`]);
  const episode = ({ title, description, url, image, publishedAtMs, durationS, file }: Episode) => [
    "<item>",
    `  <title>${escapeXml(title)}</title>`,
    `  <link>${escapeXml(url)}</link>`,
    `  <guid isPermaLink="true">${escapeXml(url)}</guid>`,
    `  <pubDate>${new Date(publishedAtMs).toUTCString()}</pubDate>`,
    `  <description>${escapeXml(description)}</description>`,
    `  <enclosure url="${escapeXml(file.url)}" type="${escapeXml(file.type)}" length="${file.sizeBytes}" />`,
    `  <itunes:duration>${Math.round(durationS)}</itunes:duration>`,
    ...picture(image).map((line) => `  ${line}`),
    "</item>",
  ];
  const lines = [
    `<title>${escapeXml(show.title)}</title>`,
    `<link>${escapeXml(show.url)}</link>`,
    `<description>${escapeXml(show.description || show.title)}</description>`,
    `<atom:link href="${escapeXml(show.self)}" rel="self" type="application/rss+xml" />`,
    `<itunes:author>${escapeXml(show.author)}</itunes:author>`,
    "<itunes:explicit>false</itunes:explicit>",
    ...picture(show.image),
    ...episodes.flatMap(episode),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">',
    "  <channel>",
    ...lines.map((line) => `    ${line}`),
    "  </channel>",
    "</rss>",
    "",
  ].join("\n");
}
