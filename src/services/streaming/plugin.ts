import { type Call, type Host, type Id, KinoraError, on, plugin } from "#kernel";
import { z } from "zod";
import { captionsRemoved, media, type Playable } from "#services/media/contract";
import { type Chapter, PasswordNeeded, video, videoDeleted, videoUpdated } from "#services/video/contract";
import { chaptersVtt } from "./chapters.ts";
import { BadPlaybackToken, StreamNotFound, streaming } from "./contract.ts";
import { Indexes } from "./indexes.ts";
import { manifestOf, masterOf, playlistOf } from "./manifests.ts";
import { storyboardVtt } from "#media/storyboard";
import { bytesPath, coverFile, downloadName, extraUri, fileOf, manifestPath, masterPath, type Place } from "./paths.ts";
import { purging } from "./purge.ts";
import { Recent } from "./recent.ts";
import { soundsOf } from "./sounds.ts";
import { type Grant, readToken, type Scope, tokenEndMs, writeToken } from "./tokens.ts";

/** How long a decision may be used again: visibility changes are felt everywhere within 10 s. */
const decisionLifeMs = 4_000;
/** The status of a video everybody may watch whom its visibility allows. */
const published = 1;
const decisionsMax = 10_000;
const indexBytesMax = 32 * 2 ** 20;

const Settings = z.object({
  /** Where everybody fetches what is public and never changes, instead of here. */
  cdnUrl: z.string().optional(),
  /** Who is told what may not be kept any longer. */
  purgeUrl: z.string().optional(),
});

