import {
  type Call,
  type Host,
  type Id,
  KinoraError,
  type RotatingKey,
  type Viewer as Asker,
  viewerFields,
} from "#kernel";
import type { CacheDeclaration } from "#kernel/cache/policy";
import { ChainUnavailable, GateClosed } from "#policy/gates/failures";
import { auth } from "#services/auth/contract";
import { media, type Playable } from "#services/media/contract";
import { type Chapter, PasswordNeeded, video } from "#services/video/contract";
import type { z } from "zod";
import { BadPlaybackToken, StreamNotFound } from "./contract.ts";
import type { Place } from "./paths.ts";
import { GroupCache } from "./group-cache.ts";
import { type Grant, readToken, type Scope, tokenEndMs, writeToken } from "./tokens.ts";

const groupsMax = 10_000;
/** A change of visibility takes effect everywhere within 10 s (S2.3), of which a gateway's responses may take 4 s. */
const videosCache: CacheDeclaration = {
  name: "streaming.videos",
  what: "Whether a viewer may watch a video, and in which generation.",
  ttlMs: 4_000,
  staleMs: 2_000,
  lifetimeMsMax: 6_000,
};
const sessionsCache: CacheDeclaration = {
  name: "streaming.sessions",
  what: "Whether the session of a playback token is open.",
  ttlMs: 4_000,
  staleMs: 4_000,
  lifetimeMsMax: 8_000,
};
const objectsCache: CacheDeclaration = {
  name: "streaming.objects",
  what: "Renditions, captions and pictures of ready media objects.",
  ttlMs: 4_000,
  staleMs: 4_000,
  lifetimeMsMax: 8_000,
};
/** The status of a published video. */
const published = 1;

/** A session now; without a role from auth of a version before. */
type Standing = z.output<(typeof auth)["methods"]["standing"]["output"]>;

export interface Content {
  readonly scope: Scope;
  readonly id: Id;
  readonly token?: string | undefined;
}
type Viewer = Asker & { readonly isGranted?: boolean };
/** Content that a viewer may watch. */
export interface Access {
  readonly mediaId: Id;
  readonly userId: Id;
  readonly coverMediaId: Id | null;
  readonly title: string;
  readonly generation: number;
  readonly isPublic: boolean;
  readonly isOwner: boolean;
  readonly isGranted: boolean;
  readonly allowDownload: boolean;
  readonly chapters: readonly Chapter[];
}
type AccessHost = Pick<Host, "now" | "caches" | "client" | "call">;

type PlayableVideo = z.output<(typeof video)["methods"]["playable"]["output"]>;
type PlayableObject = z.output<typeof Playable>;

/** Cached answers of video and media about who may watch what. */
export interface PlayableCache {
  readonly videos: GroupCache<PlayableVideo | undefined>;
  readonly objects: GroupCache<PlayableObject | undefined>;
  /** Only ready media objects are cached, so that one that becomes ready can be watched immediately. */
  readonly playableOf: (id: Id, call: Call) => Promise<PlayableObject | undefined>;
  /** The state of a viewer's session, and their role. Playback goes on while auth is unavailable. */
  readonly standingOf: (sessionId: string, viewerId: Id, call: Call) => Promise<Standing>;
  readonly videoOf: (id: Id, viewer: Viewer, call: Call) => Promise<PlayableVideo | undefined>;
}

export function createPlayableCache({ caches, client, call }: Omit<AccessHost, "now">): PlayableCache {
  const groupsOf = (declaration: CacheDeclaration, subject: string) => ({
    policy: caches.declare(declaration),
    subject,
    groupsMax,
  });
  const videos = new GroupCache<PlayableVideo | undefined>(groupsOf(videosCache, "video"));
  const sessions = new GroupCache<Standing>(groupsOf(sessionsCache, "user"));
  const objects = new GroupCache<PlayableObject | undefined>(groupsOf(objectsCache, "media"));
  const playableOf = (id: Id, { traceId }: Pick<Call, "traceId">) =>
    objects.of(
      id,
      "",
      () => client(media).playable({ id }, call({ traceId })).catch(undefinedIfHidden),
      (playable) => playable?.status === "ready",
    );
  caches.declare(objectsCache).hold({
    entries: () => 0,
    clear: () => undefined,
    warm: async (keys) => {
      let count = 0;
      for (const id of keys.map(Number)) if (Number.isSafeInteger(id) && (await playableOf(id, call()))) count += 1;
      return count;
    },
  });

  return {
    videos,
    objects,
    playableOf,

    standingOf: (sessionId: string, viewerId: Id, { traceId }: Call) =>
      sessions
        .of(
          viewerId,
          sessionId,
          () => client(auth).standing({ sessionId }, call({ traceId })),
          () => true,
        )
        .catch((error: unknown) => {
          if (error instanceof KinoraError && error.kind === "unavailable") return { alive: true };
          throw error;
        }),

    videoOf: (id: Id, { isGranted = false, ...viewer }: Viewer, { traceId }: Call) =>
      videos.of(
        id,
        JSON.stringify([viewer.userId, viewer.role, viewer.unlock, isGranted]),
        () =>
          client(video)
            .playable({ id, isGranted }, call({ traceId, ...viewerFields(viewer) }))
            .catch(undefinedIfHidden),
        (playable) => playable?.status === published,
      ),
  };
}

