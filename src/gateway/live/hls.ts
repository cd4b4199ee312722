import { type Call, failure, type Id, type Log } from "#kernel";
import type { CachePolicies } from "#kernel/cache/policies";
import type { HttpReply, HttpRequest, HttpServer } from "#kernel/http/port";
import type { Metrics } from "#kernel/telemetry/port";
import { admitReload, isReached, type Place, type ReloadDirectives } from "#media/live/reload";
import { LiveNotFound, NotLive } from "#services/live/contract";
import type { ClientOf } from "../client-of.ts";
import { idOf } from "../delivery/streams.ts";
import type { Admission } from "../identity/admission.ts";
import { type RawRoute, routeNamed } from "../raw-route.ts";
import { PlaybackRights } from "./playback-right.ts";
import type { RoomEdge } from "./room-edge.ts";
import { RoomPictures } from "./room-pictures.ts";
import { RoomEdges } from "./room-edges.ts";

const TooFarAhead = failure("invalid", "live.too_far_ahead_of_stream", "this part of the stream is too far ahead");
const TooManyWaiters = failure("unavailable", "live.too_many_waiters", "too many players wait for this stream");
const PartNotThere = failure("not_found", "live.segment_not_found", "this part of the stream is not there");

const hls = {
  verb: "GET",
  group: "live",
  scope: "live:read",
  answers: "application/octet-stream",
  auth: "public",
  rate: "media",
  kind: "query",
} as const;
export const liveHlsRoutes: readonly RawRoute[] = [
  {
    ...hls,
    path: "/api/v1/lives/:id/hls/:file",
    name: "hls",
    query: ["_HLS_msn", "_HLS_part", "_HLS_skip"],
    summary:
      "Playlists, segments and parts of a live room, as Low-Latency HLS; `master.m3u8` is where players begin; `dvr.m3u8` goes back as far as the room is recorded; `picture.jpg` is a picture of it.",
  },
  {
    ...hls,
    path: "/api/v1/lives/:id/t/:token/hls/:file",
    name: "hlsByToken",
    query: ["_HLS_msn", "_HLS_part", "_HLS_skip"],
    summary: "As `/lives/:id/hls/:file`, by the token of a playback address.",
  },
];

const waitMs = 10_000;
/** A player that comes before the first part waits at most this long for it. */
const beginMs = 3_000;
const playlistType = "application/vnd.apple.mpegurl";
const mp4Type = "video/mp4";

interface HlsParts {
  readonly client: ClientOf;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly admission: Admission;
  readonly caches: CachePolicies;
}

/** Low-Latency HLS from the memory of this process (draft-pantos-hls-rfc8216bis). */
export function liveHls(server: HttpServer, { client, log, metrics, admission, caches }: HlsParts): void {
  const edges = new RoomEdges({ client, log, metrics });
  const rights = new PlaybackRights(client, caches);
  const pictures = new RoomPictures(client, caches);
  server.onClose(async () => edges.close());

  /** Answers true if the room is open to everybody. @throws LiveNotFound, PasswordNeeded, BadPlaybackToken, NotLive */
  async function authorize(request: HttpRequest, reply: HttpReply, id: Id, token?: string): Promise<boolean> {
    // Segments and playlists of public streams are not counted as requests; their connections are.
    if (await rights.isOpen(id)) return true;
    const call: Call = await admission.admit(hls, hls.group, request, reply, waitMs);
    return (await rights.of(id, token, call)).isOpen;
  }

  for (const name of ["hls", "hlsByToken"]) {
    const { path } = routeNamed(liveHlsRoutes, name);
    server.route({
      method: ["GET", "HEAD"],
      url: path,
      declared: `live.${name}`,
      service: "live",
      async handler(request, reply) {
        const { id: text, token, file = "" } = request.params;
        const id = idOf(text);
        const isOpen = await authorize(request, reply, id, token);
        const target = targetOf(file);
        if (!target) throw PartNotThere({});
        if (target.kind === "picture") {
          reply.header("cache-control", isOpen ? cacheable.picture : "private, no-store");
          return reply.type("image/jpeg").send(await pictures.of(id));
        }
        const edge = edges.of(id);
        const answer = await answerOf(edge, target, directivesOf(request), () => disconnectionOf(request));
        reply.headers({
          "cache-control": isOpen ? answer.cache : "private, no-store",
          "access-control-allow-origin": "*",
          "cross-origin-resource-policy": "cross-origin",
        });
        return reply.type(answer.type).send(answer.bytes);
      },
    });
  }
}

/**
 * Created only for requests that wait. The fixed reason saves the error that a signal makes otherwise, as each request
 * closes once.
 */
function disconnectionOf({ raw }: HttpRequest): AbortSignal {
  const controller = new AbortController();
  raw.once("close", () => controller.abort("closed"));
  return controller.signal;
}

type Target =
  | { readonly kind: "picture" }
  | { readonly kind: "master"; readonly isDvr: boolean }
  | { readonly kind: "playlist"; readonly track: string; readonly isDvr: boolean }
  | { readonly kind: "init"; readonly track: string; readonly generation: number }
  | { readonly kind: "media"; readonly track: string; readonly msn: number; readonly part: number | undefined };

