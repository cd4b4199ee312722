import { userDeleted, userErased, userRegistered } from "#events/auth";
import { entriesChanged, type EntryState } from "#events/drive";
import { hashtagCreated } from "#events/hashtag";
import { videoViewed } from "#events/interaction";
import { captionsAdded, captionsRemoved } from "#events/media";
import { liveDeleted, liveEnded, liveStarted } from "#events/live";
import { userFollowed } from "#events/relation";
import { userUpdated } from "#events/user";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { searchPerformed } from "#events/search";
import { audited, type Client, type Plugin, contract, type EventType, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { drive } from "#services/drive/contract";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { live } from "#services/live/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import type { TestElasticsearch } from "#test/elasticsearch/server";
import type { TestEmbeddings } from "#test/embeddings/server";
import { until } from "#test/until";
import { sql } from "kysely";
import type { z } from "zod";
import { type Period, search } from "./contract.ts";
import { searchPlugin } from "./plugin.ts";

export const service = callOf(undefined, { caller: "test" });

export interface Film {
  readonly videoId: number;
  readonly userId: number;
  readonly title: string;
  readonly description: string;
  readonly tags: string[];
  readonly hashtags: string[];
  readonly visibility: "public" | "unlisted" | "private" | "followers" | "password";
  readonly publishedAtMs: number | null;
  readonly version: number;
  readonly durationMs?: number;
  readonly width?: number;
  readonly height?: number;
  readonly shownMediaId?: number;
}
/** A film as events have it, by user 1. */
export const filmOf = (videoId: number) => ({
  videoId,
  userId: 1,
  title: `film ${videoId}`,
  description: "",
  tags: [],
  hashtags: [],
  visibility: "public" as const,
  publishedAtMs: 1_000 + videoId,
  version: 1,
});
/** A live room as its events have it. */
export interface Room {
  readonly liveId: number;
  readonly ownerId: number;
  readonly title: string;
  readonly description: string;
  readonly categoryId: number | null;
  readonly status: "live" | "paused" | "ended";
  readonly visibility: Film["visibility"];
  readonly version: number;
}
const roomOf = (liveId: number): Room => ({
  liveId,
  ownerId: 1,
  title: "",
  description: "",
  categoryId: null,
  status: "live",
  visibility: "public",
  version: 2,
});

/** Captions of a media object in one language, each one two seconds after the one before. */
export interface Track {
  readonly mediaId: number;
  readonly language: string;
  readonly texts: readonly string[];
}
/** An entry of a user's drive. */
export type OwnedEntry = EntryState & { readonly userId: number };
interface Person {
  readonly userId: number;
  readonly username: string;
  readonly nickname: string;
  readonly version: number;
}

interface StandParts {
  readonly elasticsearch?: TestElasticsearch;
  readonly embeddings?: TestEmbeddings;
}

/** The service on a real host, with fakes of its neighbours, which publish their own events. */
export class Stand {
  clockMs = 0;
  readonly films = new Map<number, Film>();
  readonly people = new Map<number, Person>();
  readonly hashtags = new Map<number, string>();
  readonly plays = new Map<number, number>();
  readonly followers = new Map<number, number>();
  /** By the number of the captions. */
  readonly captions = new Map<number, Track>();
  /** Live rooms, those that have ended included. */
  readonly rooms = new Map<number, Room>();
  /** Files and folders of drives, those in the trash included. */
  readonly entries = new Map<number, OwnedEntry>();
  /** The blocks between users, as `blocker:blocked`. */
  readonly blocks = new Set<string>();
  readonly performed: string[] = [];
  readonly erased: string[] = [];
  readonly audited: string[] = [];
  readonly host: TestHost;
  readonly client: Client<typeof search>;
  readonly #elasticsearch: TestElasticsearch | undefined;
  readonly #embeddings: TestEmbeddings | undefined;
  #cases = 0;
  #publisher: Host | undefined;

  /** Searches the index in the memory of the process, or in Elasticsearch. */
  constructor({ elasticsearch, embeddings }: StandParts = {}) {
    this.#elasticsearch = elasticsearch;
    this.#embeddings = embeddings;
    const settings = {
      get search() {
        return {
          ...(elasticsearch && { elasticsearch: { url: elasticsearch.url, prefix: "test" } }),
          ...(embeddings && {
            embeddings: { url: embeddings.url, model: "small", queryPrefix: "", documentPrefix: "" },
          }),
        };
      },
    };
    this.host = new TestHost({ environment: { now: () => this.clockMs }, settings });
    this.client = this.host.client(search);
  }

  async start(): Promise<void> {
    await this.#elasticsearch?.start();
    await this.#embeddings?.start();
    for (const one of this.#neighbours()) await this.host.add(one as unknown as Plugin); // Each is added as it is.
    await this.host.add(searchPlugin);
  }

  async clear(): Promise<void> {
    await this.client.hot({}, callOf());
    await this.host.clear();
    for (const collection of [
      this.films,
      this.people,
      this.hashtags,
      this.plays,
      this.followers,
      this.captions,
      this.rooms,
      this.entries,
      this.blocks,
    ])
      collection.clear();
    this.performed.length = 0;
    this.erased.length = 0;
    this.audited.length = 0;
    // No case begins at the time of another: what is in memory would be taken for fresh.
    this.clockMs = Date.UTC(2026, 10, 20) + this.#cases++ * (86_400_000 + 1_777);
  }

  async publishEvent<P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>): Promise<void> {
    const { db, emit } = this.#publisher ?? {};
    await db?.tx(async (tx) => emit?.(tx, type, key, payload));
  }

  /** Publishes many videos, and waits for their consumers once. */
  async filmsOf(count: number, fieldsOf: (n: number) => { videoId: number; title: string }): Promise<void> {
    for (let n = 0; n < count; n++) {
      const film = { ...filmOf(n), ...fieldsOf(n) };
      this.films.set(film.videoId, film);
      await this.publishEvent(videoPublished, film.videoId, film);
    }
    await this.host.drain();
  }

  /** Publishes a video and waits for its consumers. */
  async film(videoId: number, fields: Partial<Film> & { readonly title: string }): Promise<Film> {
    const film: Film = {
      videoId,
      userId: 1,
      description: "",
      tags: [],
      hashtags: [],
      visibility: "public",
      publishedAtMs: this.clockMs + videoId,
      version: 1,
      ...fields,
    };
    this.films.set(videoId, film);
    const { publishedAtMs } = film;
    if (publishedAtMs !== null) await this.publishEvent(videoPublished, videoId, { ...film, publishedAtMs });
    await this.host.drain();
    return film;
  }
  async change(videoId: number, changes: Partial<Film>): Promise<void> {
    const before = this.films.get(videoId);
    if (!before) return;
    const film = { ...before, version: before.version + 1, ...changes };
    this.films.set(videoId, film);
    await this.publishChange(film);
    await this.host.drain();
  }
  publishChange = (film: Film) =>
    this.publishEvent(videoUpdated, film.videoId, { ...film, changed: [], generation: 1 });
  async drop(videoId: number): Promise<void> {
    this.films.delete(videoId);
    await this.publishEvent(videoDeleted, videoId, { videoId, userId: 1, mediaId: 1, isLastOfMedia: true });
    await this.host.drain();
  }
  async watch(videoId: number, times = 1): Promise<void> {
    this.plays.set(videoId, (this.plays.get(videoId) ?? 0) + times);
    for (let n = 0; n < times; n++)
      await this.publishEvent(videoViewed, videoId, { videoId, positionMs: 1, durationMs: 1, finished: true });
    await this.host.drain();
  }
  async join(userId: number, username: string, nickname = username): Promise<void> {
    this.people.set(userId, { userId, username, nickname, version: 1 });
    await this.publishEvent(userRegistered, userId, { userId, username, nickname });
    await this.host.drain();
  }
  async rename(userId: number, nickname: string, version: number): Promise<void> {
    const username = this.people.get(userId)?.username ?? "";
    this.people.set(userId, { userId, username, nickname, version });
    await this.publishEvent(userUpdated, userId, { userId, username, nickname, version, avatar: "" });
    await this.host.drain();
  }
  async leave(userId: number): Promise<void> {
    this.people.delete(userId);
    await this.publishEvent(userDeleted, userId, { userId });
    await this.host.drain();
  }
  async follow(userId: number, targetId: number): Promise<void> {
    this.followers.set(targetId, (this.followers.get(targetId) ?? 0) + 1);
    await this.publishEvent(userFollowed, userId, { userId, targetId, atMs: this.clockMs });
    await this.host.drain();
  }
  async tag(hashtagId: number, name: string): Promise<void> {
    this.hashtags.set(hashtagId, name);
    await this.publishEvent(hashtagCreated, hashtagId, { hashtagId, name });
    await this.host.drain();
  }

  async caption(captionsId: number, track: Track): Promise<void> {
    this.captions.set(captionsId, track);
    const { mediaId, language } = track;
    await this.publishEvent(captionsAdded, mediaId, { mediaId, captionsId, userId: 1, language });
    await this.host.drain();
  }
  async removeCaptions(captionsId: number): Promise<void> {
    const { mediaId = 0 } = this.captions.get(captionsId) ?? {};
    this.captions.delete(captionsId);
    await this.publishEvent(captionsRemoved, mediaId, { mediaId, captionsId });
    await this.host.drain();
  }

  /** Starts a live room of user 1, and waits for its consumers. */
  async startRoom(liveId: number, fields: Partial<Room> & { readonly title: string }): Promise<void> {
    const room: Room = { ...roomOf(liveId), ...fields };
    this.rooms.set(liveId, room);
    await this.publishEvent(liveStarted, liveId, { ...room, startedAtMs: 1, notifiesFollowers: true });
    await this.host.drain();
  }
  async endRoom(liveId: number): Promise<void> {
    const { version, ...room } = this.rooms.get(liveId) ?? roomOf(liveId);
    const ended: Room = { ...room, status: "ended", version: version + 1 };
    this.rooms.set(liveId, ended);
    await this.publishEvent(liveEnded, liveId, { ...ended, endedAtMs: 2, durationMs: 1 });
    await this.host.drain();
  }
  async deleteRoom(liveId: number): Promise<void> {
    this.rooms.delete(liveId);
    await this.publishEvent(liveDeleted, liveId, { liveId, ownerId: 1, version: 9 });
    await this.host.drain();
  }

  async stop(): Promise<void> {
    await this.host[Symbol.asyncDispose]();
    await this.#elasticsearch?.stop();
    await this.#embeddings?.stop();
  }

  /** Uploads a file, or changes it; the drive publishes it as it is then. */
  async file(id: number, changes: Partial<OwnedEntry>): Promise<void> {
    const before = this.entries.get(id) ?? { id, userId: 1, version: 0, state: "live", kind: "other", name: "" };
    await this.publishEntries({ ...before, version: before.version + 1, ...changes });
    await this.host.drain();
  }
  /** Publishes entries of one user. Entries that are not live have no name, as the drive publishes them. */
  async publishEntries(...entries: readonly OwnedEntry[]): Promise<void> {
    const userId = entries[0]?.userId ?? 0;
    const published = entries.map((one) => ({ ...one, name: one.state === "live" ? one.name : "" }));
    for (const one of entries)
      if (one.state === "deleted") this.entries.delete(one.id);
      else this.entries.set(one.id, one);
    await this.publishEvent(entriesChanged, userId, { userId, entries: published, atMs: this.clockMs });
  }

  /** Waits until all transactions that changed documents are seen to have ended: other tests run on the same server. */
  async settled(): Promise<void> {
    const database = this.host.database("search");
    await until(async () => {
      const { rows } = await sql<{ isSettled: boolean }>`
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > coalesce(max(changed_tx), 0) AS "isSettled"
        FROM search.documents`.execute(database);
      return rows[0]?.isSettled === true;
    });
  }

  /** Jobs that were put off run with the next drain: what they wait for is back. */
  async jobsDue(): Promise<void> {
    await sql`UPDATE jobs SET due_ms = 0 WHERE state = 'queued'`.execute(this.host.database("search"));
  }

  /** The next search finds what was published until now. */
  async followed(): Promise<void> {
    await this.settled();
    if (this.#elasticsearch) {
      await this.host.tick("search.feed");
      await this.host.drain();
      this.#elasticsearch.refresh();
    }
    if (this.#embeddings) {
      await this.host.tick("search.embeddings");
      await this.host.drain();
    }
    this.clockMs += 1_000;
  }

  /** Ids, or names, of what is found. */
  async videos(
    q: string,
    by?: number,
    sort: "relevance" | "new" | "hot" = "relevance",
    period?: Period,
  ): Promise<number[]> {
    await this.followed();
    return (await this.client.videos({ q, sort, ...(period && { period }) }, callOf(by))).items.map(
      ({ videoId }) => videoId,
    );
  }
  async users(q: string, by?: number): Promise<number[]> {
    await this.followed();
    return (await this.client.users({ q }, callOf(by))).items.map(({ userId }) => userId);
  }
  async tags(q: string): Promise<number[]> {
    await this.followed();
    return (await this.client.hashtags({ q }, callOf())).items.map(({ hashtagId }) => hashtagId);
  }

  async lives(q: string, by?: number): Promise<number[]> {
    await this.followed();
    return (await this.client.lives({ q }, callOf(by))).items.map(({ liveId }) => liveId);
  }
  async files(q: string, by: number, kind?: EntryState["kind"]): Promise<number[]> {
    await this.followed();
    return (await this.client.files({ q, ...(kind && { kind }) }, callOf(by))).items.map(({ entryId }) => entryId);
  }

  async suggestions(q: string, by?: number, limit?: number): Promise<string[]> {
    await this.followed();
    return (await this.client.suggestions({ q, ...(limit !== undefined && { limit }) }, callOf(by))).items;
  }

  #neighbours() {
    return [
      this.#video(),
      this.#user(),
      this.#hashtag(),
      this.#interaction(),
      this.#relation(),
      this.#media(),
      this.#drive(),
      this.#live(),
    ];
  }

  #live() {
    return plugin({
      contract: contract("live", 1, { batch: live.methods.batch }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          batch: async (input: BatchInput) => ({
            items: batchOf(this.rooms, input).map(([, room]) => ({ ...room, startedAtMs: 1 })),
          }),
        },
      }),
    });
  }

  #video() {
    return plugin({
      contract: contract("video", 1, { batch: video.methods.batch }),
      needs: [],
      migrations: [],
      start: (host: Host) => {
        this.#publisher = host;
        return {
          handlers: {
            batch: async (input: BatchInput) => ({ items: batchOf(this.films, input).map(([, film]) => film) }),
          },
          subscriptions: [
            on(audited, async (_: unknown, { act, actorId }) => {
              this.audited.push(`${act} ${actorId}`);
            }),
            on(searchPerformed, async (_: unknown, { userId, keyword, results }) => {
              this.performed.push(`${userId ?? "-"}:${keyword}:${results}`);
            }),
            on(userErased, async (_: unknown, { userId, service: name }) => {
              this.erased.push(`${name} ${userId}`);
            }),
          ],
        };
      },
    });
  }

  #user() {
    return plugin({
      contract: contract("user", 1, { batch: user.methods.batch }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          batch: async (input: BatchInput) => ({ items: batchOf(this.people, input).map(([, person]) => person) }),
        },
      }),
    });
  }

  #hashtag() {
    return plugin({
      contract: contract("hashtag", 1, { batch: hashtag.methods.batch }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          batch: async (input: BatchInput) => ({
            items: batchOf(this.hashtags, input).map(([id, name]) => ({ id, name })),
          }),
        },
      }),
    });
  }

  #media() {
    const { captionCues, captionBatch } = media.methods;
    return plugin({
      contract: contract("media", 1, { captionCues, captionBatch }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          captionCues: async ({ captionsId }: { captionsId: number }) => ({
            items: (this.captions.get(captionsId)?.texts ?? []).map((text, n) => ({ startMs: 2_000 * n, text })),
          }),
          captionBatch: async (input: BatchInput) => {
            const byMedia = Map.groupBy([...this.captions], ([, { mediaId }]) => mediaId);
            return {
              items: batchOf(byMedia, input).map(([mediaId, tracks]) => ({
                mediaId,
                userId: 1,
                captions: tracks.map(([captionsId, { language }]) => ({ captionsId, language })),
              })),
            };
          },
        },
      }),
    });
  }

  #drive() {
    return plugin({
      contract: contract("drive", 1, { batch: drive.methods.batch }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          batch: async (input: BatchInput) => ({
            items: batchOf(this.entries, input).map(([, one]) => ({
              ...one,
              name: one.state === "live" ? one.name : "",
            })),
          }),
        },
      }),
    });
  }

  #interaction() {
    return plugin({
      contract: contract("interaction", 1, { states: interaction.methods.states }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          states: async ({ videoIds }: { videoIds: number[] }) => ({
            items: videoIds.map((videoId) => ({
              videoId,
              playCount: this.plays.get(videoId) ?? 0,
              likeCount: 0,
              commentCount: 0,
              shareCount: 0,
              favoriteCount: 0,
              isLiked: false,
              isFavorited: false,
              positionMs: 0,
            })),
          }),
        },
      }),
    });
  }

  #relation() {
    return plugin({
      contract: contract("relation", 1, { counts: relation.methods.counts, hiddenFrom: relation.methods.hiddenFrom }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          counts: async ({ userIds }: { userIds: number[] }) => ({
            items: userIds.map((userId) => ({
              userId,
              followCount: 0,
              friendCount: 0,
              followerCount: this.followers.get(userId) ?? 0,
            })),
          }),
          hiddenFrom: async ({ userId }: { userId: number }) => ({
            userIds: [...this.blocks]
              .map((pair) => pair.split(":").map(Number))
              .flatMap(([blocker = 0, blocked = 0]) =>
                blocker === userId ? [blocked] : blocked === userId ? [blocker] : [],
              ),
            isWhole: true,
          }),
        },
      }),
    });
  }
}

interface BatchInput {
  readonly after: number;
  readonly limit: number;
}
const batchOf = <T>(rows: ReadonlyMap<number, T>, { after, limit }: BatchInput) =>
  [...rows]
    .filter(([id]) => id > after)
    .toSorted(([a], [b]) => a - b)
    .slice(0, limit);
