import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NoRoute } from "#kernel/http/errors";
import type { HttpRequest, HttpServer } from "#kernel/http/port";
import { preferredLanguage } from "./identity/language.ts";
import { withHead } from "./open-web/markup.ts";
import type { PageSubject } from "./open-web/open-web.ts";
import { pagePathsOf, pageTest } from "./page-paths.ts";
import { brandedManifest, brandedPage, type Site } from "./open-web/site.ts";

/**
 * The sources that the content security policy of a page permits beside the app's own files, as lists that begin with a
 * space.
 */
interface Permitted {
  /** Hashes of what is inline in the page that the app ships. */
  readonly scripts: string;
  readonly styles: string;
  /** The origin of the CDN, and the origins of pictures. */
  readonly cdn: string;
  readonly pictures: string;
}

/** The content security policy of pages: nothing inline but what the app ships, and only files of the CDN from elsewhere. */
const pagePolicy = ({ scripts, styles, cdn, pictures }: Permitted, ancestors: string): string =>
  [
    "default-src 'self'",
    `script-src 'self'${scripts}`,
    `style-src 'self'${styles}`,
    `img-src 'self' data: blob:${pictures}`,
    // hls.js hangs captions on tracks that begin as an empty `data:` one.
    `media-src 'self' blob: data:${cdn}`,
    `connect-src 'self'${cdn}`,
    "worker-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors}`,
  ].join("; ");
/** The hashes of what is inline in the shipped page (CSP Level 3 §6.7.3.3): never of one that was filled in. Pure. */
export const inlineHashes = (html: string, element: "script" | "style"): string =>
  [...html.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, "g"))]
    .map(([, text = ""]) => ` 'sha256-${createHash("sha256").update(text).digest("base64")}'`)
    .join("");

/**
 * The one script that hashes files beside the page runs WebAssembly, loads nothing and asks for nothing. It is kept apart
 * by its name so that no page may do the same.
 */
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'";
const worker = /^\/assets\/worker-[\w-]+\.js$/;
const permissionsOf = (isEmbed: boolean) =>
  `${["camera", "microphone", "display-capture"].map((name) => `${name}=${isEmbed ? "()" : "(self)"}`).join(", ")}, geolocation=(), payment=(), usb=(), fullscreen=(self), picture-in-picture=(self), autoplay=(self)`;

/** The files of the app: hashed ones, and a few beside the page. Any other path is a place inside the app. */
const file = /^\/(?:assets|icons)\/|^\/[\w-]+\.\w{2,12}$/;

const manifestPath = "/manifest.webmanifest";

interface PagesParts {
  /** The CDN from which pages may fetch public segments, besides this server. */
  readonly cdnUrl?: string | undefined;
  /** The address by which answers name pictures. */
  readonly publicUrl?: string | undefined;
  readonly site: Pick<Site, "facts">;
  /** The subject of a page of the app. */
  readonly subjectOf: (request: HttpRequest) => Promise<PageSubject>;
}

/**
 * The web app: hashed assets are cached for ever, the page itself is always fresh. Unknown paths and pages of missing
 * or private things are 404. Their body is the app's page, which explains that to a visitor, and shows an owner the
 * private thing.
 */
export async function pages(
  server: HttpServer,
  folder: string,
  { cdnUrl, publicUrl, site, subjectOf }: PagesParts,
): Promise<void> {
  const cdn = cdnUrl === undefined ? "" : ` ${new URL(cdnUrl).origin}`;
  // Answers name pictures under the public URL, also where the page was opened under another name of this instance.
  const pictureSources = cdn + (publicUrl === undefined ? "" : ` ${new URL(publicUrl).origin}`);
  const permitted = { scripts: "", styles: "", cdn, pictures: pictureSources };
  const isBuilt = existsSync(join(folder, "index.html"));
  const sendFile = isBuilt ? await server.files(folder) : undefined;
  const isPage = pageTest(isBuilt ? pagePathsOf(folder) : []);
  server.route({
    method: "GET",
    url: "/*",
    declared: "gateway.page",
    service: "web",
    async handler(request, reply) {
      const path = request.url.split("?", 1)[0] ?? "/";
      const isFile = file.test(path);
      const isMissing = isFile && !existsSync(join(folder, path));
      // Other programs ask for names with a dot, such as `/.well-known/webfinger`: the app's page would be a false answer.
      const isDotted = path.startsWith("/.");
      if (path.startsWith("/api/") || isDotted || !sendFile || isMissing) throw NoRoute({});
      const isEmbed = /^\/embed\/(?:live\/)?\d+$/.test(path);
      reply.headers({
        "content-security-policy": worker.test(path) ? workerPolicy : pagePolicy(permitted, "'none'"),
        "permissions-policy": permissionsOf(isEmbed),
        "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      });
      const text = async (name: string) => readFile(join(folder, name), "utf8");
      if (path === manifestPath) {
        const language = preferredLanguage(request.headers["accept-language"]);
        const manifest = brandedManifest(await text(path), await site.facts(), language);
        return reply.header("vary", "accept-language").type("application/manifest+json").send(manifest);
      }
      if (isFile) return sendFile(reply, path);
      const subject: Promise<PageSubject> | PageSubject = isPage(path) ? subjectOf(request) : { isThere: false };
      const [shipped, facts, { isThere, head }] = await Promise.all([text("index.html"), site.facts(), subject]);
      const [scripts, styles] = [inlineHashes(shipped, "script"), inlineHashes(shipped, "style")];
      // The pages that other sites may embed: a player without an account, as frames get no cookies.
      const policy = pagePolicy({ ...permitted, scripts, styles }, isEmbed ? "*" : "'none'");
      reply.header("content-security-policy", policy);
      const html = brandedPage(shipped, facts);
      if (isThere && head === undefined && html === shipped) return sendFile(reply, "index.html");
      reply.code(isThere ? 200 : 404).type("text/html; charset=utf-8");
      return reply.send(head === undefined ? html : withHead(html, head));
    },
  });
}
