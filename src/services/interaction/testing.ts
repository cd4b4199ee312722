import { userDeleted } from "#events/auth";
import { contentFlagged, contentRemoved, contentRestored } from "#events/moderation";
import { liveRecorded } from "#events/live";
import { videoDeleted, videoUpdated } from "#events/video";
import {
  commentCreated,
  commentDeleted,
  commentLiked,
  videoFavorited,
  videoLiked,
  videoUnfavorited,
  videoUnliked,
  videoViewed,
} from "#events/interaction";
import { type Call, type Client, contract, type EventType, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { live } from "#services/live/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import type { z } from "zod";
import { VideoNotFound, video } from "#services/video/contract";
import { interaction } from "./contract.ts";
import { interactionPlugin } from "./plugin.ts";

export const service = callOf(undefined, { caller: "test" });
/** The author of all videos of the stand. */
export const owner = 1_000;

interface RecordedMessage {
  readonly seq: number;
  readonly userId: number;
  readonly positionMs: number;
  readonly content: string;
  readonly createdAtMs: number;
}

/**
 * The service on a real host, with stands where others are. Every video is a public minute of {@link owner}; 404 is not
 * there, 55 has its comments switched off, 77 is private. User 9 shows no lists; users are called `user<id>`.
 */
export class Stand {
  clockMs = 0;
  /** The blocks between users, as `blocker:blocked`. */
  readonly blocks = new Set<string>();
  /** The chat of a video's live room, as its service has it. */
  readonly chat: RecordedMessage[] = [];
  /** The published events, in order. */
  readonly publishedEvents: string[] = [];
  /** This video is deleted, and its event consumed, before a look-up of it is answered. */
  vanishing = 0;
  readonly host = new TestHost({ environment: { now: () => this.clockMs } });
  readonly client: Client<typeof interaction> = this.host.client(interaction);
  #neighbour: Host | undefined;

  async start(): Promise<void> {
    await this.host.add(this.#video());
    await this.host.add(userStand);
    await this.host.add(this.#relation());
    await this.host.add(this.#live());
    await this.host.add(interactionPlugin);
    await this.host.add(this.#listener());
  }

  async clear(): Promise<void> {
    await this.host.clear();
    this.publishedEvents.length = 0;
    this.blocks.clear();
    this.chat.length = 0;
    this.clockMs = Date.UTC(2026, 10, 20);
  }

  deleteVideo(videoId: number): Promise<void> {
    return this.#publish((host) =>
      host.db.tx((tx) =>
        host.emit(tx, videoDeleted, videoId, { videoId, userId: owner, mediaId: 5, isLastOfMedia: true }),
      ),
    );
  }

  /** Publishes that a live room became a video. */
  async recorded(videoId: number): Promise<void> {
    await this.#publish((host) =>
      host.db.tx((tx) => host.emit(tx, liveRecorded, 70, { liveId: 70, ownerId: owner, videoId })),
    );
    await this.host.drain();
  }

  deleteUser(userId: number): Promise<void> {
    return this.#publish((host) => host.db.tx((tx) => host.emit(tx, userDeleted, userId, { userId })));
  }

  /** Publishes a changed visibility of a video. */
  async show(videoId: number, visibility: "public" | "unlisted" | "private", version: number): Promise<void> {
    await this.#publish((host) =>
      host.db.tx((tx) =>
        host.emit(tx, videoUpdated, videoId, {
          videoId,
          userId: owner,
          changed: ["visibility"],
          title: "t",
          hashtags: [],
          visibility,
          publishedAtMs: 1,
          generation: version,
          version,
        }),
      ),
    );
    await this.host.drain();
  }

  /** A moderator took something away, or gave it back. */
  async judge(what: "taken" | "given", of: { kind: "comment" | "danmaku"; id: number }): Promise<void> {
    const decision = { ...of, atMs: this.clockMs };
    if (what === "taken") await this.decide(contentRemoved, of.id, { ...decision, reason: "nasty" });
    else await this.decide(contentRestored, of.id, decision);
  }

  /** Publishes decisions of moderators and administrators. */
  async decide<P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>): Promise<void> {
    await this.#publish((host) => host.db.tx((tx) => host.emit(tx, type, key, payload)));
    await this.host.drain();
  }

  async #publish(say: (host: Host) => Promise<void>): Promise<void> {
    if (this.#neighbour) await say(this.#neighbour);
  }

  #video() {
    return plugin({
      contract: contract("video", 1, { playable: video.methods.playable }),
      needs: [],
      migrations: [],
      start: (host: Host) => {
        this.#neighbour = host;
        return {
          handlers: {
            playable: async ({ id }: { id: number }, { userId }: Call) => {
              if (id === 404 || (id === 77 && userId !== owner)) throw VideoNotFound({});
              if (id === this.vanishing) await this.deleteVideo(id).then(() => this.host.drain());
              return {
                id,
                userId: owner,
                mediaId: id,
                title: "t",
                visibility: id === 77 ? ("private" as const) : ("public" as const),
                status: 1,
                generation: 1,
                allowDownload: true,
                allowComment: id !== 55,
                isGranted: false,
                coverMediaId: null,
                durationMs: 60_000,
                chapters: [],
              };
            },
          },
        };
      },
    });
  }

  /** Gives two messages at a time. */
  #live() {
    return plugin({
      contract: contract("live", 1, { recordedChat: live.methods.recordedChat }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          recordedChat: async ({ after }: { after: number }) => {
            const items = this.chat.filter(({ seq }) => seq > after).slice(0, 2);
            return { items, next: items.at(-1)?.seq ?? null };
          },
        },
      }),
    });
  }

  #relation() {
    const { towards, hiddenFrom } = relation.methods;
    return plugin({
      contract: contract("relation", 1, { towards, hiddenFrom }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          towards: async ({ userId, otherIds }: { userId: number; otherIds: number[] }) => ({
            items: otherIds.map((id) => ({
              userId: id,
              isFollowed: false,
              isBlocked: this.blocks.has(`${userId}:${id}`),
              isBlocking: this.blocks.has(`${id}:${userId}`),
            })),
          }),
          hiddenFrom: async ({ userId }: { userId: number }) => ({
            userIds: [...this.blocks]
              .map((pair) => pair.split(":").map(Number))
              .flatMap(([by = 0, whom = 0]) => (by === userId ? [whom] : whom === userId ? [by] : [])),
            isWhole: true,
          }),
        },
      }),
    });
  }

  #listener() {
    const recordEvent =
      (what: string, id: (payload: never) => (number | string)[]) => async (_: unknown, payload: unknown) =>
        void this.publishedEvents.push([what, ...id(payload as never)].join(":")); // Each is given its own event's payload.
    const video = ({ videoId, userId }: { videoId: number; userId: number }) => [videoId, userId];
    const comment = ({ commentId, userId }: { commentId: number; userId: number }) => [commentId, userId];
    return plugin({
      contract: contract("listener", 1, {}),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {},
        subscriptions: [
          on(videoLiked, recordEvent("liked", video)),
          on(videoUnliked, recordEvent("unliked", video)),
          on(videoFavorited, recordEvent("kept", video)),
          on(videoUnfavorited, recordEvent("dropped", video)),
          on(
            videoViewed,
            recordEvent("viewed", ({ videoId }: { videoId: number }) => [videoId]),
          ),
          on(
            commentCreated,
            recordEvent("said", (c: { userId: number; replyToUserId: number | null; mentions: number[] }) => [
              c.userId,
              c.replyToUserId ?? 0,
              c.mentions.join("+"),
            ]),
          ),
          on(
            commentDeleted,
            recordEvent("unsaid", ({ removed }: { removed: number }) => [removed]),
          ),
          on(commentLiked, recordEvent("comment liked", comment)),
          on(
            contentFlagged,
            recordEvent("flagged", ({ kind, id, excerpt }: { kind: string; id: number; excerpt: string }) => [
              kind,
              id,
              excerpt,
            ]),
          ),
        ],
      }),
    });
  }
}

const userStand = plugin({
  contract: contract("user", 1, { privacy: user.methods.privacy, named: user.methods.named }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      privacy: async ({ ids }: { ids: number[] }) => ({
        items: ids
          .filter((id) => id !== 404)
          .map((id) => ({
            id,
            showFavorites: id !== 9,
            showLikes: id !== 9,
            showFollowing: true,
            showFollowers: true,
            approvesFollowers: false,
          })),
      }),
      named: async ({ names }: { names: string[] }) => ({
        items: names.flatMap((username) => {
          const id = /^user(\d+)$/i.exec(username)?.[1];
          return id === undefined ? [] : [{ userId: Number(id), username }];
        }),
      }),
    },
  }),
});
