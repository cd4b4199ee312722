import { historyCleared, videoLiked, videoShared, videoUnliked, videoViewed, videoWatched } from "#events/interaction";
import { userDeleted } from "#events/auth";
import { videoDeleted, videoPublished, videoUpdated } from "#events/video";
import { type Call, type Client, contract, type EventType, type Host, plugin } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { callOf, TestHost } from "#kernel/host/testing";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { valueOf } from "#policy/hot-score";
import { video, VideoNotFound } from "#services/video/contract";
import type { z } from "zod";
import { recommend } from "./contract.ts";
import { recommendPlugin } from "./plugin.ts";
import type { Settings } from "./settings.ts";
import type { Tables } from "./store.ts";

type Published = z.input<typeof videoPublished.payload>;

export const stranger: Call = callOf();

/** The service on a real host, with fakes of the services that it asks. A video is published a minute after the one before. */
export class FeedFixture {
  clockMs = 0;
  /** Relation is unavailable. */
  isRelationDown = false;
  /** Hidden users, by who does not see them. */
  readonly hidden = new Map<number, number[]>();
  /** Followed authors, by who follows them. */
  readonly follows = new Map<number, number[]>();
  /** Users who hide their likes. */
  readonly hidingLikes = new Set<number>();
  isUserDown = false;
  readonly metrics = createPrometheusMetrics();
  readonly host: TestHost;
  readonly client: Client<typeof recommend>;
  readonly #videos = new Map<number, Published>();
  #lastId = 0;
  #neighbour: Host | undefined;

  // A test is not about the pace of its machine.
  constructor({ personalMsMax = 60_000, utility = {} }: Partial<Pick<Settings, "personalMsMax" | "utility">> = {}) {
    this.host = new TestHost({
      environment: { now: () => this.clockMs },
      settings: { recommend: { personalMsMax, pageLogMs: 0, utility } },
      parts: { metrics: this.metrics },
    });
    this.client = this.host.client(recommend);
  }

  async start(): Promise<void> {
    this.#neighbour = await this.host.addNeighbour();
    await this.host.add(this.#user());
    await this.host.add(this.#relation());
    await this.host.add(this.#video());
    await this.host.add(this.#interaction());
    await this.host.add(recommendPlugin);
  }

  async clear(): Promise<void> {
    await this.host.clear();
    this.clockMs = Date.UTC(2026, 10, 20);
    this.isRelationDown = false;
    this.hidden.clear();
    this.follows.clear();
    this.hidingLikes.clear();
    this.isUserDown = false;
    this.#videos.clear();
    this.#lastId = 0;
  }

  /** Publishes a video of user 100 in the copy; yields its id. */
  async publish(fields: Partial<Published> = {}): Promise<number> {
    const videoId = ++this.#lastId;
    this.clockMs += 60_000;
    const payload = {
      videoId,
      userId: 100,
      title: "Sea",
      tags: [],
      hashtags: [],
      visibility: "public" as const,
      publishedAtMs: this.clockMs,
      version: 1,
      categoryId: null,
      durationMs: 60_000,
      width: 640,
      height: 360,
      ...fields,
    };
    this.#videos.set(videoId, payload);
    await this.#emit(videoPublished, videoId, payload);
    await this.host.drain();
    return videoId;
  }

  /** Changes a video; `publishedAtMs` null takes it down. */
  async change(
    videoId: number,
    fields: Partial<Omit<Published, "publishedAtMs">> & { publishedAtMs?: number | null },
  ): Promise<void> {
    const before = this.#videos.get(videoId);
    if (!before) throw new Error(`there is no video ${videoId}`);
    const after = { ...before, version: before.version + 1, ...fields };
    this.#videos.set(videoId, { ...after, publishedAtMs: before.publishedAtMs });
    await this.#emit(videoUpdated, videoId, { ...after, changed: Object.keys(fields), generation: 1 });
    await this.host.drain();
  }

  async remove(videoId: number): Promise<void> {
    this.clockMs += 1_000;
    this.#videos.delete(videoId);
    await this.#emit(videoDeleted, videoId, { videoId, userId: 100, mediaId: 1, isLastOfMedia: true });
    await this.host.drain();
  }

  async deleteUser(userId: number): Promise<void> {
    await this.#emit(userDeleted, userId, { userId });
    await this.host.drain();
  }

  /** Views of a video by as many others. */
  async view(videoId: number, times = 1, userId?: number): Promise<void> {
    const view = { videoId, positionMs: 0, durationMs: 0, finished: true, ...(userId !== undefined && { userId }) };
    for (let n = 0; n < times; n++) await this.#emit(videoViewed, videoId, view);
    await this.host.drain();
  }

  /** Users watched these shares of videos of a minute, each by one report. */
  async watch(...watches: readonly (readonly [videoId: number, userId: number, share: number])[]): Promise<void> {
    const lengthMs = 60_000;
    const neighbour = this.#started;
    await neighbour.db.tx((tx) =>
      neighbour.emitAll(
        tx,
        videoWatched,
        watches.map(([videoId, userId, share]) => {
          const watchedMs = Math.round(lengthMs * share);
          const finished = share >= 1;
          const report = { watchedMs, positionMs: watchedMs, lengthMs, finished, source: "feed" as const };
          return { key: videoId, payload: { videoId, userId, ...report, atMs: this.clockMs } };
        }),
      ),
    );
  }

  /** Has all events consumed, and goes on to when everything in memory is old and every signal is settled. */
  async settle(): Promise<void> {
    await this.host.drain();
    this.clockMs += 120_000;
  }

  /** Forgets a history, as its user asked. */
  async clearHistory(userId: number, videoId: number | null = null): Promise<void> {
    await this.#emit(historyCleared, userId, { userId, videoId });
    await this.settle();
  }

  /** The host of another process of the service. */
  get parts(): Pick<Host<Tables>, "db" | "blob" | "log"> {
    const { blob, log } = this.#started;
    return { db: this.host.database<Tables>("recommend"), blob, log };
  }

  /** The trending score of a video by now. */
  async hotValue(videoId: number): Promise<number> {
    const { score } = await this.host
      .database<Tables>("recommend")
      .selectFrom("recommend.candidates")
      .select("hot_score as score")
      .where("video_id", "=", videoId)
      .executeTakeFirstOrThrow();
    return valueOf(score, this.clockMs);
  }

  async turnPersonalOff(userId: number): Promise<void> {
    await this.client.setFeedSettings({ isPersonal: false }, callOf(userId));
  }

  async share(videoId: number): Promise<void> {
    await this.#emit(videoShared, videoId, { videoId, atMs: this.clockMs });
    await this.host.drain();
  }

  async like(videoId: number, userId: number): Promise<void> {
    await this.#emit(videoLiked, videoId, { videoId, userId, atMs: this.clockMs });
    await this.host.drain();
  }

  async unlike(videoId: number, userId: number): Promise<void> {
    await this.#emit(videoUnliked, videoId, { videoId, userId, atMs: this.clockMs });
    await this.host.drain();
  }

  async #emit<P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>): Promise<void> {
    const neighbour = this.#started;
    await neighbour.db.tx((tx) => neighbour.emit(tx, type, key, payload));
  }

  get #started(): Host {
    if (!this.#neighbour) throw new Error("the fixture is not started");
    return this.#neighbour;
  }

  #user() {
    return plugin({
      contract: contract("user", 1, { privacy: user.methods.privacy }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          privacy: async ({ ids }) => {
            if (this.isUserDown) throw ServiceUnavailable({ service: "user" });
            const shown = { showFavorites: true, showFollowing: true, showFollowers: true, approvesFollowers: false };
            return { items: ids.map((id) => ({ id, ...shown, showLikes: !this.hidingLikes.has(id) })) };
          },
        },
      }),
    });
  }

