import { type Call, KinoraError, newCall } from "#kernel";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import type { Admission } from "../identity/admission.ts";
import { routeNamed } from "../raw-route.ts";
import { Feeds, freshness } from "./feeds.ts";
import { headOf } from "./markup.ts";
import { assertJson, NotOfHere, oembedOf } from "./oembed.ts";
import { hasSubject, PagePreviews, type PreviewParts } from "./page-preview.ts";
import { robots } from "./robots.ts";
import { openWebRoutes } from "./routes.ts";
import { NoContact, securityTxt } from "./security-txt.ts";
import { Sitemaps } from "./sitemaps.ts";

interface OpenWebParts extends PreviewParts {
  readonly admission: Admission;
  readonly addressOf: (request: HttpRequest) => string;
  readonly hasPublicUrl: boolean;
}

/** The subject of a page of the app. `head`: its preview for other sites, where it has one. */
export interface PageSubject {
  /** False for what does not exist, or not for everybody. */
  readonly isThere: boolean;
  readonly head?: string | undefined;
}

/** Data for other sites. Its routes are the server's already. */
export interface OpenWeb {
  /** The subject of a page as anybody sees it; without a preview where that is unavailable now. */
  subject(request: HttpRequest): Promise<PageSubject>;
}

const waitMs = 10_000;
const jsonType = "application/json; charset=utf-8";

/**
 * Data for other sites, as an anonymous visitor sees it: previews of pages, oEmbed, feeds, and a list of pages for
 * search engines.
 */
export function createOpenWeb(server: HttpServer, parts: OpenWebParts): OpenWeb {
  const { admission, addressOf, reportDegraded } = parts;
  const previews = new PagePreviews(parts);

  const route = (name: string, handle: (request: HttpRequest, reply: HttpReply, call: Call) => Promise<unknown>) => {
    const declared = routeNamed(openWebRoutes, name);
    server.route({
      method: ["GET", "HEAD"],
      url: declared.path,
      declared: `open.${name}`,
      service: "gateway",
      async handler(request, reply) {
        return handle(request, reply, anonymous(await admission.admit(declared, "open", request, reply, waitMs)));
      },
    });
  };
  route("oembed", async (request, reply, call) => {
    assertJson(request.query);
    const { url } = request.query;
    const base = addressOf(request);
    const path = typeof url === "string" && url.startsWith(`${base}/`) ? url.slice(base.length).split(/[?#]/)[0] : "";
    const preview = await previews.of(path ?? "", base, call).catch(unlessHidden);
    if (!preview?.oembedUrl) throw NotOfHere({});
    const text = JSON.stringify(oembedOf(preview, base, request.query));
    return reply.type(jsonType).headers(freshness(parts)).send(text);
  });

  const feeds = new Feeds(parts, previews);
  route("userFeed", (request, reply, call) => feeds.ofUser(request, reply, call));
  route("hashtagFeed", (request, reply, call) => feeds.ofHashtag(request, reply, call));
  route("podcast", (request, reply, call) => feeds.podcastOf(request, reply, call));

  const sitemaps = new Sitemaps(parts, previews);
  route("robots", async (request, reply) =>
    reply
      .type("text/plain; charset=utf-8")
      .headers(freshness(parts))
      .send(robots(addressOf(request))),
  );
  route("securityTxt", async (request, reply) => {
    const { contact = "" } = await parts.site.facts();
    const text = securityTxt(addressOf(request), contact, Date.now());
    if (text === undefined) throw NoContact({});
    return reply.type("text/plain; charset=utf-8").headers(freshness(parts)).send(text);
  });
  route("sitemapIndex", (request, reply, call) => sitemaps.index(request, reply, call));
  route("sitemap", (request, reply, call) => sitemaps.part(request, reply, call));

  return {
    async subject(request) {
      const path = request.url.split("?", 1)[0] ?? "/";
      if (!hasSubject(path)) return { isThere: true };
      const call = newCall({ traceId: request.traceId, waitMs: 2_000 });
      try {
        // Beyond it the page is the app without a preview, for which nothing is looked up.
        await admission.count("read", "pages", { source: await admission.pseudonym(request.ip) });
        const preview = await previews.of(path, addressOf(request), call);
        return { isThere: true, head: preview && headOf(preview) };
      } catch (error) {
        // A password opens what is denied.
        if (isHidden(error)) return { isThere: error.kind === "denied" };
        if (!(error instanceof KinoraError && error.kind === "exhausted")) reportDegraded("head", error, call);
        return { isThere: true };
      }
    },
  };
}

/** Previews contain what an anonymous visitor sees, also for a signed-in caller. */
const anonymous = ({ userId: _, role: __, sessionId: ___, ...call }: Call): Call => call;

/** The error of a thing that does not exist, or not for everybody. */
const isHidden = (error: unknown): error is KinoraError =>
  error instanceof KinoraError && (error.kind === "not_found" || error.kind === "denied" || error.kind === "invalid");

function unlessHidden(error: unknown): undefined {
  if (!isHidden(error)) throw error;
}
