import { type Cache, type Language, newCall } from "#kernel";
import type { CachePolicies } from "#kernel/cache/policies";
import { createSharedCache, type SharedCache } from "#kernel/cache/shared";
import { escapeXml } from "#kernel/text";
import { defaultAccent } from "#policy/accent";
import { type Instance, instance, productName, siteCache } from "#services/instance/contract";
import type { ClientOf } from "../client-of.ts";

/** How the instance presents itself to browsers and other sites. */
export type SiteFacts = Pick<Instance, "name" | "description" | "iconUrl"> &
  Partial<Pick<Instance, "accent" | "theme" | "startPage" | "contact">>;

interface SiteParts {
  readonly client: ClientOf;
  readonly cache: Cache;
  readonly caches: CachePolicies;
  /** The configured name, until the instance service answers. */
  readonly name: string;
}

/** The name and the look of the instance, cached: every page shows them. */
export class Site {
  readonly #client: ClientOf;
  readonly #cached: SharedCache<SiteFacts>;
  #last: SiteFacts;

  constructor(parts: SiteParts) {
    this.#client = parts.client;
    this.#cached = createSharedCache(parts.cache, parts.caches.declare(siteCache), {
      load: () => this.#ask(),
      keys: [""],
    });
    this.#last = { name: parts.name, description: "", iconUrl: ownIcon };
  }

  /** The last known ones while the instance service is away. */
  async facts(): Promise<SiteFacts> {
    try {
      this.#last = await this.#cached.getOrLoad("", () => this.#ask());
    } catch {
      // A page without the newest name is better than none.
    }
    return this.#last;
  }

  async #ask(): Promise<SiteFacts> {
    const { name, description, iconUrl, accent, theme, startPage, contact } = await this.#client(instance).get(
      {},
      newCall({ waitMs: 1_000 }),
    );
    return { name, description, iconUrl, accent, theme, startPage, contact };
  }
}

/** The icon that the web app brings. */
const ownIcon = "/icon.svg";
const isUploaded = (iconUrl: string): boolean => iconUrl.includes(".png");

/**
 * The app's page with the name, description and icon of the instance. A `meta` element holds the facts for the first
 * paint, as JSON: name, icon, accents and start page. Pure.
 */
export function brandedPage(html: string, facts: SiteFacts): string {
  const { name, description, iconUrl } = facts;
  const title = html
    .replace(/(<meta name="kinora-site" content=")[^"]*/, (_, start: string) => start + escapeXml(firstPaint(facts)))
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeXml(name)}</title>`)
    .replace(/(<meta name="apple-mobile-web-app-title" content=")[^"]*/, (_, start: string) => start + escapeXml(name));
  const text =
    description === ""
      ? title
      : title.replace(
          /(<meta name="description" content=")[^"]*/,
          (_, start: string) => start + escapeXml(description),
        );
  if (iconUrl === ownIcon) return text;
  const touchIcon = isUploaded(iconUrl)
    ? `<link rel="apple-touch-icon" href="${escapeXml(fileOf(iconUrl, "icon-180.png"))}" />`
    : "";
  return text
    .replace(/<link rel="icon"[^>]*>/, () => `<link rel="icon" href="${escapeXml(iconUrl)}" />`)
    .replace(/<link rel="apple-touch-icon"[^>]*>/, () => touchIcon);
}

/** Nothing where all is as the app brings it. */
function firstPaint({ name, iconUrl, accent, theme, startPage = "auto" }: SiteFacts): string {
  const isOwn = accent !== undefined && accent !== defaultAccent;
  if (name === productName && iconUrl === ownIcon && !isOwn && startPage === "auto") return "";
  return JSON.stringify({ name, icon_url: iconUrl, ...(isOwn && { theme }), start_page: startPage });
}

/** Another file of the same icon. */
const fileOf = (iconUrl: string, file: string): string => iconUrl.replace(/[^/]*(?=\?)/, file);

interface Shortcut {
  readonly name: string;
  readonly name_localized?: Readonly<Partial<Record<Language, string>>>;
}
interface Manifest {
  readonly shortcuts?: readonly Shortcut[];
}

/**
 * The app's manifest (W3C Web App Manifest) with the name and icon of the instance, its shortcuts in a language: few
 * browsers read `name_localized` (W3C Manifest Incubations) themselves. Pure.
 */
export function brandedManifest(
  manifest: string,
  { name, description, iconUrl }: SiteFacts,
  language: Language = "en",
): string {
  const { shortcuts, ...otherMembers } = JSON.parse(manifest) as Manifest; // The app's own file.
  const png = (file: string, size: number) => ({
    src: fileOf(iconUrl, file),
    sizes: `${size}x${size}`,
    type: "image/png",
  });
  const icons = isUploaded(iconUrl)
    ? [png("icon-192.png", 192), png("icon-512.png", 512), { ...png("maskable-512.png", 512), purpose: "maskable" }]
    : [{ src: iconUrl, sizes: "any", type: "image/svg+xml", purpose: "any maskable" }];
  return JSON.stringify({
    ...otherMembers,
    name,
    short_name: name,
    ...(description !== "" && { description }),
    ...(iconUrl !== ownIcon && { icons }),
    ...(shortcuts && {
      lang: language,
      shortcuts: shortcuts.map((shortcut) => ({
        ...shortcut,
        name: shortcut.name_localized?.[language] ?? shortcut.name,
      })),
    }),
  });
}
