import { type Call, type Client, type Contract, failure, KinoraError, newCall } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import { hashtag } from "#services/hashtag/contract";
import { user } from "#services/user/contract";
import { type Video, video } from "#services/video/contract";
import { z } from "zod";
import type { Admission } from "../identity/admission.ts";
import { routeNamed } from "../raw-route.ts";
import type { View } from "../rest/view.ts";
import { type About, type FeedItem, headOf, rss } from "./markup.ts";
import { openWebRoutes } from "./routes.ts";

interface OpenWebParts {
  readonly admission: Admission;
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly views: readonly View[];
  readonly site: string;
  readonly addressOf: (request: HttpRequest) => string;
  readonly degraded: (part: string, error: unknown, call: Call) => void;
}

const NotOfHere = failure("not_found", "open.not_of_here", "this address is no video or profile of here");
const OnlyJson = failure("invalid", "open.only_json", "only JSON is told here");

const waitMs = 10_000;
const itemsMax = 30;
const usual = { width: 1_280, height: 720 };
const published = 1;

/** A video with its author and addresses, as the view composes it. */
const Composed = z.object({
  id: z.int(),
  title: z.string(),
  description: z.string(),
  coverUrl: z.string(),
  width: z.number(),
  height: z.number(),
  durationMs: z.number(),
  publishedAtMs: z.number().nullable(),
  user: z.object({ username: z.string(), nickname: z.string() }),
});
type Composed = z.output<typeof Composed>;