/** The part of a stream that a file name stands for; undefined for a name that no stream has. */
function targetOf(file: string): Target | undefined {
  if (file === "master.m3u8" || file === "dvr.m3u8") return { kind: "master", isDvr: file === "dvr.m3u8" };
  if (file === "picture.jpg") return { kind: "picture" };
  const [, track = "", init, msn, part, playlist] =
    /^([a-z0-9]{1,16})(?:-init-(\d{1,9})\.mp4|-(\d{1,9})(?:\.(\d{1,4}))?\.m4s|((?:-dvr)?\.m3u8))$/.exec(file) ?? [];
  if (playlist !== undefined) return { kind: "playlist", track, isDvr: playlist.startsWith("-dvr") };
  if (init !== undefined) return { kind: "init", track, generation: Number(init) };
  if (msn !== undefined)
    return { kind: "media", track, msn: Number(msn), part: part === undefined ? undefined : Number(part) };
  return undefined;
}

interface Answer {
  readonly bytes: Buffer;
  readonly type: string;
  readonly cache: string;
}

const cacheable = {
  picture: "public, max-age=10",
  never: "no-cache",
  short: "public, max-age=1",
  long: "public, max-age=3600, immutable",
};

async function answerOf(
  edge: RoomEdge,
  target: Exclude<Target, { kind: "picture" }>,
  directives: ReloadDirectives & { readonly isDelta: boolean },
  disconnection: () => AbortSignal,
): Promise<Answer> {
  if (!(await edge.hasBegun(beginMs))) throw NotLive({});
  const { window } = edge;
  switch (target.kind) {
    case "master":
      return requirePart(window.masterPlaylist(target), playlistType, cacheable.short);
    case "playlist":
      return playlistOf(edge, target, directives, disconnection);
    case "init":
      return headerOf(edge, target, disconnection);
    case "media":
      return mediaOf(edge, target, disconnection);
  }
}

function requirePart(bytes: Buffer | undefined, type: string, cache: string): Answer {
  if (!bytes) throw PartNotThere({});
  return { bytes, type, cache };
}

/** A playlist, once it has what the player asks for. One that does not come in time is answered as it is. */
async function playlistOf(
  edge: RoomEdge,
  { track, isDvr }: Extract<Target, { kind: "playlist" }>,
  { isDelta, ...directives }: ReloadDirectives & { readonly isDelta: boolean },
  disconnection: () => AbortSignal,
): Promise<Answer> {
  const { window } = edge;
  const head = window.head(track);
  const { targets } = window;
  if (!head || !targets) throw LiveNotFound({});
  const admission = admitReload(directives, head, (msn) => window.partsOf(track, msn), targets.partMs);
  if (admission.kind === "refused") throw TooFarAhead({});
  if (admission.kind === "wait") await waitFor(edge, track, admission.place, disconnection);
  return requirePart(edge.window.mediaPlaylist(track, { isDelta, isDvr }), playlistType, cacheable.never);
}

/** A header. One that a gateway ahead of this one has announced comes with the next segment. */
async function headerOf(
  edge: RoomEdge,
  { track, generation }: Extract<Target, { kind: "init" }>,
  disconnection: () => AbortSignal,
): Promise<Answer> {
  const { window } = edge;
  const head = window.head(track);
  if (head && generation === (window.generation ?? generation) + 1)
    await waitFor(edge, track, { msn: head.msn + 1, part: 0 }, disconnection);
  return requirePart(edge.window.header(track, generation), mp4Type, cacheable.long);
}

/** A segment or a part. An announced one is waited for: another gateway may be ahead of this one. */
async function mediaOf(
  edge: RoomEdge,
  { track, msn, part }: Extract<Target, { kind: "media" }>,
  disconnection: () => AbortSignal,
): Promise<Answer> {
  const { window } = edge;
  const head = window.head(track);
  if (!head) throw PartNotThere({});
  const isReachedBy = (place: Place) => isReached(place, head, (number) => window.partsOf(track, number));
  if (part === undefined) {
    const isNext = msn === head.msn || msn === head.msn + 1;
    if (isNext && !isReachedBy({ msn })) await waitFor(edge, track, { msn }, disconnection);
    const parts = edge.window.segmentBytes(track, msn);
    const isElsewhere = !parts && edge.window.isAvailable(track, msn);
    const bytes = isElsewhere ? await edge.history.segment(track, msn) : parts && Buffer.concat(parts);
    return requirePart(bytes, mp4Type, cacheable.long);
  }
  const isNext = msn === head.msn ? part === head.parts : msn === head.msn + 1 && part === 0;
  const place = { msn, part };
  if (isNext && !isReachedBy(place)) await waitFor(edge, track, place, disconnection);
  return requirePart(edge.window.partBytes(track, msn, part), mp4Type, cacheable.long);
}

/** Settles when the place is there, or did not come in time. @throws TooManyWaiters */
async function waitFor(edge: RoomEdge, track: string, place: Place, disconnection: () => AbortSignal): Promise<void> {
  if ((await edge.wait(track, place, disconnection())) === undefined) throw TooManyWaiters({});
}

function directivesOf({ query }: HttpRequest): ReloadDirectives & { readonly isDelta: boolean } {
  const text = (name: string): string | undefined => {
    const value = query[name];
    return typeof value === "string" ? value : undefined;
  };
  const skip = text("_HLS_skip");
  return { msn: text("_HLS_msn"), part: text("_HLS_part"), isDelta: skip === "YES" || skip === "v2" };
}
