import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { NoRoute } from "#kernel/http/errors";
import type { HttpRequest, HttpServer } from "#kernel/http/port";
import { withHead } from "./open-web/markup.ts";
import { brandedManifest, brandedPage, type Site } from "./open-web/site.ts";

/** The content security policy of pages: nothing inline, and from other origins only files of the CDN. */
const pagePolicy = (cdn: string, own: string, ancestors: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${own}`,
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
/**
 * The one script that hashes files beside the page runs WebAssembly, loads nothing and asks for nothing. It is kept apart
 * by its name so that no page may do the same.
 */
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'none'";
const worker = /^\/assets\/worker-[\w-]+\.js$/;
const permissionsOf = (isEmbed: boolean) =>
  `camera=(), microphone=${isEmbed ? "()" : "(self)"}, geolocation=(), payment=(), usb=(), fullscreen=(self), picture-in-picture=(self), autoplay=(self)`;

/** The files of the app: hashed ones, and a few beside the page. Any other path is a place inside the app. */
const file = /^\/(?:assets|icons)\/|^\/[\w-]+\.\w{2,12}$/;

const manifestPath = "/manifest.webmanifest";

interface PagesParts {
  /** Where pages may fetch public segments from, beside here. */
  readonly cdnUrl?: string | undefined;
  /** The address by which answers name pictures. */
  readonly publicUrl?: string | undefined;
  readonly site: Pick<Site, "facts">;
  /** The preview of a page for other sites; undefined for a page without one. */
  readonly headOf: (request: HttpRequest) => Promise<string | undefined>;
}

/** The web app: hashed assets for ever, the page itself always fresh, and the page for every path that is not an API's. */
export async function pages(
  server: HttpServer,
  folder: string,
  { cdnUrl, publicUrl, site, headOf }: PagesParts,
): Promise<void> {
  const cdn = cdnUrl === undefined ? "" : ` ${new URL(cdnUrl).origin}`;
  // Answers name pictures under the public URL, also where the page was opened under another name of this instance.
  const own = cdn + (publicUrl === undefined ? "" : ` ${new URL(publicUrl).origin}`);
  const policy = pagePolicy(cdn, own, "'none'");
  // The one page that other sites may embed: a player without an account, as frames get no cookies.
  const embedPolicy = pagePolicy(cdn, own, "*");
  const sendFile = existsSync(join(folder, "index.html")) ? await server.files(folder) : undefined;
  server.route({
    method: "GET",
    url: "/*",
    declared: "gateway.page",
    service: "web",
    async handler(request, reply) {
      const path = request.url.split("?", 1)[0] ?? "/";
      const isFile = file.test(path);
      const isThere = !isFile || existsSync(join(folder, path));
      if (path.startsWith("/api/") || !sendFile || !isThere) throw NoRoute({});
      const isEmbed = /^\/embed\/\d+$/.test(path);
      reply.headers({
        "content-security-policy": worker.test(path) ? workerPolicy : isEmbed ? embedPolicy : policy,
        "permissions-policy": permissionsOf(isEmbed),
        "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      });
      const text = async (name: string) => readFile(join(folder, name), "utf8");
      if (path === manifestPath)
        return reply.type("application/manifest+json").send(brandedManifest(await text(path), await site.facts()));
      if (isFile) return sendFile(reply, path);
      const [shipped, facts, head] = await Promise.all([text("index.html"), site.facts(), headOf(request)]);
      const html = brandedPage(shipped, facts);
      if (head === undefined && html === shipped) return sendFile(reply, "index.html");
      return reply.type("text/html; charset=utf-8").send(head === undefined ? html : withHead(html, head));
    },
  });
}