/** What is told of pages elsewhere, as anybody sees them: cards, oEmbed and feeds. */
export function openWeb(server: HttpServer, { client, views, site, addressOf, degraded, admission }: OpenWebParts) {
  const videoView = views.find(({ base }) => base === video.methods.get.output);

  async function composed(rows: readonly Video[], call: Call): Promise<Composed[]> {
    const ask = { client, call, degraded: (part: string, error: unknown) => degraded(part, error, call) };
    const whole = (await videoView?.hydrate(rows, ask)) ?? [];
    return whole.map((row) => Composed.parse(row));
  }
  const nameOf = ({ username, nickname }: Composed["user"]) => nickname || username;
  const absolute = (base: string, path: string) => (path === "" || /^https?:/.test(path) ? path : base + path);

  /** Undefined for what is not there for everybody. */
  async function aboutVideo(id: number, base: string, call: Call): Promise<(About & { shown: Composed }) | undefined> {
    const row = await client(video).get({ id }, call).catch(absent);
    // An address may be passed on by whoever has it; what waits or asks for a password tells nothing.
    if (!row || row.status !== published || (row.visibility !== "public" && row.visibility !== "unlisted")) return;
    const [shown] = await composed([row], call);
    if (!shown) return undefined;
    const url = `${base}/watch/${id}`;
    return {
      shown,
      kind: "video",
      site,
      title: shown.title || nameOf(shown.user),
      description: shown.description,
      url,
      image: absolute(base, shown.coverUrl),
      embedUrl: `${base}/embed/${id}`,
      width: shown.width || usual.width,
      height: shown.height || usual.height,
      durationS: shown.durationMs / 1_000,
      author: nameOf(shown.user),
      oembedUrl: `${base}/api/v1/oembed?url=${encodeURIComponent(url)}`,
      ...(shown.publishedAtMs !== null && { publishedAt: new Date(shown.publishedAtMs).toISOString() }),
    };
  }

  async function aboutUser(username: string, base: string, call: Call): Promise<About | undefined> {
    const found = await client(user).byName({ username }, call).catch(absent);
    if (!found) return undefined;
    const url = `${base}/@${encodeURIComponent(found.username)}`;
    return {
      kind: "profile",
      site,
      title: `${found.nickname || found.username} (@${found.username})`,
      description: found.bio,
      url,
      image: absolute(base, found.avatar),
      oembedUrl: `${base}/api/v1/oembed?url=${encodeURIComponent(url)}`,
      feedUrl: `${base}/feeds/users/${encodeURIComponent(found.username)}`,
    };
  }

  async function aboutHashtag(name: string, base: string, call: Call): Promise<About | undefined> {
    const found = await client(hashtag).byName({ name }, call).catch(absent);
    if (!found) return undefined;
    const spelt = encodeURIComponent(found.name);
    return {
      kind: "hashtag",
      site,
      title: `#${found.name}`,
      description: found.description,
      url: `${base}/tag/${spelt}`,
      image: "",
      feedUrl: `${base}/feeds/hashtags/${spelt}`,
    };
  }

  async function about(path: string, base: string, call: Call): Promise<About | undefined> {
    const [, id] = path.match(/^\/(?:watch|embed)\/([1-9]\d{0,15})$/) ?? [];
    if (id !== undefined) return aboutVideo(Number(id), base, call);
    const [, name] = path.match(/^\/@([^/]{1,200})$/) ?? [];
    const username = name === undefined ? undefined : decoded(name);
    if (username !== undefined) return aboutUser(username, base, call);
    const [, tag] = path.match(/^\/tag\/([^/]{1,500})$/) ?? [];
    const hashtagName = tag === undefined ? undefined : decoded(tag);
    return hashtagName === undefined ? undefined : aboutHashtag(hashtagName, base, call);
  }

  const feed = async (
    request: HttpRequest,
    about: { title: string; description: string; url: string },
    rows: readonly Video[],
    call: Call,
  ) => {
    const base = addressOf(request);
    const items: FeedItem[] = (await composed(rows, call)).map((shown) => ({
      title: shown.title,
      description: shown.description,
      url: `${base}/watch/${shown.id}`,
      image: absolute(base, shown.coverUrl),
      author: nameOf(shown.user),
      publishedAtMs: shown.publishedAtMs ?? 0,
    }));
    return rss({ ...about, self: base + request.url }, items);
  };

  const route = (name: string, handler: Parameters<HttpServer["route"]>[0]["handler"]) => {
    const found = routeNamed(openWebRoutes, name);
    server.route({ method: ["GET", "HEAD"], url: found.path, declared: `open.${name}`, service: "gateway", handler });
    return found;
  };
  const begin = (name: string, request: HttpRequest, reply: HttpReply) =>
    admission.admit(routeNamed(openWebRoutes, name), "open", request, reply, waitMs);
  const xml = "application/rss+xml; charset=utf-8";
  // What became private is not told of by a cache on the way for longer than it is by us.
  const fresh = { "cache-control": "public, max-age=5" };

  route("oembed", async (request, reply) => {
    const call = anonymous(await begin("oembed", request, reply));
    const { url, format = "json", maxwidth, maxheight } = request.query;
    if (format !== "json") throw OnlyJson({});
    const base = addressOf(request);
    const path = typeof url === "string" && url.startsWith(`${base}/`) ? url.slice(base.length).split(/[?#]/)[0] : "";
    const found = await about(path ?? "", base, call);
    if (!found?.oembedUrl) throw NotOfHere({});
    const { title, author, image, embedUrl } = found;
    const shared = {
      version: "1.0",
      provider_name: site,
      provider_url: base,
      title,
      ...(author && { author_name: author }),
    };
    if (!embedUrl)
      return reply.type("application/json; charset=utf-8").send(JSON.stringify({ type: "link", ...shared }));
    const size = within(found, limitIn("maxwidth", maxwidth), limitIn("maxheight", maxheight));
    return reply
      .type("application/json; charset=utf-8")
      .headers(fresh)
      .send(
        JSON.stringify({
          type: "video",
          ...shared,
          ...size,
          html: `<iframe src="${embedUrl}" width="${size.width}" height="${size.height}" frameborder="0" allow="fullscreen; picture-in-picture" sandbox="allow-scripts allow-same-origin allow-popups"></iframe>`,
          ...(image && { thumbnail_url: image, thumbnail_width: size.width, thumbnail_height: size.height }),
        }),
      );
  });

  route("userFeed", async (request, reply) => {
    const call = anonymous(await begin("userFeed", request, reply));
    const base = addressOf(request);
    const found = await client(user).byName({ username: request.params["username"] ?? "" }, call);
    const { items } = await client(video).ofUser({ id: found.id, limit: itemsMax }, call);
    const name = found.nickname || found.username;
    const about = {
      title: `${name} · ${site}`,
      description: found.bio,
      url: `${base}/@${encodeURIComponent(found.username)}`,
    };
    return reply
      .type(xml)
      .headers(fresh)
      .send(await feed(request, about, items, call));
  });

  route("hashtagFeed", async (request, reply) => {
    const call = anonymous(await begin("hashtagFeed", request, reply));
    const base = addressOf(request);
    const found = await client(hashtag).byName({ name: request.params["name"] ?? "" }, call);
    const { items } = await client(hashtag).videos({ id: found.id, limit: itemsMax }, call);
    const { items: rows } = await client(video).visible({ ids: items.map(({ videoId }) => videoId) }, call);
    const about = {
      title: `#${found.name} · ${site}`,
      description: found.description,
      url: `${base}/tag/${encodeURIComponent(found.name)}`,
    };
    return reply
      .type(xml)
      .headers(fresh)
      .send(await feed(request, about, rows, call));
  });

  return {
    /** The head of a page that somebody may pass on; undefined for every other, and where it cannot be told right now. */
    async head(request: HttpRequest): Promise<string | undefined> {
      const path = request.url.split("?", 1)[0] ?? "/";
      if (!/^\/(?:watch\/|embed\/|tag\/|@)/.test(path)) return undefined;
      const call = newCall({ traceId: request.traceId, waitMs: 2_000 });
      try {
        const found = await about(path, addressOf(request), call);
        return found && headOf(found);
      } catch (error) {
        degraded("head", error, call);
        return undefined;
      }
    },
  };
}

/** What is told elsewhere is what anybody sees, whoever asks. */
const anonymous = ({ userId: _, role: __, sessionId: ___, ...call }: Call): Call => call;

/** Passes over what is not there, or not for everybody. */
function absent(error: unknown): undefined {
  const isAbsent =
    error instanceof KinoraError && (error.kind === "not_found" || error.kind === "denied" || error.kind === "invalid");
  if (!isAbsent) throw error;
  return undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** @throws InvalidInput */
function limitIn(field: string, given: unknown): number {
  if (given === undefined) return Number.POSITIVE_INFINITY;
  if (typeof given !== "string" || !/^[1-9]\d{0,4}$/.test(given))
    throw InvalidInput({ fields: [{ field, message: "a number of pixels" }] });
  return Number(given);
}

/** The largest size of the same shape within both. Pure. */
function within(
  { width = usual.width, height = usual.height }: Pick<About, "width" | "height">,
  maxWidth: number,
  maxHeight: number,
) {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