interface Content {
  readonly scope: Scope;
  readonly id: Id;
  readonly token?: string | undefined;
}
type Viewer = { readonly [Name in "userId" | "role" | "unlock"]?: Call[Name] | undefined } & {
  readonly isGranted?: boolean;
};
/** What somebody may watch. */
interface Seen {
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

export const streamingPlugin = plugin({
  contract: streaming,
  needs: [video, media],
  migrations: [],
  settings: Settings,
  async start(host: Host<unknown, z.output<typeof Settings>>) {
    const { now, blob, secret, client, call, settings } = host;
    const cdnOrigin = settings.cdnUrl === undefined ? undefined : new URL(settings.cdnUrl).origin;
    const purges = purging(host, settings.purgeUrl);
    const key = await secret("playback");
    const indexes = new Indexes(blob, indexBytesMax);
    const videos = new Recent<z.output<(typeof video)["methods"]["playable"]["output"]> | undefined>(
      decisionLifeMs,
      decisionsMax,
    );
    const objects = new Recent<z.output<typeof Playable> | undefined>(decisionLifeMs, decisionsMax);

    /** What becomes playable in this moment is seen at once: only what is ready is remembered. */
    const playableOf = (id: Id, { traceId, signal }: Call) =>
      objects.of(
        id,
        "",
        () => client(media).playable({ id }, call({ traceId, signal })).catch(nothing),
        (found) => found?.status === "ready",
      );

    /** What this viewer may watch under this id by their own right, tokens aside. */
    async function seenBy(scope: Scope, id: Id, by: Viewer, asked: Call): Promise<Seen | undefined> {
      if (scope === "media") {
        const found = await playableOf(id, asked);
        if (!found || found.userId !== by.userId) return undefined;
        return {
          mediaId: id,
          userId: found.userId,
          coverMediaId: null,
          title: found.source.name,
          generation: 0,
          isPublic: false,
          isOwner: true,
          isGranted: false,
          allowDownload: true,
          chapters: [],
        };
      }
      const { traceId, signal } = asked;
      const { userId, role, unlock, isGranted = false } = by;
      const viewer = {
        ...(userId !== undefined && { userId }),
        ...(role !== undefined && { role }),
        ...(unlock !== undefined && { unlock }),
      };
      const ask = () =>
        client(video)
          .playable({ id, isGranted }, call({ traceId, signal, ...viewer }))
          .catch(nothing);
      const found = await videos.of(
        id,
        JSON.stringify([userId, role, unlock, isGranted]),
        ask,
        (answer) => answer?.status === published,
      );
      if (!found) return undefined;
      const { visibility, status, ...shown } = found;
      const isPublic = visibility === "public" && status === published;
      return { ...shown, isPublic, isOwner: found.userId === userId };
    }

    /**
     * Decides who may watch: what is public, its owner, and who brings a token for it. Who knows no more than the id of
     * something else learns nothing: it is as if it did not exist, and so is an expired token's video (security S2.4).
     * @throws StreamNotFound, BadPlaybackToken
     */
    async function watched(
      { scope, id, token }: Content,
      asked: Call,
    ): Promise<Seen & { readonly token: string | undefined }> {
      const own = await seenBy(scope, id, asked, asked);
      if (own?.isPublic) return { ...own, token: undefined };
      const grant = token === undefined ? undefined : readToken(key, token);
      // A player may be nobody; somebody else it may not be.
      const isTheirs = asked.userId === undefined || !grant?.viewerId || grant.viewerId === asked.userId;
      const isForThis = grant?.scope === scope && grant.id === id && isTheirs;
      const isOver = isForThis && grant.endsAtMs <= now();
      if (isForThis && !isOver) {
        const { viewerId, isGranted } = grant;
        const granted = await seenBy(scope, id, { ...(viewerId > 0 && { userId: viewerId }), isGranted }, asked);
        if (granted?.generation === grant.generation) return { ...granted, token };
        // It can still be seen, under another generation: the page has a new link.
        if (granted && !own?.isOwner) throw BadPlaybackToken({});
      }
      if (own?.isOwner) return { ...own, token: tokenFor(scope, id, own, asked) };
      throw isOver ? BadPlaybackToken({}) : StreamNotFound({});
    }

    const tokenFor = (
      scope: Scope,
      id: Id,
      { generation, isGranted }: Pick<Seen, "generation" | "isGranted">,
      { userId = 0 }: Call,
    ): string => {
      const grant: Grant = { scope, id, generation, viewerId: userId, isGranted, endsAtMs: tokenEndMs(now()) };
      return writeToken(key, grant);
    };

    /** Where it is fetched from; what is not public, with a token: a new one unless there is one. */
    const placeOf = (
      { scope, id, token }: Content,
      { generation, isPublic, isGranted }: Pick<Seen, "generation" | "isPublic" | "isGranted">,
      by: Call,
    ): Place => ({
      scope,
      id,
      generation,
      token: isPublic ? undefined : (token ?? tokenFor(scope, id, { generation, isGranted }, by)),
    });

    async function content(asked: Content, by: Call) {
      const seen = await watched(asked, by);
      const playable = await playableOf(seen.mediaId, by);
      if (!playable) throw StreamNotFound({});
      const place = placeOf({ ...asked, token: seen.token }, seen, by);
      return { ...seen, playable, place, cdnOrigin: seen.isPublic ? cdnOrigin : undefined };
    }

    /**
     * The picture that stands for a video, by the same rules as the video itself.
     * @throws StreamNotFound, BadPlaybackToken
     */
    async function chosenCover(asked: Content, generation: number, mediaId: Id, by: Call) {
      let seen = await watched(asked, by);
      if (asked.scope === "video" && seen.coverMediaId !== mediaId) {
        // Chosen a moment ago perhaps: whoever chose it has this link before the news of it is here.
        videos.drop(asked.id);
        seen = await watched(asked, by);
      }
      if (seen.coverMediaId !== mediaId || seen.generation !== generation) throw StreamNotFound({});
      const found = await playableOf(mediaId, by);
      if (!found?.picture || found.userId !== seen.userId) throw StreamNotFound({});
      return { ...found.picture, isPublic: seen.isPublic };
    }

    /** Captions stored a moment ago are found by whoever has their address before the news of them is here. */
    async function captionsNamed(mediaId: Id, known: z.output<typeof Playable>, captionsId: Id, by: Call) {
      const named = ({ captions }: z.output<typeof Playable>) => captions.find(({ id }) => id === captionsId);
      const found = named(known);
      if (found) return found;
      objects.drop(mediaId);
      const now = await playableOf(mediaId, by);
      return now && named(now);
    }

    /** Why there is no address: a player whose unlock is over is told what it lacks. */
    async function missing(scope: Scope, id: Id, { traceId, signal }: Call): Promise<KinoraError> {
      if (scope === "media") return StreamNotFound({});
      const stranger = call({ traceId, signal });
      const error = await client(video)
        .playable({ id }, stranger)
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      return error instanceof KinoraError && error.code === PasswordNeeded.code ? error : StreamNotFound({});
    }

    async function addressOf(scope: Scope, id: Id, asked: Call) {
      const seen = await seenBy(scope, id, asked, asked);
      if (!seen) throw await missing(scope, id, asked);
      const place = placeOf({ scope, id }, seen, asked);
      const expiresAtMs = place.token === undefined ? null : tokenEndMs(now());
      return { hlsUrl: masterPath(place), dashUrl: manifestPath(place), expiresAtMs };
    }

    return {
      handlers: {
        address: ({ id }, asked) => addressOf("video", id, asked),
        mediaAddress: ({ id }, asked) => addressOf("media", id, asked),

        async links({ items }, asked) {
          return {
            items: items.map(
              ({
                scope,
                id,
                generation,
                isPublic,
                isPlayable,
                allowDownload,
                isGranted,
                profiles,
                extras,
                ...item
              }) => {
                const place = placeOf({ scope, id }, { generation, isPublic, isGranted }, asked);
                const publicPath = (file: string) => (isPublic && cdnOrigin ? cdnOrigin : "") + bytesPath(place, file);
                const hlsUrl = isPlayable ? masterPath(place) : "";
                const chosen = item.coverMediaId === undefined ? undefined : coverFile(item.coverMediaId);
                const cover = chosen ?? (item.hasCover ? "cover.jpg" : undefined);
                const hasSource = scope === "media" || isPlayable;
                return {
                  id,
                  hlsUrl,
                  dashUrl: isPlayable ? manifestPath(place) : "",
                  videoUrl: hlsUrl,
                  coverUrl: cover === undefined ? "" : publicPath(cover),
                  downloadUrl: hasSource && allowDownload ? bytesPath(place, "source") : null,
                  renditions: profiles.map((profile) => ({ profile, url: publicPath(`${profile}.mp4`) })),
                  extras: extras.map((name) => ({ name, url: publicPath(name) })),
                };
              },
            ),
          };
        },

        async playlist({ profile, ...asked }, by) {
          const found = await content(asked, by);
          const text = await (profile === undefined ? masterOf(indexes, found) : playlistOf(indexes, found, profile));
          if (text === undefined) throw StreamNotFound({});
          return { text, isPublic: found.isPublic };
        },

        async storyboard(asked, by) {
          const { playable, generation, token, isPublic } = await content(asked, by);
          const { storyboard } = playable.extras;
          if (!storyboard) throw StreamNotFound({});
          const uri = (sheet: number) => extraUri(generation, `storyboard-${sheet}.jpg`, token);
          return { text: storyboardVtt(storyboard, playable.durationMs, uri), isPublic };
        },

        async chapters(asked, by) {
          const { playable, chapters, isPublic } = await content(asked, by);
          if (chapters.length === 0) throw StreamNotFound({});
          return { text: chaptersVtt(chapters, playable.durationMs), isPublic };
        },

        async manifest(asked, by) {
          const found = await content(asked, by);
          const text = await manifestOf(indexes, found);
          if (text === undefined) throw StreamNotFound({});
          return { text, isPublic: found.isPublic };
        },

        async locate({ generation, file, ...asked }, by) {
          const wanted = fileOf(file);
          if (wanted?.kind === "chosen_cover") return chosenCover(asked, generation, wanted.mediaId, by);
          const { playable, isPublic, isOwner, ...found } = await content(asked, by);
          if (!wanted || generation !== found.generation) throw StreamNotFound({});
          if (wanted.kind === "source") {
            if (!found.allowDownload && !isOwner) throw StreamNotFound({});
            const { key: object, sizeBytes, mime } = playable.source;
            // Whether it may be downloaded can change without a new generation, so nobody keeps it.
            return { key: object, sizeBytes, mime, isPublic: false, attachment: downloadName(found.title, mime) };
          }
          if (wanted.kind === "captions") {
            const object = await captionsNamed(found.mediaId, playable, wanted.captionsId, by);
            if (!object) throw StreamNotFound({});
            return { key: object.key, sizeBytes: object.sizeBytes, mime: "text/vtt; charset=utf-8", isPublic };
          }
          if (wanted.kind === "cover") {
            if (!playable.cover) throw StreamNotFound({});
            return { ...playable.cover, mime: "image/jpeg", isPublic };
          }
          if (wanted.kind === "extra") {
            const extra = playable.extras.files.find(({ name }) => name === wanted.name);
            if (!extra) throw StreamNotFound({});
            return { key: extra.key, sizeBytes: extra.sizeBytes, mime: extra.mime, isPublic };
          }
          const track =
            soundsOf(playable).find(({ profile }) => profile === wanted.profile)?.sound ??
            playable.renditions.find(({ profile }) => profile === wanted.profile)?.video;
          if (!track) throw StreamNotFound({});
          return { key: track.key, sizeBytes: track.sizeBytes, mime: `${track.kind}/mp4`, isPublic };
        },
      },

      subscriptions: [
        on(videoUpdated, async (tx, { videoId, changed, visibility, generation, mediaId, coverMediaId }) => {
          videos.drop(videoId);
          if (["visibility", "media", "status"].some((name) => changed.includes(name)))
            await purges.ended(tx, { videoId, generation: generation - 1, mediaId, coverMediaId });
          else if (changed.includes("coverUrl") && coverMediaId && visibility === "public")
            await purges.gone(tx, { videoId, generation, file: coverFile(coverMediaId) });
        }),
        on(captionsRemoved, (tx, captions) => purges.captionsGone(tx, captions)),
        on(videoDeleted, async (tx, { videoId, mediaId, generation, coverMediaId }) => {
          videos.drop(videoId);
          objects.drop(mediaId);
          if (generation !== undefined) await purges.ended(tx, { videoId, generation, mediaId, coverMediaId });
        }),
      ],

      jobs: purges.jobs,
    };
  },
});

/** What may not be seen is as what is not there. */
function nothing(error: unknown): undefined {
  if (error instanceof KinoraError && (error.kind === "not_found" || error.code === PasswordNeeded.code)) return;
  throw error;
}