/** Decides who may watch, by visibility and by playback tokens. */
export interface StreamAccess {
  /** The content that a viewer may watch by their own right, without a token. */
  readonly accessOf: (scope: Scope, id: Id, viewer: Viewer, call: Call) => Promise<Access | undefined>;
  /**
   * Grants access to public content, to its owner, and to the holder of a token while the session lasts that it was
   * issued in. Anything else is reported as absent, so that an id reveals nothing (security S2.4).
   * @throws StreamNotFound, BadPlaybackToken
   */
  readonly authorize: (content: Content, call: Call) => Promise<Access & { readonly token: string | undefined }>;
  /** The paths of content. Content that is not public gets a token: the given one, or a new one. */
  readonly placeOf: (
    content: Content,
    access: Pick<Access, "generation" | "isPublic" | "isGranted">,
    call: Call,
  ) => Place;
}

export function createStreamAccess(
  { now }: Pick<AccessHost, "now">,
  cache: PlayableCache,
  key: RotatingKey,
): StreamAccess {
  async function accessOf(scope: Scope, id: Id, viewer: Viewer, call: Call): Promise<Access | undefined> {
    if (scope === "media") {
      const playable = await cache.playableOf(id, call);
      return playable && playable.userId === viewer.userId ? ownMediaAccess(id, playable) : undefined;
    }
    const playable = await cache.videoOf(id, viewer, call);
    if (!playable) return undefined;
    const { visibility, status, ...access } = playable;
    const isPublic = visibility === "public" && status === published;
    return { ...access, isPublic, isOwner: playable.userId === viewer.userId };
  }

  const tokenFor = (
    scope: Scope,
    id: Id,
    { generation, isGranted }: Pick<Access, "generation" | "isGranted">,
    { userId = 0, sessionId }: Call,
  ): string => {
    const grant: Grant = { scope, id, generation, viewerId: userId, sessionId, isGranted, endsAtMs: tokenEndMs(now()) };
    return writeToken(key, grant);
  };

  return {
    accessOf,

    async authorize(
      { scope, id, token }: Content,
      call: Call,
    ): Promise<Access & { readonly token: string | undefined }> {
      const ownAccess = await accessOf(scope, id, call, call);
      if (ownAccess?.isPublic) return { ...ownAccess, token: undefined };
      const grant = token === undefined ? undefined : readToken(key, token);
      // A player may be signed out; it may not be signed in as another user.
      const isOfViewer = call.userId === undefined || !grant?.viewerId || grant.viewerId === call.userId;
      const isOfContent = grant?.scope === scope && grant.id === id && isOfViewer;
      const isExpired = isOfContent && grant.endsAtMs <= now();
      const standing =
        isOfContent && grant.sessionId !== undefined
          ? await cache.standingOf(grant.sessionId, grant.viewerId, call)
          : { alive: true };
      if (isOfContent && !isExpired && standing.alive) {
        const { viewerId, isGranted } = grant;
        // The role is asked again too: a token carries no right but the one of a password.
        const viewer = { ...(viewerId > 0 && { userId: viewerId, role: standing.role }), isGranted };
        const access = await accessOf(scope, id, viewer, call);
        if (access?.generation === grant.generation) return { ...access, token };
        // The content has a new generation by now: the page gets a new link.
        if (access && !ownAccess?.isOwner) throw BadPlaybackToken({});
      }
      if (ownAccess?.isOwner) return { ...ownAccess, token: tokenFor(scope, id, ownAccess, call) };
      throw isExpired ? BadPlaybackToken({}) : StreamNotFound({});
    },

    placeOf: (
      { scope, id, token }: Content,
      { generation, isPublic, isGranted }: Pick<Access, "generation" | "isPublic" | "isGranted">,
      call: Call,
    ): Place => ({
      scope,
      id,
      generation,
      token: isPublic ? undefined : (token ?? tokenFor(scope, id, { generation, isGranted }, call)),
    }),
  };
}

const ownMediaAccess = (mediaId: Id, { userId, source }: PlayableObject): Access => ({
  mediaId,
  userId,
  coverMediaId: null,
  title: source.name,
  generation: 0,
  isPublic: false,
  isOwner: true,
  isGranted: false,
  allowDownload: true,
  chapters: [],
});

/** The content is there, and does not open for the viewer. */
export const locked: ReadonlySet<string> = new Set([PasswordNeeded.code, GateClosed.code, ChainUnavailable.code]);

/** Hidden content is as if it did not exist. */
function undefinedIfHidden(error: unknown): undefined {
  if (error instanceof KinoraError && (error.kind === "not_found" || locked.has(error.code))) return;
  throw error;
}
