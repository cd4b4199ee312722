import { failure } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { Preview } from "./markup.ts";
import { defaultSize } from "./page-preview.ts";

export const NotOfHere = failure(
  "not_found",
  "open.not_of_here",
  "this address is no video, live room or profile of here",
);
/** oEmbed §2.3 has 501 for a format that a provider does not offer. */
const OnlyJson = failure("invalid", "open.only_json", "only JSON is offered here", undefined, 501);

interface OembedQuery {
  readonly format?: unknown;
  readonly maxwidth?: unknown;
  readonly maxheight?: unknown;
}

/** @throws OnlyJson */
export function assertJson({ format = "json" }: OembedQuery): void {
  if (format !== "json") throw OnlyJson({});
}

/** The oEmbed 1.0 answer for a page: a player for a video or live room, a link for any other page. @throws InvalidInput */
export function oembedOf(preview: Preview, base: string, { maxwidth, maxheight }: OembedQuery): object {
  const { title, author, authorUrl, image, embedUrl } = preview;
  const common = {
    version: "1.0",
    provider_name: preview.site,
    provider_url: base,
    title,
    ...(author && { author_name: author }),
    ...(authorUrl && { author_url: authorUrl }),
  };
  if (!embedUrl) return { type: "link", ...common };
  const size = fit(preview, limitIn("maxwidth", maxwidth), limitIn("maxheight", maxheight));
  return {
    type: "video",
    ...common,
    ...size,
    html: `<iframe src="${embedUrl}" width="${size.width}" height="${size.height}" frameborder="0" allow="fullscreen; picture-in-picture" sandbox="allow-scripts allow-same-origin allow-popups"></iframe>`,
    ...(image && { thumbnail_url: image, thumbnail_width: size.width, thumbnail_height: size.height }),
  };
}

/** @throws InvalidInput */
function limitIn(field: string, value: unknown): number {
  if (value === undefined) return Number.POSITIVE_INFINITY;
  if (typeof value !== "string" || !/^[1-9]\d{0,4}$/.test(value))
    throw InvalidInput({ fields: [{ field, message: "a number of pixels" }] });
  return Number(value);
}

/** The largest size of the same shape within both limits. Pure. */
function fit(
  { width = defaultSize.width, height = defaultSize.height }: Pick<Preview, "width" | "height">,
  maxWidth: number,
  maxHeight: number,
) {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