  #relation() {
    const { hiddenFrom, followed, followingOf } = relation.methods;
    return plugin({
      contract: contract("relation", 1, { hiddenFrom, followed, followingOf }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          hiddenFrom: async ({ userId }) => {
            if (this.isRelationDown) throw ServiceUnavailable({ service: "relation" });
            return { userIds: this.hidden.get(userId) ?? [], isWhole: true };
          },
          followed: async ({ userIds }, { userId = 0 }) => {
            if (this.isRelationDown) throw ServiceUnavailable({ service: "relation" });
            return { userIds: userIds.filter((id) => this.follows.get(userId)?.includes(id)) };
          },
          followingOf: async ({ userId, after: from, limit }) => {
            if (this.isRelationDown) throw ServiceUnavailable({ service: "relation" });
            const all = this.follows.get(userId) ?? [];
            const userIds = all.slice(from, from + limit);
            const mutualIds = userIds.filter((id) => this.follows.get(id)?.includes(userId));
            return { userIds, mutualIds, next: all.length > from + limit ? from + limit : null };
          },
        },
      }),
    });
  }

  /** Its events are published by a neighbour; counts are asked of it by repairs alone. */
  #interaction() {
    return plugin({
      contract: contract("interaction", 1, {}),
      needs: [],
      migrations: [],
      start: () => ({ handlers: {} }),
    });
  }

  /** Private videos are their owners' alone, and others are everybody's. */
  #video() {
    return plugin({
      contract: contract("video", 1, { get: video.methods.get }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          get: async ({ id }, { userId }) => {
            const found = this.#videos.get(id);
            if (!found || (found.visibility === "private" && found.userId !== userId)) throw VideoNotFound({});
            return videoOf(found);
          },
        },
      }),
    });
  }
}

const videoOf = ({ videoId, userId, title, tags = [], hashtags, visibility, publishedAtMs }: Published) => ({
  id: videoId,
  userId,
  mediaId: 1,
  title,
  description: "",
  durationMs: 60_000,
  width: 640,
  height: 360,
  sizeBytes: 1_000,
  categoryId: null,
  tags,
  hashtags,
  status: 1,
  statusReason: null,
  visibility,
  isPublic: visibility === "public",
  generation: 1,
  hasCover: false,
  coverUrl: "",
  coverMediaId: null,
  allowComment: true,
  allowDownload: true,
  isMine: false,
  replacement: null,
  chapters: [],
  isDraft: false,
  publishAtMs: null,
  createdAtMs: publishedAtMs,
  publishedAtMs,
});
